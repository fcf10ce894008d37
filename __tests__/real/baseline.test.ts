import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { Checkout } from "../support/checkout.ts";
import { assertExit, readReport, WORK_DIR } from "../support/command.ts";
import { FakeGitHub } from "../support/github/fake-github.ts";
import { POISON, plant, reasonOf } from "../support/github/poison.ts";
import { FORK_ID } from "../support/github/rest.ts";
import { json } from "../support/github/server.ts";
import { type RanJob, runJob } from "../support/job.ts";

const checkout = await Checkout.open();
const github = await FakeGitHub.start();
const folder = mkdtempSync(join(tmpdir(), "cpython-memcheck-runner-"));
after(async () => {
  await github.server.close();
  checkout.remove();
  rmSync(folder, { recursive: true, force: true });
});

const INPUTS = { tests: "test_bisect", scan: "none", "work-dir": WORK_DIR };

/** The shipped action in a run of o/r, with what the runner gives. */
function job(
  run: number,
  sha: string,
  event: string,
  env: Record<string, string> = {},
  inputs: Record<string, string> = {},
  place = folder,
): Promise<RanJob> {
  const isPull = event === "pull_request";
  const pull = { number: 1, base: { ref: "main" }, head: { sha } };
  return runJob({
    folder: place,
    event,
    ref: isPull ? "refs/pull/1/merge" : "refs/heads/main",
    inputs: { ...INPUTS, token: github.rest.token, ...inputs },
    env: { ...github.environment(run), GITHUB_WORKSPACE: checkout.source, GITHUB_SHA: sha, ...env },
    payload: { repository: { default_branch: "main" }, ...(isPull ? { pull_request: pull } : {}) },
  });
}

const SPIED = ["valgrind", "gcc", "git", "make", "ar", "readelf", "nm"];

/** A folder for PATH whose programs write down their environment, and then are the real ones. */
function spyOn(programs: readonly string[]): { path: string; environments: () => string[] } {
  const [path, seen] = [join(folder, "bin"), join(folder, "seen")];
  for (const made of [path, seen]) mkdirSync(made);
  for (const program of programs) {
    writeFileSync(join(path, program), `#!/bin/sh\nenv > "${seen}/${program}.$$"\nPATH=\${PATH#*:} exec ${program} "$@"\n`);
    chmodSync(join(path, program), 0o755);
  }
  return { path, environments: () => readdirSync(seen).map((name) => readFileSync(join(seen, name), "utf8")) };
}

suite("the action's baseline", () => {
  test("the action's baseline is recorded by a push to the default branch, and no started program can record it", async () => {
    github.rest.run({ id: 1, sha: "m1", status: "in_progress", conclusion: null });
    const spied = spyOn(SPIED);
    const identity = { ACTIONS_ID_TOKEN_REQUEST_TOKEN: "id-token", ACTIONS_ID_TOKEN_REQUEST_URL: "https://id.test" };
    const ran = await job(1, "m1", "push", { ...identity, PATH: `${spied.path}:${process.env.PATH}` });
    assertExit(ran, 0);
    assert.match(ran.summary, /There is no baseline yet[\s\S]*Recorded as the baseline \\\(artifact memcheck-baseline/);
    assert.deepEqual(
      github.rest.artifacts.map(({ run, isFinal }) => [run, isFinal]),
      [[1, true]],
    );
    const environments = spied.environments();
    assert.ok(environments.some((env) => /^PYTHONHASHSEED=/m.test(env)));
    const { ACTIONS_RUNTIME_TOKEN: runtime = "" } = github.environment(1);
    for (const env of environments) {
      for (const secret of [github.rest.token, runtime, "id-token"]) assert.ok(!env.includes(secret), env);
    }
  });

  test("the action's baseline is found by a pull request, which is clean and says with what it was compared", async () => {
    Object.assign(github.rest.runs[0] ?? {}, { status: "completed", conclusion: "success" });
    github.rest.grow("main", "m2");
    github.rest.commits.set("p1", ["m2"]);
    github.rest.run({ id: 2, sha: "p1", event: "pull_request", branch: "patch" });
    const ran = await job(2, "p1", "pull_request");
    assertExit(ran, 0);
    const { baseline, verdict } = readReport(ran.outputs.report ?? "");
    assert.deepEqual(
      [verdict, baseline?.origin],
      ["clean", { commit: "m1", mergeBase: "m2", distance: 1, run: "https://github.test/o/r/actions/runs/1" }],
    );
    assert.match(ran.summary, /Compared with the baseline of m1, 1 commit before the merge base m2\. \[Its run\]/);
    assert.equal(github.rest.artifacts.length, 1);
  });

  test("the action's baseline serves a fork's pull request: its leak is annotated, and what it may not do is told", async () => {
    checkout.edit(
      "Modules/_bisectmodule.c",
      "return internal_bisect_left(a, x, lo, hi, key);",
      "(void)PyMem_RawMalloc(40);\n    return internal_bisect_left(a, x, lo, hi, key);",
    );
    github.rest.run({ id: 3, sha: "p1", event: "pull_request", branch: "main", from: FORK_ID });
    const ran = await job(3, "p1", "pull_request", {}, { "check-run": "Memcheck", comment: "Memcheck" });
    assertExit(ran, 1);
    assert.match(ran.stdout, /^::error title=New memory leak in _bisect_bisect_left\w*,file=Modules\/_bisectmodule\.c,line=\d+::/m);
    assert.match(ran.summary, /The check run was not made[\s\S]*The comment was not made/);
  });

  test("the action does not call a leak clean without the permission to look for a baseline, and names that", async () => {
    github.rest.permissions.delete("actions");
    const ran = await job(3, "p1", "pull_request");
    assertExit(ran, 2);
    assert.match(ran.stdout, /^::warning title=Not checked::.*could not be looked up: GitHub answered 403.*`actions: read`/m);
  });
});

/** What a pull request gets that leaves the tested code as main's. */
suite("the action's baseline in trouble", () => {
  const { rest, server } = github;
  const name = (): string => rest.artifacts[0]?.name ?? "";
  const pull = (): Promise<RanJob> => job(3, "p1", "pull_request");

  before(() => {
    checkout.restore();
    rest.permissions.add("actions");
  });

  test("the action's baseline is found in spite of a limit of requests, and of a connection that breaks", async () => {
    server.plan(/artifacts\?/, { answer: json(429, { message: "slow down" }, { "retry-after": "1" }) }, 1);
    server.plan(/GET \/account/, "hang-up", 1);
    const ran = await pull();
    assertExit(ran, 0);
  });

  test("the action's baseline is not taken for a missing one when GitHub breaks, or has no answer to the run", async () => {
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

  test("the action calls nothing clean where all baselines are untrusted or expired", async () => {
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
