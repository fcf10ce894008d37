import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { reportPath } from "../../../src/hosts/github/publish.ts";
import { parseSettings } from "../../../src/settings/settings.ts";

const STEP = { GITHUB_ACTION: "__cpython-memcheck_cpython-memcheck", RUNNER_NAME: "one" };

function pathOf(raw: Record<string, string> = {}, env: Record<string, string> = {}, directory = "/runner/_work/r/r"): string {
  const source = { kind: "checkout", path: directory } as const;
  return reportPath(parseSettings(raw, { directory, home: "/h", cores: 2, workDir: "/work", source }), { ...STEP, ...env });
}

suite("the path of a step's report", () => {
  test("a step's report has the same path in each run of a job on one runner", () => {
    assert.equal(pathOf(), pathOf());
    assert.match(pathOf(), /^\/work\/reports\/__cpython-memcheck_cpython-memcheck-[0-9a-f]{8}\/report\.json$/);
  });

  test("a step's report replaces no other step's, also if both are in one composite action, which the runner gives one name", () => {
    const paths = [pathOf({ tests: "test_csv" }), pathOf({ tests: "test_json" }), pathOf({ tests: "test_csv" }, { GITHUB_ACTION: "x" })];
    assert.equal(new Set(paths).size, 3);
  });

  test("a step's report replaces none of a job that another runner runs meanwhile with the same `work-dir`", () => {
    const paths = [pathOf(), pathOf({}, { RUNNER_NAME: "two" }), pathOf({}, {}, "/runner2/_work/r/r")];
    assert.equal(new Set(paths).size, 3);
  });
});
