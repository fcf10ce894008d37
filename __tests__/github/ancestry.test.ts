import assert from "node:assert/strict";
import { after, suite, test } from "node:test";
import { firstParents, mergeBaseOf } from "../../src/github/ancestry.ts";
import { GitHubReader } from "../../src/github/reader.ts";
import { PlayedGitHub } from "../support/github/played-github.ts";

const github = await PlayedGitHub.start();
after(() => github.server.close());
const reader = new GitHubReader(github.server.url, github.rest.token);
const { commits } = github.rest;

async function ancestorsOf(sha: string): Promise<string[]> {
  const all: string[] = [];
  for await (const { sha: commit, distance } of firstParents(reader, "o/r", sha)) {
    assert.equal(distance, all.length);
    all.push(commit);
  }
  return all;
}

suite("the commits before one", () => {
  test("are its first parents, and not what was merged into them", async () => {
    github.rest.grow("main", "m2");
    commits.set("side", ["m1"]);
    commits.set("m3", ["m2", "side"]);
    commits.set("m4", ["m3"]);
    assert.deepEqual(await ancestorsOf("m4"), ["m4", "m3", "m2", "m1"]);
  });

  test("are found on later pages too, also where a branch of hundreds was merged in between", async () => {
    const [from, ...rest] = Array.from({ length: 150 }, (_, index) => `s${index}`);
    commits.set(from ?? "", ["m1"]);
    for (const [index, sha] of rest.entries()) commits.set(sha, [`s${index}`]);
    commits.set("m5", ["m4", "s149"]);
    assert.deepEqual(await ancestorsOf("m5"), ["m5", "m4", "m3", "m2", "m1"]);
  });

  test("end at a limit", async () => {
    commits.set("l0", []);
    for (let number = 1; number < 1200; number++) commits.set(`l${number}`, [`l${number - 1}`]);
    assert.equal((await ancestorsOf("l1199")).length, 1000);
  });
});

test("a merge base is where a branch and a commit's history meet; a branch may have any name", async () => {
  github.rest.branches.set("release/3.13 & more", "m4");
  commits.set("patch", ["m3"]);
  assert.equal(await mergeBaseOf(reader, "o/r", "release/3.13 & more", "patch"), "m3");
});
