import assert from "node:assert/strict";
import { after, suite, test } from "node:test";
import type { BaselineLookup } from "../../../src/findings/baseline-store.ts";
import { BASELINE_ENTRY } from "../../../src/hosts/github/archive.ts";
import { noBaselineMessage } from "../../../src/report/baseline-messages.ts";
import type { Message } from "../../../src/report/format.ts";
import { noteMessage } from "../../../src/report/notes.ts";
import { testBaselineStore } from "../../support/baseline-store-cases.ts";
import { ARTIFACT, FakeGitHub } from "../../support/github/fake-github.ts";
import { archived, of, POISON, plant, reasonOf } from "../../support/github/poison.ts";
import { FORK_ID } from "../../support/github/rest.ts";
import { json } from "../../support/github/server.ts";
import { zip } from "../../support/zip.ts";

const opened: FakeGitHub[] = [];
after(() => Promise.all(opened.map(({ server }) => server.close())));

async function start(): Promise<FakeGitHub> {
  const github = await FakeGitHub.start();
  opened.push(github);
  return github;
}

testBaselineStore("a repository with artifacts", async () => {
  const github = await start();
  let run = 0;
  return {
    next: () => {
      run += 1;
      github.rest.grow("main", `c${run}`);
      github.rest.run({ id: run, sha: `c${run}` });
      return github.store({ runId: run, sha: `c${run}` });
    },
    damage: () => {
      const last = github.rest.artifacts.at(-1);
      assert.ok(last);
      github.rest.artifacts.pop();
      github.artifacts.keep(last.run, last.name, zip({ name: BASELINE_ENTRY, content: "no baseline" }));
    },
    close: () => {
      github.rest.permissions.delete("actions");
    },
  };
});

/** A repository with baselines at m1 and m3 of main's five commits, and a pull request that left main at m4. */
async function repository(): Promise<FakeGitHub> {
  const github = await start();
  const { rest, artifacts } = github;
  rest.grow("main", "m2", "m3", "m4");
  rest.commits.set("p1", ["m4"]);
  rest.grow("main", "m5");
  rest.run({ id: 1, sha: "m1" });
  rest.run({ id: 3, sha: "m3" });
  artifacts.keep(1, ARTIFACT, archived(of("at_m1")));
  artifacts.keep(3, ARTIFACT, archived(of("at_m3")));
  rest.run({ id: 90, sha: "p1", event: "pull_request", branch: "patch", from: FORK_ID });
  return github;
}

const PULL_REQUEST = { runId: 90, sha: "p1", isOnBranch: false, records: false } as const;

/** What a pull request's check gets: of the found one, its finding's function, its commit and distance. */
async function look(github: FakeGitHub, job: Parameters<FakeGitHub["store"]>[0] = PULL_REQUEST): Promise<BaselineLookup> {
  return await github.store(job).load();
}

function foundIn(lookup: BaselineLookup): readonly (string | number | undefined)[] {
  assert.equal(lookup.kind, "found", JSON.stringify(lookup));
  return lookup.kind === "found" ? [lookup.baseline.findings[0]?.stack[0]?.[0], lookup.origin?.commit, lookup.origin?.distance] : [];
}

/** The skipped baselines, in the report's words. */
const notesOf = ({ notes = [] }: BaselineLookup): string => notes.map(noteMessage).join("\n");

/** Why it is unknown whether there is a baseline, as the report says it; fails where it is known. */
function unreached(lookup: BaselineLookup): Message {
  assert.ok(lookup.kind === "unreachable", JSON.stringify(lookup));
  return noBaselineMessage({ code: "baseline-unreachable", where: lookup.where, why: lookup.why });
}

