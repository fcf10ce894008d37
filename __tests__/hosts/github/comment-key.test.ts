import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { commentKey } from "../../../src/hosts/github/comment-key.ts";
import { parseSettings } from "../../../src/settings/settings.ts";
import { Processes } from "../../../src/system/processes.ts";
import { cpythonFolder, writeFiles } from "../../support/folders.ts";

const processes = new Processes(process.env);
const FOLDER = cpythonFolder();
const WORKFLOW = "o/r/.github/workflows/memcheck.yml";
const JOB = { GITHUB_JOB: "memcheck", GITHUB_ACTION: "__self", GITHUB_WORKFLOW_REF: `${WORKFLOW}@refs/pull/7/merge` };

function keyOf(raw: Record<string, string> = {}, env: Record<string, string> = {}, directory = FOLDER): Promise<string> {
  const source = { kind: "checkout", path: directory } as const;
  const settings = parseSettings(raw, { directory, home: "/h", cores: 2, workDir: "/t", source, hasBranches: true });
  return commentKey(settings, { ...JOB, ...env }, processes);
}

suite("the key of a comment", () => {
  test("the key of a comment stays for later runs of the same job", async () => {
    assert.equal(await keyOf({}, { GITHUB_WORKFLOW_REF: `${WORKFLOW}@refs/pull/8/merge` }), await keyOf());
    assert.equal(await keyOf({ jobs: "7", "fail-on": "none" }), await keyOf());
    assert.equal(await keyOf({}, {}, cpythonFolder()), await keyOf());
  });

  test("the key of a comment distinguishes jobs as their baselines are distinguished, and workflows", async () => {
    const newer = cpythonFolder();
    writeFiles(newer, { "Include/patchlevel.h": '#define PY_VERSION "3.16.0a0"' });
    const keys = await Promise.all([
      keyOf(),
      keyOf({}, { GITHUB_JOB: "other" }),
      keyOf({}, { GITHUB_ACTION: "second" }),
      keyOf({}, { GITHUB_WORKFLOW_REF: "o/r/.github/workflows/nightly.yml@refs/pull/7/merge" }),
      keyOf({ tests: "test_csv" }),
      keyOf({ "configure-args": "--disable-gil" }),
      keyOf({}, {}, newer),
    ]);
    assert.equal(new Set(keys).size, keys.length, JSON.stringify(keys));
  });

  test("the key of a comment is one for the plan and the report of a check, which are separate jobs", async () => {
    const plan = await keyOf({ mode: "plan", shards: "3" }, { GITHUB_JOB: "plan" });
    assert.equal(await keyOf({ mode: "report" }, { GITHUB_JOB: "report" }), plan);
    assert.notEqual(await keyOf({ mode: "report", tests: "test_csv" }, { GITHUB_JOB: "report" }), plan);
  });

  test("there is a key of a comment even if there is nothing to check", async () => {
    assert.match(await keyOf({ source: "/none" }), /^o\/r\/\S+ [0-9a-f]{12}$/);
  });
});
