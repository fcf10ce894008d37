import assert from "node:assert/strict";
import { after, suite, test } from "node:test";
import { departureOf, FirstParents, mergeBaseOf, tipOf } from "../../../src/hosts/github/ancestry.ts";
import { DeadEndError, GitHubReader } from "../../../src/hosts/github/reader.ts";
import { FakeGitHub } from "../../support/github/fake-github.ts";

const github = await FakeGitHub.start();
after(() => github.server.close());
const reader = new GitHubReader(github.server.url, github.rest.token);
const { commits } = github.rest;
const firstParents = (): FirstParents => new FirstParents(reader, "o/r");

async function ancestorsOf(sha: string): Promise<string[]> {
  const all: string[] = [];
  for await (const commit of firstParents().from(sha)) all.push(commit);
  return all;
}

suite("the commits before one", () => {
  test("the commits before one are its first parents, and not merged commits", async () => {
    github.rest.grow("main", "m2");
    commits.set("side", ["m1"]);
    commits.set("m3", ["m2", "side"]);
    commits.set("m4", ["m3"]);
    assert.deepEqual(await ancestorsOf("m4"), ["m4", "m3", "m2", "m1"]);
  });

  test("the commits before one are found on later pages too, even if a branch of hundreds was merged in between", async () => {
    const [from, ...rest] = Array.from({ length: 150 }, (_, index) => `s${index}`);
    commits.set(from ?? "", ["m1"]);
    for (const [index, sha] of rest.entries()) commits.set(sha, [`s${index}`]);
    commits.set("m5", ["m4", "s149"]);
    assert.deepEqual(await ancestorsOf("m5"), ["m5", "m4", "m3", "m2", "m1"]);
  });

  test("the commits before one are read up to a limit, which does not count as the root commit", async () => {
    commits.set("l0", []);
    for (let number = 1; number < 4200; number++) commits.set(`l${number}`, [`l${number - 1}`]);
    await assert.rejects(ancestorsOf("l4199"), DeadEndError);
  });
});

suite("a commit's history left a branch", () => {
  const from = async (sha: string): Promise<unknown> => {
    const { commit, aside, later } = await departureOf(firstParents(), "m5", sha);
    return [commit, aside, [...later]];
  };

  test("a commit's history left a branch at a commit of the branch", async () => {
    assert.deepEqual(await from("m5"), ["m5", [], []]);
    assert.deepEqual(await from("m3"), ["m3", [], ["m5", "m4"]]);
  });

  test("a commit's history left a branch before those that a merge brought in, however many they are", async () => {
    assert.deepEqual(await from("side"), ["m1", ["side"], ["m5", "m4", "m3", "m2"]]);
    assert.deepEqual(await from("s2"), ["m1", ["s2", "s1", "s0"], ["m5", "m4", "m3", "m2"]]);
  });

  test("a commit's history left a branch nowhere, when they have no commit in common", async () => {
    commits.set("root", []);
    assert.deepEqual(await from("root"), [undefined, ["root"], ["m5", "m4", "m3", "m2", "m1"]]);
  });
});

suite("a branch", () => {
  test("a branch is known by its last commit, whatever its name is, and whatever tag has the same", async () => {
    github.rest.branches.set("release/3.13 & more", "m4");
    github.rest.tags.set("release/3.13 & more", "side");
    assert.equal(await tipOf(reader, "o/r", "release/3.13 & more"), "m4");
  });

  test("a branch that does not exist is reported by name, even if a tag has that name", async () => {
    github.rest.tags.set("v1", "m1");
    for (const name of ["v1", "release", "m4", "tags/v1"]) {
      const refusal = await tipOf(reader, "o/r", name).then(String, (error: unknown) => error);
      assert.ok(refusal instanceof DeadEndError, `${refusal}`);
      assert.deepEqual(refusal.failure, { code: "no-branch", branch: name, repository: "o/r" });
    }
  });

  test("a branch meets a commit's history in the merge base", async () => {
    commits.set("patch", ["m3"]);
    assert.equal(await mergeBaseOf(reader, "o/r", "m4", "patch"), "m3");
  });

  test("a branch cannot be compared with a commit that was never pushed", async () => {
    await assert.rejects(mergeBaseOf(reader, "o/r", "m4", "local"), DeadEndError);
  });
});