suite("the baseline of a pull request", () => {
  test("a pull request is compared with the baseline of the merge base", async () => {
    const github = await repository();
    github.rest.run({ id: 4, sha: "m4" });
    github.artifacts.keep(4, ARTIFACT, archived(of("at_m4")));
    assert.deepEqual(foundIn(await look(github)), ["at_m4", "m4", 0]);
  });

  test("a pull request is compared with the baseline of the nearest commit before the merge base, at a known distance", async () => {
    const lookup = await look(await repository());
    assert.deepEqual(foundIn(lookup), ["at_m3", "m3", 1]);
    assert.deepEqual(lookup.kind === "found" ? lookup.origin : undefined, {
      commit: "m3",
      mergeBase: "m4",
      distance: 1,
      run: "https://github.test/o/r/actions/runs/3",
    });
    assert.deepEqual(lookup.notes, []);
  });

  test("a pull request is never compared with the baseline of a commit after the merge base", async () => {
    const github = await repository();
    github.rest.run({ id: 5, sha: "m5" });
    github.artifacts.keep(5, ARTIFACT, archived(of("at_m5")));
    assert.deepEqual(foundIn(await look(github)), ["at_m3", "m3", 1]);
  });

  test("a pull request is compared with the baseline that was recorded last if one commit has several", async () => {
    const github = await repository();
    github.rest.run({ id: 7, sha: "m3", event: "workflow_dispatch" });
    github.artifacts.keep(7, ARTIFACT, archived(of("again_at_m3")));
    assert.deepEqual(foundIn(await look(github)), ["again_at_m3", "m3", 1]);
  });

  test("a pull request is compared with the baseline of the default branch if its own base has none yet", async () => {
    const github = await repository();
    github.rest.branches.set("3.13", "m4");
    github.rest.grow("3.13", "b1", "b2");
    github.rest.commits.set("p2", ["b2"]);
    const lookup = await look(github, { ...PULL_REQUEST, sha: "p2", branch: "3.13", otherBranches: ["main"] });
    assert.deepEqual(foundIn(lookup), ["at_m3", "m3", 3]);
  });

  test("a pull request is compared with the baseline of a run that failed, as those do that find new errors", async () => {
    const github = await repository();
    github.rest.run({ id: 4, sha: "m4", conclusion: "failure" });
    github.artifacts.keep(4, ARTIFACT, archived(of("at_m4")));
    assert.deepEqual(foundIn(await look(github)), ["at_m4", "m4", 0]);
  });

  test("a pull request is compared only with the baseline of its own name", async () => {
    const github = await repository();
    github.rest.run({ id: 4, sha: "m4" });
    github.artifacts.keep(4, `${ARTIFACT}-of-another-job`, archived(of("at_m4")));
    assert.deepEqual(foundIn(await look(github)), ["at_m3", "m3", 1]);
  });
});

suite("the baseline of a push", () => {
  const push = (github: FakeGitHub, id: number, sha: string) => {
    github.rest.run({ id, sha, status: "in_progress", conclusion: null });
    return { runId: id, sha };
  };

  test("a push is compared with the baseline of the nearest commit before it", async () => {
    const github = await repository();
    assert.deepEqual(foundIn(await look(github, push(github, 10, "m5"))), ["at_m3", "m3", 2]);
  });

  test("a push is compared with the baseline of the same commit if another run of it has recorded one", async () => {
    const github = await repository();
    assert.deepEqual(foundIn(await look(github, push(github, 10, "m3"))), ["at_m3", "m3", 0]);
  });

  test("a push that runs again is compared with the baseline before it, not with its own or a later one", async () => {
    const github = await repository();
    const again = push(github, 10, "m4");
    github.artifacts.keep(10, ARTIFACT, archived(of("first_attempt")));
    github.rest.run({ id: 11, sha: "m4", event: "workflow_dispatch" });
    github.artifacts.keep(11, ARTIFACT, archived(of("later")));
    assert.deepEqual(foundIn(await look(github, again)), ["at_m3", "m3", 1]);
  });
});

