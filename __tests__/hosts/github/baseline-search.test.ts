// A truncated listing, a missing object or an ambiguous name must never change the verdict.
import assert from "node:assert/strict";
import { after, suite, test } from "node:test";
import type { BaselineLookup } from "../../../src/findings/baseline-store.ts";
import { noBaselineMessage } from "../../../src/report/baseline-messages.ts";
import { ARTIFACT, FakeGitHub } from "../../support/github/fake-github.ts";
import { archived, of } from "../../support/github/poison.ts";
import { FORK_ID, WORKFLOW } from "../../support/github/rest.ts";
import { json } from "../../support/github/server.ts";

const opened: FakeGitHub[] = [];
after(() => Promise.all(opened.map(({ server }) => server.close())));

async function start(): Promise<FakeGitHub> {
  const github = await FakeGitHub.start();
  opened.push(github);
  return github;
}

/** A run on main, with the baseline that it recorded. */
function record(github: FakeGitHub, id: number, sha: string, run: Parameters<FakeGitHub["rest"]["run"]>[0] | object = {}): void {
  github.rest.run({ id, sha, ...run });
  github.artifacts.keep(id, ARTIFACT, archived(of(`at_${sha}`)));
}

const names = (prefix: string, count: number): string[] => Array.from({ length: count }, (_, index) => `${prefix}${index}`);

function pullRequest(github: FakeGitHub, from: string): Promise<BaselineLookup> {
  github.rest.commits.set("p1", [from]);
  github.rest.run({ id: 99_000, sha: "p1", event: "pull_request", branch: "patch" });
  return github.store({ runId: 99_000, sha: "p1", isOnBranch: false, records: false }).load();
}

function push(github: FakeGitHub, sha: string): Promise<BaselineLookup> {
  github.rest.run({ id: 99_001, sha, status: "in_progress", conclusion: null });
  return github.store({ runId: 99_001, sha }).load();
}

function foundIn(lookup: BaselineLookup): readonly (string | number | undefined)[] {
  assert.equal(lookup.kind, "found", JSON.stringify(lookup));
  return lookup.kind === "found" ? [lookup.baseline.findings[0]?.stack[0]?.[0], lookup.origin?.distance] : [];
}

suite("artifacts of others with the baseline's name", () => {
  const flood = (github: FakeGitHub, count: number): void => {
    github.rest.run({ id: 5000, sha: "p1", event: "pull_request", branch: "main", from: FORK_ID });
    for (let index = 0; index < count; index++) github.artifacts.keep(5000, ARTIFACT, Buffer.from("x"));
  };

  test("a baseline of the branch's own is found among artifacts of others, however many there are", async () => {
    const github = await start();
    record(github, 1, "m1");
    github.rest.grow("main", "m2", "m3");
    flood(github, 3001);
    assert.deepEqual(foundIn(await pullRequest(github, "m3")), ["at_m1", 2]);
    assert.deepEqual(foundIn(await push(github, "m3")), ["at_m1", 2]);
  });

  test("artifacts that others uploaded under the baseline's name neither count as the branch's nor make a first run", async () => {
    const github = await start();
    record(github, 1, "m1", { workflow: WORKFLOW + 1 });
    record(github, 2, "m1", { event: "repository_dispatch" });
    record(github, 3, "m1", { conclusion: "cancelled" });
    flood(github, 3001);
    assert.equal((await push(github, "m1")).kind, "none");
  });

  test("with artifacts of others, it is unknown whether there is a baseline if the branch's runs cannot be listed either", async () => {
    const github = await start();
    github.rest.grow("main", ...names("n", 1100));
    for (const [index, sha] of names("n", 1100).entries()) github.rest.run({ id: 10 + index, sha });
    record(github, 1, "m1");
    flood(github, 3001);
    assert.equal((await push(github, "m1")).kind, "unreachable");
  });
});

suite("several runs of one commit", () => {
  /** Two nights, of which the first was run again after the second. */
  async function twoNights(): Promise<FakeGitHub> {
    const github = await start();
    for (const id of [15, 16]) github.rest.run({ id, sha: "m1", event: "schedule" });
    github.artifacts.keep(16, ARTIFACT, archived(of("at_16")));
    github.artifacts.keep(15, ARTIFACT, archived(of("at_15")));
    return github;
  }

  test("of several runs of one commit the latest counts, even if an earlier one was run again after it", async () => {
    assert.deepEqual(foundIn(await push(await twoNights(), "m1")), ["at_16", 0]);
  });

  test("of several runs of one commit the latest counts, too, if the list of artifacts is too long to read", async () => {
    const github = await twoNights();
    github.rest.run({ id: 5000, sha: "p1", event: "pull_request", branch: "main", from: FORK_ID });
    for (let index = 0; index < 3001; index++) github.artifacts.keep(5000, ARTIFACT, Buffer.from("x"));
    assert.deepEqual(foundIn(await push(github, "m1")), ["at_16", 0]);
  });
});

suite("runs on the branch without a usable baseline", () => {
  const cancelled = async (count: number): Promise<BaselineLookup> => {
    const github = await start();
    github.rest.grow("main", "m2");
    for (let id = 10; id < 10 + count; id++) record(github, id, "m2", { conclusion: "cancelled" });
    return await push(github, "m2");
  };

  test("all runs on the branch are examined before the baseline counts as missing", async () => {
    assert.equal((await cancelled(40)).kind, "none");
  });

  test("with too many runs on the branch without a baseline, it is unknown whether there is one", async () => {
    assert.equal((await cancelled(60)).kind, "unreachable");
  });
});

