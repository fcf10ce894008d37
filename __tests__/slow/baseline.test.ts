import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { ActionRuns } from "../support/action-runs.ts";
import { assertExit, readReport } from "../support/command.ts";
import { POISON, plant, reasonOf } from "../support/github/poison.ts";
import { FORK_ID } from "../support/github/rest.ts";
import { json } from "../support/github/server.ts";
import type { RanJob } from "../support/job.ts";

const runs = await ActionRuns.open();
const { github, folder } = runs;
const job: ActionRuns["job"] = (...given) => runs.job(...given);
after(() => runs.close());

/** Checks of a pull request that does not change the tested code. */
suite("the action's baseline in trouble", () => {
  const { rest, server } = github;
  const name = (): string => rest.artifacts[0]?.name ?? "";
  const pull = (): Promise<RanJob> => job(3, "p1", "pull_request");

  before(async () => {
    rest.run({ id: 1, sha: "m1", status: "in_progress", conclusion: null });
    assertExit(await job(1, "m1", "push"), 0);
    Object.assign(rest.runs[0] ?? {}, { status: "completed", conclusion: "success" });
    rest.grow("main", "m2");
    rest.commits.set("p1", ["m2"]);
    rest.run({ id: 3, sha: "p1", event: "pull_request", branch: "main", from: FORK_ID });
  });

  test("the action's baseline is found in spite of a limit of requests, and of a connection that breaks", async () => {
    server.plan(/artifacts\?/, { answer: json(429, { message: "slow down" }, { "retry-after": "1" }) }, 1);
    server.plan(/GET \/account/, "hang-up", 1);
    const ran = await pull();
    assertExit(ran, 0);
  });

  test("the action's baseline does not count as missing if GitHub fails, or does not know the run", async () => {
    for (const [path, status] of [
      [/GET \/account/, 500],
      [/actions\/runs\/3$/, 404],
    ] as const) {
      server.plan(path, { answer: json(status, { message: "Broken" }) }, 10);
      const ran = await pull();
      server.forget();
      assertExit(ran, 2);
      assert.match(ran.stdout, new RegExp(`could not be looked up: GitHub answered ${status}`));
      assert.equal(readReport(ran.outputs.report ?? "").baseline, null);
    }
  });

  test("the action's check is not clean if it turns off memcheck, whose runs its baseline file has", async () => {
    const baseline = join(folder, "named.json.gz");
    assertExit(await job(1, "m1", "push", {}, { baseline, "record-baseline": "always" }), 0);
    const ran = await job(3, "p1", "pull_request", {}, { baseline, tests: "none", scan: "test_bisect" });
    assertExit(ran, 2);
    const { problems } = readReport(ran.outputs.report ?? "");
    assert.deepEqual(
      problems.map((problem) => [problem.code, "setting" in problem && problem.setting]),
      [["engine-dropped", "tests"]],
    );
  });

  test("the action's baseline is recorded by each of two pushes that are checked at once", async () => {
    rest.grow("main", "m3", "m4");
    for (const [id, sha] of [
      [4, "m3"],
      [5, "m4"],
    ] as const)
      rest.run({ id, sha, status: "in_progress", conclusion: null });
    const places = [4, 5].map((id) => mkdtempSync(join(folder, `job-${id}-`)));
    const [one, two] = await Promise.all([job(4, "m3", "push", {}, {}, places[0]), job(5, "m4", "push", {}, {}, places[1])]);
    for (const ran of [one, two]) {
      assertExit(ran, 0);
      assert.match(
        ran.summary,
        /Compared with the baseline of m1[\s\S]*Recorded as the baseline|Recorded as the baseline[\s\S]*Compared with the baseline of m1/,
      );
    }
    assert.deepEqual(
      rest.artifacts
        .filter(({ isFinal }) => isFinal)
        .map(({ run }) => run)
        .sort(),
      [1, 4, 5],
    );
  });

  test("the action's baseline is the trusted one among all at the merge base, and each of the others is named", async () => {
    for (const [index, poison] of Object.values(POISON).entries()) plant(github, poison, { id: 100 + index, sha: "m2", name: name() });
    const ran = await pull();
    assertExit(ran, 0);
    const { baseline, notes } = readReport(ran.outputs.report ?? "");
    assert.equal(baseline?.origin?.commit, "m1");
    for (const [index, [what, poison]] of Object.entries(POISON).entries())
      assert.ok(
        notes.some(({ message }) => reasonOf(poison, 100 + index).test(message)),
        `${what}: ${JSON.stringify(notes)}`,
      );
  });

  test("the action calls nothing clean if all baselines are untrusted or expired", async () => {
    const own = rest.artifacts.filter(({ run }) => run < 100);
    for (const artifact of own) Object.assign(artifact, { expired: true });
    const ran = await pull();
    assertExit(ran, 2);
    const { baseline, verdict, notes } = readReport(ran.outputs.report ?? "");
    assert.deepEqual([verdict, baseline], ["inconclusive", null]);
    assert.ok(
      notes.some((note) => note.code === "baselines-rejected" && note.why.code === "expired"),
      JSON.stringify(notes),
    );
    assert.match(ran.stdout, /^::warning title=Not checked::/m);
  });
});
