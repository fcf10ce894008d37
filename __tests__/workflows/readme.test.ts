import assert from "node:assert/strict";
import { after, suite, test } from "node:test";
import { readmeWorkflow } from "../support/act.ts";
import { Checkout } from "../support/checkout.ts";
import { assertExit, type Ran } from "../support/command.ts";
import { MAIN_SCOPES, pullRequestScopes } from "../support/github/runtime-token.ts";
import { WorkflowRuns } from "../support/workflow-runs.ts";

const checkout = await Checkout.open();
const runs = await WorkflowRuns.open(checkout.source);
const { rest, caches } = runs;
after(async () => {
  await runs.close();
  checkout.remove();
});

/** A repository with the README's workflow, which scans two test files only: all of them would take ten minutes each time. */
function makeRepository(): string {
  const workflow = readmeWorkflow("Memcheck").replace(/^( +)tests: .*$/m, (line, indent) => `${line}\n${indent}scan: test_csv test_heapq`);
  assert.match(workflow, /scan: test_csv/);
  return runs.makeRepository(workflow);
}

/** A pull request from a branch that replaces a text of a file. */
function pullRequest(number: number, name: string, file: string, from: string, to: string): Promise<Ran> {
  runs.git("switch", "--quiet", "--create", name, "main");
  checkout.edit(file, from, to);
  const sha = runs.commit(name);
  rest.commits.set(sha, [runs.git("rev-parse", "main")]);
  const id = 100 + number;
  rest.run({ id, sha, event: "pull_request", branch: name, status: "in_progress", conclusion: null });
  const base = { ref: "main", sha: runs.git("rev-parse", "main") };
  const payload = { number, pull_request: { number, head: { ref: name, sha }, base } };
  return runs.run({ id, event: "pull_request", payload, scopes: pullRequestScopes(number) });
}

/** Of parse_save_field, which has added the field to a list. */
const RELEASED = "    Py_DECREF(field);\n";

suite("the README's workflow, run by act", () => {
  test("the README's workflow records the baseline and keeps the build on a push to the default branch", async () => {
    const sha = makeRepository();
    rest.grow("main", sha);
    const own = rest.run({ id: 100, sha, status: "in_progress", conclusion: null });
    const ran = await runs.run({ id: own.id, event: "push", payload: { ref: "refs/heads/main", after: sha }, scopes: MAIN_SCOPES });
    assertExit(ran, 0);
    assert.match(ran.stdout, /Recorded as the baseline/);
    assert.deepEqual(
      rest.artifacts.map(({ run, isFinal }) => ({ run, isFinal })),
      [{ run: 100, isFinal: true }],
    );
    assert.deepEqual(
      caches.entries.map(({ scope, isFinal }) => ({ scope, isFinal })),
      [{ scope: "refs/heads/main", isFinal: true }],
    );
    Object.assign(own, { status: "completed", conclusion: "success" });
  });

  test("the README's workflow annotates the line of a bug in a pull request, and fails", async () => {
    const ran = await pullRequest(1, "leak", "Modules/_csv.c", `${RELEASED}    return 0;`, "    return 0;");
    assertExit(ran, 1);
    assert.match(ran.stdout, /::error .*file=Modules\/_csv\.c.*line=\d+.*::/);
  });

  test("the README's workflow finds a harmless pull request clean", async () => {
    const ran = await pullRequest(2, "comments", "Objects/unicodeobject.c", "#include ", `${"/* a comment */\n".repeat(30)}#include `);
    assertExit(ran, 0);
    assert.match(ran.stdout, /Clean: /);
    assert.doesNotMatch(ran.stdout, /::(error|warning)/);
  });
});