suite("a long history", () => {
  test("a long history of one merge of two thousand commits is followed along the branch", async () => {
    const github = await start();
    record(github, 1, "m1");
    github.rest.commits.set("s0", ["m1"]);
    for (let number = 1; number < 2000; number++) github.rest.commits.set(`s${number}`, [`s${number - 1}`]);
    github.rest.commits.set("m2", ["m1", "s1999"]);
    github.rest.branches.set("main", "m2");
    assert.deepEqual(foundIn(await push(github, "m2")), ["at_m1", 1]);
    assert.deepEqual(foundIn(await pullRequest(github, "m2")), ["at_m1", 1]);
  });

  test("if a long history cannot be read to its end, it is unknown whether there is a baseline", async () => {
    const github = await start();
    github.rest.grow("main", ...names("n", 5000));
    record(github, 1, "m1");
    for (const lookup of [await push(github, "n4999"), await pullRequest(github, "n4999")]) {
      assert.equal(lookup.kind, "unreachable", JSON.stringify(lookup));
      assert.equal(lookup.kind === "unreachable" ? lookup.why.code : "", "history-too-long");
    }
  });

  test("a long history is not read if all baselines are newer than the pull request", async () => {
    const github = await start();
    github.rest.grow("main", ...names("n", 5000), "m2");
    record(github, 1, "m2");
    assert.equal((await pullRequest(github, "n4999")).kind, "none");
  });

  test("a long history does not matter to a pull request that left the branch 1100 recordings ago", async () => {
    const github = await start();
    github.rest.grow("main", ...names("n", 1200));
    for (const [index, sha] of names("n", 1200).entries()) record(github, 10 + index, sha);
    assert.deepEqual(foundIn(await pullRequest(github, "n99")), ["at_n99", 0]);
  });
});

suite("a baseline of a commit that is not the branch's own", () => {
  /** main merged f2 of a feature branch. Its first commit, f1, was tampered with, and f2 repaired that. */
  async function merged(): Promise<FakeGitHub> {
    const github = await start();
    record(github, 1, "m1");
    github.rest.commits.set("f1", ["m1"]);
    github.rest.commits.set("f2", ["f1"]);
    github.rest.grow("main", "m2");
    github.rest.commits.set("m3", ["m2", "f2"]);
    github.rest.branches.set("main", "m3");
    github.rest.tags.set("main", "f1");
    record(github, 66, "f1");
    return github;
  }

  test("a baseline of a commit that came in by a merge does not count, whatever the tag is called, and is named", async () => {
    const lookup = await pullRequest(await merged(), "f1");
    assert.deepEqual(foundIn(lookup), ["at_m1", 1]);
    assert.deepEqual(lookup.notes, [{ code: "baselines-rejected", why: { code: "merged-commit" }, runs: [66] }]);
  });

  test("the baseline of a merged commit is rejected for a pull request that continues a merged branch", async () => {
    assert.deepEqual(foundIn(await pullRequest(await merged(), "f2")), ["at_m1", 2]);
  });

  test("a baseline of a merged commit does not count for the branch, which is compared with its own", async () => {
    assert.deepEqual(foundIn(await push(await merged(), "m3")), ["at_m1", 2]);
  });
});

test("a tag with the branch's name does not count as the branch", async () => {
  const github = await start();
  record(github, 1, "m1");
  github.rest.commits.set("evil", ["m1"]);
  github.rest.tags.set("main", "evil");
  record(github, 66, "evil");
  assert.deepEqual(foundIn(await pullRequest(github, "evil")), ["at_m1", 0]);
});

suite("GitHub answers 404", () => {
  for (const [what, pattern] of [
    ["a run", /\/actions\/runs\/2$/],
    ["an artifact", /\/artifacts\/2\/zip$/],
    ["what an artifact holds", /GET \/account\/artifacts\/2/],
  ] as const) {
    test(`${what} that is not there any more is named, and the next baseline is taken`, async () => {
      const github = await start();
      record(github, 1, "m1");
      github.rest.grow("main", "m2");
      record(github, 2, "m2");
      github.server.plan(pattern, { answer: json(404, { message: "Not Found" }) });
      const lookup = await pullRequest(github, "m2");
      assert.deepEqual(foundIn(lookup), ["at_m1", 1]);
      assert.deepEqual(lookup.notes, [{ code: "baselines-rejected", why: { code: "deleted" }, runs: [2] }]);
    });
  }

  test("a deleted branch is reported by name, not as a missing permission", async () => {
    const github = await start();
    record(github, 1, "m1");
    github.rest.run({ id: 90, sha: "m1", event: "pull_request" });
    const lookup = await github
      .store({ runId: 90, sha: "m1", branch: "mian", otherBranches: ["main"], isOnBranch: false, records: false })
      .load();
    assert.ok(lookup.kind === "unreachable", JSON.stringify(lookup));
    assert.deepEqual(lookup.why, { code: "no-branch", branch: "mian", repository: "o/r" });
    const { remedy } = noBaselineMessage({ code: "baseline-unreachable", where: lookup.where, why: lookup.why });
    assert.match(remedy ?? "", /^Set `baseline` to a branch/);
    assert.doesNotMatch(remedy ?? "", /permission|actions: read/);
  });
});
