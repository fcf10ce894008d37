import assert from "node:assert/strict";
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, suite, test } from "node:test";
import { ActionRuns } from "../support/action-runs.ts";
import { assertExit, readReport } from "../support/command.ts";
import { FORK_ID } from "../support/github/rest.ts";

const runs = await ActionRuns.open();
const { checkout, github, folder } = runs;
const job: ActionRuns["job"] = (...given) => runs.job(...given);
after(() => runs.close());

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

  test("a pull request finds the action's baseline, is clean, and reports which baseline it used", async () => {
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

  test("a fork's pull request uses the action's baseline: its leak is annotated, and a note names the missing permissions", async () => {
    checkout.edit(
      "Modules/_bisectmodule.c",
      "return internal_bisect_left(a, x, lo, hi, key);",
      "(void)PyMem_RawMalloc(40);\n    return internal_bisect_left(a, x, lo, hi, key);",
    );
    github.rest.run({ id: 3, sha: "p1", event: "pull_request", branch: "main", from: FORK_ID });
    const ran = await job(3, "p1", "pull_request", {}, { "check-run": "Memcheck", comment: "Memcheck" });
    assertExit(ran, 1);
    assert.match(ran.stdout, /^::error title=New memory leak in _bisect_bisect_left\w*,file=Modules\/_bisectmodule\.c,line=\d+::/m);
    assert.match(ran.summary, /The check run was not created[\s\S]*The comment was not created/);
  });

  test("the action does not call a leak clean without the permission to look for a baseline, and names that", async () => {
    github.rest.permissions.delete("actions");
    const ran = await job(3, "p1", "pull_request");
    assertExit(ran, 2);
    assert.match(ran.stdout, /^::warning title=Not checked::.*could not be looked up: GitHub answered 403.*`actions: read`/m);
  });
});
