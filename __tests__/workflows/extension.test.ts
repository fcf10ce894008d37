import assert from "node:assert/strict";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, suite, test } from "node:test";
import { readmeWorkflow } from "../support/act.ts";
import { assertExit, ROOT } from "../support/command.ts";
import { temporaryFolder, writeFiles } from "../support/folders.ts";
import { MAIN_SCOPES, pullRequestScopes } from "../support/github/runtime-token.ts";
import { WorkflowRuns } from "../support/workflow-runs.ts";

const PROJECT = {
  "pyproject.toml": `[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"
[project]
name = "basket"
version = "1.0"
[project.optional-dependencies]
test = ["pytest-xdist"]
`,
  "setup.py": `from setuptools import Extension, setup
setup(ext_modules=[Extension("basket", ["basket.c"])], py_modules=[])
`,
};

const RELEASED = "    PyObject *pair = PyTuple_Pack(2, item, item);\n";

const source = temporaryFolder();
const runs = await WorkflowRuns.open(source);
const { rest } = runs;
after(() => runs.close());

suite("the README's workflow for extensions, run by act", () => {
  test("the README's workflow for extensions records the baseline on a push to the default branch", async () => {
    cpSync(join(ROOT, "__tests__", "real", "programs", "extension"), source, { recursive: true });
    writeFiles(source, PROJECT);
    // The tests' archive is Debian's.
    const sha = runs.makeRepository(
      readmeWorkflow("Extension memcheck")
        .replace('"3.12"', '"3.13"')
        .replace("pytest tests", "pytest --ignore tests/test_import.py tests"),
    );
    rest.grow("main", sha);
    const own = rest.run({ id: 100, sha, status: "in_progress", conclusion: null });
    const ran = await runs.run({ id: own.id, event: "push", payload: { ref: "refs/heads/main", after: sha }, scopes: MAIN_SCOPES });
    assertExit(ran, 0);
    assert.match(ran.stdout, /Recorded as the baseline/);
    assert.doesNotMatch(ran.stdout, /was built without/);
    Object.assign(own, { status: "completed", conclusion: "success" });
  });

  test("the README's workflow for extensions annotates the line of a leak in a pull request, with its test", async () => {
    runs.git("switch", "--quiet", "--create", "leak", "main");
    const file = join(source, "basket.c");
    const text = readFileSync(file, "utf8");
    assert.ok(text.includes(RELEASED));
    writeFileSync(file, text.replace(RELEASED, `${RELEASED}    Py_XINCREF(pair);\n`));
    const sha = runs.commit("leak");
    const main = runs.git("rev-parse", "main");
    rest.commits.set(sha, [main]);
    rest.run({ id: 101, sha, event: "pull_request", branch: "leak", status: "in_progress", conclusion: null });
    const payload = { number: 1, pull_request: { number: 1, head: { ref: "leak", sha }, base: { ref: "main", sha: main } } };
    const ran = await runs.run({ id: 101, event: "pull_request", payload, scopes: pullRequestScopes(1) });
    assertExit(ran, 1);
    // The changed line nearest to the allocation in line 8.
    assert.match(ran.stdout, /::error .*file=basket\.c,line=9.*::.*tests\/test_pair\.py::test_pair/);
  });
});
