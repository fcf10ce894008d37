import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { buildPython } from "../../src/build/build.ts";
import { buildFolder } from "../../src/build/build-folder.ts";
import { recipeKey } from "../../src/build/recipe.ts";
import { temporaryFolder, writeFiles } from "../support/folders.ts";
import { smallCpython } from "../support/small-cpython.ts";

/** A kept build, and what the next check makes of it. */
async function kept() {
  const workDir = temporaryFolder();
  const buildContext = await smallCpython(["cp python.sh python", "echo object > Modules/_csv.o"], "#!/bin/sh\n");
  const { tree } = buildFolder(workDir, recipeKey(buildContext.recipe, buildContext.source.version));
  // It has no headers, so the check ends at the probe: after the build.
  const check = (): Promise<void> => assert.rejects(buildPython(workDir, buildContext, null), /The probe does not compile/);
  await check();
  return { at: (name: string) => join(tree, name), tree, check };
}

/** As a test of an earlier check could: with the time that the file had. */
function overwrite(path: string, text: string): void {
  const { atime, mtime } = statSync(path);
  writeFileSync(path, text);
  utimesSync(path, atime, mtime);
}

suite("a check with a kept build that tests wrote to", () => {
  test("a check with a kept build that tests wrote to runs its source's library, and nothing that was added to it", async () => {
    const { at, tree, check } = await kept();
    overwrite(at("Lib/csv.py"), "ok = True\n");
    writeFiles(tree, { "Lib/sitecustomize.py": "import os\n", "Lib/evil/__init__.py": "" });
    await check();
    assert.equal(readFileSync(at("Lib/csv.py"), "utf8"), "import _csv\n");
    assert.deepEqual(
      ["Lib/sitecustomize.py", "Lib/evil"].map((name) => existsSync(at(name))),
      [false, false],
    );
  });

  test("a check with a kept build that tests wrote to runs an interpreter and objects that it built itself", async () => {
    for (const name of ["python", "Modules/_csv.o"]) {
      const { at, check } = await kept();
      const built = readFileSync(at(name), "utf8");
      overwrite(at(name), "#!/bin/sh\necho nothing to see\n");
      await check();
      assert.equal(readFileSync(at(name), "utf8"), built);
      rmSync(at(name));
      await check();
      assert.equal(readFileSync(at(name), "utf8"), built);
    }
  });

  test("a check with an unchanged cached build builds nothing", async () => {
    const { at, check } = await kept();
    const before = statSync(at("python")).mtimeMs;
    await check();
    assert.equal(statSync(at("python")).mtimeMs, before);
  });
});