suite("baselines that were tampered with", () => {
  for (const [what, poison] of Object.entries(POISON)) {
    const why = reasonOf(poison, 66);
    const place = { id: 66, sha: "m4", name: ARTIFACT };

    test(`a baseline ${what} is named and not used, and the next is taken`, async () => {
      const github = await repository();
      plant(github, poison, place);
      const lookup = await look(github);
      assert.deepEqual(foundIn(lookup), ["at_m3", "m3", 1]);
      assert.equal(lookup.notes?.length, 1);
      assert.match(notesOf(lookup), why);
    });

    test(`a baseline ${what} is named if there is no other, and nothing is compared`, async () => {
      const github = await repository();
      github.rest.artifacts.length = 0;
      plant(github, poison, place);
      const lookup = await look(github);
      assert.ok(["none", "unreadable"].includes(lookup.kind), lookup.kind);
      assert.match(notesOf(lookup), why);
    });
  }

  test("an expired artifact is skipped for the next one, and reported if there is no other", async () => {
    const github = await repository();
    github.rest.run({ id: 4, sha: "m4" });
    const expired = github.artifacts.keep(4, ARTIFACT, archived(of("at_m4")), { expired: true });
    const lookup = await look(github);
    assert.deepEqual([foundIn(lookup), lookup.notes], [["at_m3", "m3", 1], []]);
    github.rest.artifacts.splice(0, 2);
    const none = await look(github);
    assert.deepEqual([none.kind, none.notes], ["none", [{ code: "baselines-rejected", why: { code: "expired" }, runs: [4] }]]);
    // Between the list and the download.
    expired.expired = false;
    github.server.plan(/zip/, { answer: json(410, { message: "Artifact has expired" }) }, 1);
    assert.equal((await look(github)).kind, "none");
  });

  test("a trusted baseline is found behind a thousand untrusted artifacts", async () => {
    const github = await repository();
    for (let id = 1000; id < 1900; id++) {
      github.rest.run({ id, sha: "p1", event: "pull_request", branch: "main", from: FORK_ID });
      github.artifacts.keep(id, ARTIFACT, Buffer.from("x"));
    }
    const lookup = await look(github);
    assert.deepEqual(foundIn(lookup), ["at_m3", "m3", 1]);
    assert.match(notesOf(lookup), /^Skipped .*another repository: run 1899, .* and 895 more\.$/);
  });
});

