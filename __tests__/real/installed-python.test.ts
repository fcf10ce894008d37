import assert from "node:assert/strict";
import { join } from "node:path";
import { suite, test } from "node:test";
import { findInstalled } from "../../src/build/installed-python.ts";
import { Processes } from "../../src/system/processes.ts";
import { assertExit, ROOT, readReport, run, runCommand } from "../support/command.ts";
import { temporaryFolder, writeFiles } from "../support/folders.ts";

const SOURCE = join(ROOT, "__tests__", "real", "extensions", "c", "planted_c.c");

/** Of the first `python3` on the path, or the one that this variable names. */
const found = await findInstalled(new Processes(process.env), ROOT);
const interpreter = process.env.CPYTHON_MEMCHECK_TEST_PYTHON ?? (found.kind === "usable" ? found.program : undefined);
const skip = interpreter === undefined ? "the python3 on the path is not CPython 3.14 or newer with its headers" : false;

suite("an extension in an installed interpreter", { skip }, () => {
  test("an extension in an installed interpreter is checked without a build of CPython, and its leak is found and named", async () => {
    const python = interpreter ?? "";
    const folder = temporaryFolder();
    writeFiles(folder, {
      "test_planted.py": "import unittest, planted_c\nclass T(unittest.TestCase):\n    def test_leak(self): planted_c.leak()\n",
    });
    const asked = await run(python, [
      "-c",
      "import sysconfig; print(sysconfig.get_path('include'), sysconfig.get_config_var('EXT_SUFFIX'))",
    ]);
    const [include = "", suffix = ""] = asked.stdout.trim().split(" ");
    const flags = ["-g", "-O2", "-fno-omit-frame-pointer", "-shared", "-fPIC", `-I${include}`];
    assertExit(await run("gcc", [...flags, SOURCE, "-o", join(folder, `planted_c${suffix}`)]), 0);
    const report = join(folder, "report.json");
    const own = ["--work-dir", join(folder, "work"), "--report", report, "--baseline", join(folder, "baseline.json.gz")];
    const words = ["check", "--python", python, "--command", "-m unittest test_planted", ...own];
    assertExit(await runCommand(words, { ...process.env, PYTHONPATH: folder }), 0);
    const { findings, build } = readReport(report);
    assert.equal(build?.kind, "installed");
    assert.deepEqual(
      findings.filter(({ owner }) => owner !== "interpreter").map(({ site }) => `${site.function} ${site.line}`),
      ["lose_block 11"],
    );
  });
});
