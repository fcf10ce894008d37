import assert from "node:assert/strict";
import { join } from "node:path";
import { after, suite, test } from "node:test";
import type { Report } from "../../src/report/report.ts";
import { readmeWorkflow } from "../support/act.ts";
import { Checkout } from "../support/checkout.ts";
import { assertExit, type Ran, readReport } from "../support/command.ts";
import { MAIN_SCOPES } from "../support/github/runtime-token.ts";
import { assertSameOutcome, normalized } from "../support/normalized.ts";
import { WorkflowRuns } from "../support/workflow-runs.ts";

const checkout = await Checkout.open();
const runs = await WorkflowRuns.open(checkout.source);
const { rest } = runs;
after(async () => {
  await runs.close();
  checkout.remove();
});

const KEPT = join(runs.folder, "report.json");

const KEEP = `      - if: \${{ always() }}
        run: cp "$RUNNER_TEMP"/cpython-memcheck/reports/*/report.json ${KEPT}
`;

const ACTION = "      - uses: cpython-memcheck/cpython-memcheck@v0\n";

/** The README's workflow with three shards and few test files. A shard named in KILLED fails before it starts, and the last job copies its report. */
const NIGHTLY = readmeWorkflow("Nightly memcheck")
  .replaceAll(/^( +)tests: all$/gm, (_, indent) => `${indent}tests: test_bisect test_heapq\n${indent}scan: test_csv test_operator`)
  .replace("shards: 16", "shards: 3")
  .replace(`${ACTION}        with:\n          shard:`, `      - run: test "\${{ matrix.shard }}" != "$KILLED"\n$&`)
  .concat(KEEP);

/** The same check on one machine. Its job and step have the names that the plan uses to look up the baseline. */
const ALONE = `name: Alone
on: { workflow_dispatch: }
permissions: { contents: read, actions: read }
jobs:
  plan:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v7
        with:
          persist-credentials: false
      - uses: cpython-memcheck/cpython-memcheck@v0
        id: plan
        with:
          tests: test_bisect test_heapq
          scan: test_csv test_operator
${KEEP}`;

async function runOf(id: number, sha: string, env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  const payload = { ref: "refs/heads/main", after: sha };
  return await runs.run({ id, event: "workflow_dispatch", payload, scopes: MAIN_SCOPES, env });
}

/** What it releases is small: a number that looks like an address is more likely to lie in a large block. */
const RELEASED = "    Py_DECREF(dialect);\n    Py_RETURN_NONE;";

suite("the README's nightly workflow, run by act", () => {
  let sha: string;
  let alone: Report;

  test("the README's nightly workflow spreads a check over three shards, and records one baseline", async () => {
    sha = runs.makeRepository(NIGHTLY);
    rest.grow("main", sha);
    const run = rest.run({ id: 1, sha, event: "workflow_dispatch", status: "in_progress", conclusion: null });
    assertExit(await runOf(1, sha), 0);
    assert.deepEqual(rest.artifacts.map(({ name }) => name.replace(/-v\d.*$/, "")).toSorted(), [
      "memcheck-baseline",
      "memcheck-plan",
      "memcheck-shard-1-of-3",
      "memcheck-shard-2-of-3",
      "memcheck-shard-3-of-3",
    ]);
    Object.assign(run, { status: "completed", conclusion: "success" });
  });

  test("one machine finds a leak that the next commit adds", async () => {
    checkout.edit("Modules/_csv.c", RELEASED, "    Py_RETURN_NONE;");
    sha = runs.commit("a leak");
    rest.grow("main", sha);
    for (const id of [2, 3]) rest.run({ id, sha, event: "workflow_dispatch", status: "in_progress", conclusion: null });
    runs.write(ALONE);
    assert.notEqual((await runOf(3, sha)).code, 0);
    runs.write(NIGHTLY);
    alone = readReport(KEPT);
    assert.deepEqual([alone.verdict, alone.problems], ["new-errors", []]);
  });

  test("the README's nightly workflow names a killed shard, and records no baseline", async () => {
    assert.notEqual((await runOf(2, sha, { KILLED: "2/3" })).code, 0);
    const { verdict, problems } = readReport(KEPT);
    assert.notEqual(verdict, "clean");
    assert.deepEqual(
      problems.map((one) => one.code === "shard-unusable" && [one.shard, one.why.code]),
      [["2/3", "missing"]],
    );
    assert.ok(!rest.artifacts.some(({ run, name }) => run === 2 && name.startsWith("memcheck-baseline")));
  });

  test("the README's nightly workflow makes the same report as one machine after a rerun", async () => {
    const ran = await runOf(2, sha, { GITHUB_RUN_ATTEMPT: "2" });
    assert.notEqual(ran.code, 0);
    assert.match(ran.stdout, /::error .*file=Modules\/_csv\.c.*line=\d+.*::/);
    assertSameOutcome(readReport(KEPT), normalized(alone));
  });
});