suite("GitHub in trouble", () => {
  for (const permission of ["actions", "contents"]) {
    test(`without \`${permission}: read\`, no baseline is compared with, and the problem names the permission`, async () => {
      const github = await repository();
      github.rest.permissions.delete(permission);
      const lookup = await look(github);
      const { text, remedy } = unreached(lookup);
      assert.match(text, /answered 403: Resource not accessible/);
      assert.match(remedy ?? "", new RegExp(`\`${permission}: read\``));
    });
  }

  test("without a valid token, no baseline is compared with, and the problem names the permissions", async () => {
    const github = await repository();
    for (const token of [undefined, "stolen"]) {
      const lookup = await github.store(PULL_REQUEST, { ...github.rights(90), token }).load();
      assert.match(unreached(lookup).remedy ?? "", /`actions: read`/);
    }
  });

  test("where GitHub fails again and again, no baseline is compared with", async () => {
    for (const path of [
      /\/runs\/90 |\/runs\/90$/,
      /\/git\/ref\//,
      /\/artifacts\?/,
      /\/compare\//,
      /\/commits\?/,
      /\/runs\/3$/,
      /\/zip$/,
      /GET \/account/,
    ]) {
      const github = await repository();
      github.server.plan(path, { answer: json(500, { message: "Server Error" }) });
      const lookup = await look(github);
      assert.equal(lookup.kind, "unreachable", `${path}`);
      const { text, remedy } = unreached(lookup);
      assert.match(text, /GitHub answered 500/);
      assert.match(remedy ?? "", /Running the job again/);
    }
  });

  test("a baseline that GitHub does not give at once is waited for and found", async () => {
    const github = await repository();
    github.server.plan(/artifacts\?/, { answer: json(429, { message: "slow down" }, { "retry-after": "7" }) }, 1);
    github.server.plan(/compare/, { answer: json(502, {}) }, 1);
    github.server.plan(/GET \/account/, "hang-up", 2);
    assert.deepEqual(foundIn(await look(github)), ["at_m3", "m3", 1]);
    assert.deepEqual(github.waits, [7, 1, 1, 2]);
  });
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((done) => setTimeout(done, 10));
}

suite("a recorded baseline", () => {
  const recorded = (github: FakeGitHub): string[] => github.rest.artifacts.map(({ run, name }) => `${run} ${name}`);

  test("a baseline that a run records is there for the next, with GitHub's digest, though two pushes recorded at once", async () => {
    const github = await start();
    github.rest.grow("main", "m2");
    github.rest.run({ id: 1, sha: "m1" });
    github.rest.run({ id: 2, sha: "m2" });
    const [one, two] = [github.store({ runId: 1, sha: "m1" }), github.store({ runId: 2, sha: "m2" })];
    await Promise.all([one.load(), two.load()]);
    const outcomes = await Promise.all([one.record(of("one")), two.record(of("two"))]);
    assert.deepEqual(
      outcomes.map(({ kind }) => kind),
      ["recorded", "recorded"],
    );
    assert.deepEqual(recorded(github).sort(), [`1 ${ARTIFACT}`, `2 ${ARTIFACT}`]);
    github.rest.commits.set("p1", ["m1"]);
    github.rest.run({ id: 90, sha: "p1", event: "pull_request" });
    assert.deepEqual(foundIn(await look(github)), ["one", "m1", 0]);
  });

  test("a baseline replaces that of an earlier attempt of the run", async () => {
    const github = await start();
    github.rest.run({ id: 1, sha: "m1" });
    github.artifacts.keep(1, ARTIFACT, archived(of("first")), { created: new Date(Date.now() - 3_600_000) });
    const store = github.store({ runId: 1, sha: "m1" });
    assert.equal((await store.load()).kind, "none");
    assert.equal((await store.record(of("second"))).kind, "recorded");
    assert.deepEqual(recorded(github), [`1 ${ARTIFACT}`]);
    github.rest.run({ id: 2, sha: "m1" });
    assert.deepEqual(foundIn(await look(github, { runId: 2, sha: "m1" })), ["second", "m1", 0]);
  });

  test("the report job records the baseline under the name that the plan job looked up, and replaces that of an earlier attempt", async () => {
    const github = await start();
    github.rest.run({ id: 1, sha: "m1" });
    const planned = await github.store({ runId: 1, sha: "m1" }).load();
    github.artifacts.keep(1, ARTIFACT, archived(of("first")), { created: new Date(Date.now() - 3_600_000) });
    const store = github.store({ runId: 1, sha: "m1" }, undefined, "memcheck-baseline-of-the-report-job");
    store.resume(planned);
    assert.equal((await store.record(of("second"))).kind, "recorded");
    assert.deepEqual(recorded(github), [`1 ${ARTIFACT}`]);
    github.rest.run({ id: 2, sha: "m1" });
    assert.deepEqual(foundIn(await look(github, { runId: 2, sha: "m1" })), ["second", "m1", 0]);
  });

  suite("when only some jobs run again", () => {
    const ago = (seconds: number): Date => new Date(Date.now() - seconds * 1000);

    /** Attempt 2 of a run, in which "memcheck (b)" runs again; its first attempt has recorded a baseline. */
    async function again(...others: readonly { name: string; attempt: number; from: number; to: number }[]): Promise<string> {
      const github = await start();
      github.rest.run({ id: 1, sha: "m1", attempt: 2 });
      github.artifacts.keep(1, ARTIFACT, archived(of("first")), { created: ago(3600) });
      github.rest.jobs.push({ run: 1, name: "memcheck (b)", attempt: 1, started: ago(4000), completed: ago(3500) });
      github.rest.jobs.push({ run: 1, name: "memcheck (b)", attempt: 2, started: ago(30), completed: null });
      for (const { from, to, ...job } of others) github.rest.jobs.push({ run: 1, ...job, started: ago(from), completed: ago(to) });
      const store = github.store({ runId: 1, sha: "m1" });
      await store.load();
      return (await store.record(of("second"))).kind;
    }

    test("a job that runs again replaces a baseline that no other job can have recorded", async () => {
      assert.equal(await again(), "recorded");
      assert.equal(await again({ name: "lint", attempt: 1, from: 4000, to: 3900 }), "recorded");
    });

    test("a job that runs again leaves a baseline that a job which does not may have recorded, however it is listed", async () => {
      assert.equal(await again({ name: "memcheck (a)", attempt: 1, from: 4000, to: 3550 }), "failed");
      const carried = { name: "memcheck (a)", attempt: 2, from: 4000, to: 3550 };
      assert.equal(await again({ ...carried, attempt: 1 }, carried), "failed");
    });

    test("a job that runs again replaces the baseline of a job that runs again too", async () => {
      const [first, second] = [
        { from: 4000, to: 3550 },
        { from: 30, to: 10 },
      ];
      assert.equal(
        await again({ name: "memcheck (a)", attempt: 1, ...first }, { name: "memcheck (a)", attempt: 2, ...second }),
        "recorded",
      );
    });

    test("a job that runs again leaves a baseline if GitHub does not say which jobs run again", async () => {
      const github = await start();
      github.rest.run({ id: 1, sha: "m1", attempt: 2 });
      github.artifacts.keep(1, ARTIFACT, archived(of("first")), { created: ago(3600) });
      github.server.plan(/\/jobs\?/, { answer: json(404, { message: "Not Found" }) });
      const store = github.store({ runId: 1, sha: "m1" });
      await store.load();
      assert.equal((await store.record(of("second"))).kind, "failed");
    });
  });

  test("a job does not replace the baseline that another job of the same attempt recorded, and says so", async () => {
    const github = await start();
    github.rest.run({ id: 1, sha: "m1" });
    const [one, two] = [github.store({ runId: 1, sha: "m1" }), github.store({ runId: 1, sha: "m1" })];
    await Promise.all([one.load(), two.load()]);
    assert.equal((await one.record(of("one"))).kind, "recorded");
    assert.deepEqual(await two.record(of("two")), { kind: "failed", why: { code: "other-job" } });
    github.rest.run({ id: 2, sha: "m1" });
    assert.deepEqual(foundIn(await look(github, { runId: 2, sha: "m1" })), ["one", "m1", 0]);
  });

  test("a baseline is recorded though the service hangs up", async () => {
    const github = await start();
    github.rest.run({ id: 1, sha: "m1" });
    github.server.plan(/ListArtifacts/, "hang-up", 1);
    const store = github.store({ runId: 1, sha: "m1" });
    await store.load();
    assert.equal((await store.record(of("f"))).kind, "recorded");
  });

  test("a baseline is recorded though the answer gets lost after the artifact was made", async () => {
    const github = await start();
    github.rest.run({ id: 1, sha: "m1" });
    github.server.plan(/FinalizeArtifact/, "lost-answer", 1);
    const store = github.store({ runId: 1, sha: "m1" });
    await store.load();
    assert.deepEqual((await store.record(of("mine"))).kind, "recorded");
    assert.deepEqual(recorded(github), [`1 ${ARTIFACT}`]);
  });

  test("a baseline is another job's if that one was faster while the answer got lost", async () => {
    const github = await start();
    github.rest.run({ id: 1, sha: "m1" });
    github.server.plan(/CreateArtifact/, "hang-up", 1);
    github.server.plan(/ListArtifacts/, { late: 700 }, 2);
    const store = github.store({ runId: 1, sha: "m1" });
    await store.load();
    const recording = store.record(of("mine"));
    await until(() => github.server.matching(/CreateArtifact/).length > 0);
    github.artifacts.keep(1, ARTIFACT, archived(of("other")));
    assert.deepEqual(await recording, { kind: "failed", why: { code: "other-job" } });
  });

  test("a baseline is not recorded if the service refuses or is not there, and the reason says which", async () => {
    const github = await start();
    github.rest.run({ id: 1, sha: "m1" });
    github.server.plan(/CreateArtifact/, { answer: json(403, { code: "permission_denied", msg: "no" }) });
    assert.match(JSON.stringify(await github.store({ runId: 1, sha: "m1" }).record(of("f"))), /"failed".*403.*no/);
    const without = github.store({ runId: 1, sha: "m1" }, { token: github.rest.token, services: {} });
    assert.match(JSON.stringify(await without.record(of("f"))), /"failed".*not set ACTIONS_RESULTS_URL or ACTIONS_RUNTIME_TOKEN/);
    assert.equal((await github.store({ runId: 1, sha: "m1" }).load()).kind, "none");
  });

  test("recording a baseline does not wait forever", async () => {
    const github = await start();
    github.timeLimit = 1;
    github.rest.run({ id: 1, sha: "m1" });
    github.server.plan(/CreateArtifact/, "silence");
    assert.match(JSON.stringify(await github.store({ runId: 1, sha: "m1" }).record(of("f"))), /"failed".*more than 1 seconds/);
  });
});
