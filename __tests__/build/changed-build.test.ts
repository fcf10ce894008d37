import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { buildPython } from "../../src/build/build.ts";
import { buildFolder } from "../../src/build/build-folder.ts";
import { recipeKey } from "../../src/build/recipe.ts";
import { openSource, type SourceTree } from "../../src/build/source.ts";
import { asUser } from "../support/as-user.ts";
import { temporaryFolder, writeFiles } from "../support/folders.ts";
import { smallCpython } from "../support/small-cpython.ts";

/** A kept build, and how the next check uses it. */
async function kept() {
  const workDir = temporaryFolder();
  const buildContext = await smallCpython(["cp python.sh python", "echo object > Modules/_csv.o"], "#!/bin/sh\n");
  const { tree } = buildFolder(workDir, recipeKey(buildContext.recipe, buildContext.source.version));
  // It has no headers, so the check ends at the probe: after the build.
  const check = (): Promise<void> => assert.rejects(buildPython(workDir, buildContext, null), /The probe does not compile/);
  await check();
  return { at: (name: string) => join(tree, name), tree, check, workDir, source: buildContext.source.path };
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

  test("a check with a kept build that tests wrote to can change it, also where they took away permissions", async () => {
    const { at, tree, check, workDir, source } = await kept();
    writeFiles(tree, { "Lib/evil.py": "" });
    overwrite(at("Lib/csv.py"), "ok = True\n");
    const own = readdirSync(workDir, { recursive: true, encoding: "utf8" }).map((name) => join(workDir, name));
    chmodSync(at("Lib"), 0o555);
    chmodSync(at("Modules"), 0o000);
    chmodSync(join(tree, ".."), 0o555);
    await asUser([source, workDir, ...own], check);
    assert.deepEqual([readFileSync(at("Lib/csv.py"), "utf8"), existsSync(at("Lib/evil.py"))], ["import _csv\n", false]);
  });

  test("a check with a kept build that tests wrote to has files with the permissions of its source and its build", async () => {
    for (const [name, mode, fixed] of [
      ["Lib/csv.py", 0o000, 0o644],
      ["python", 0o644, 0o755],
    ] as const) {
      const { at, check, workDir, source } = await kept();
      const own = readdirSync(workDir, { recursive: true, encoding: "utf8" }).map((one) => join(workDir, one));
      chmodSync(at(name), mode);
      await asUser([source, workDir, ...own], check);
      assert.equal(statSync(at(name)).mode & 0o777, fixed, name);
    }
  });

  test("a check with a kept build that tests wrote to has no folder without files, and no name that is not UTF-8", async () => {
    const { at, tree, check } = await kept();
    mkdirSync(at("Lib/_ssl/more"), { recursive: true });
    const odd = (name: string): Buffer => Buffer.concat([Buffer.from(`${tree}/Lib/`), Buffer.from(name, "latin1")]);
    writeFileSync(odd("\xff.py"), "");
    mkdirSync(odd("\xfe"));
    writeFileSync(odd("\xfe/a.py"), "");
    await check();
    assert.deepEqual(readdirSync(at("Lib")), ["csv.py"]);
  });

  test("a check with an unchanged cached build builds nothing", async () => {
    const { at, check } = await kept();
    const before = statSync(at("python")).mtimeMs;
    await check();
    assert.equal(statSync(at("python")).mtimeMs, before);
  });
});

test("a check writes again what a build wrote by running Python code that changed, of which the Makefile knows nothing", async () => {
  const workDir = temporaryFolder();
  const writer = "Lib/sysconfig/__main__.py";
  const buildContext = await smallCpython([`[ -e pybuilddir.txt ] || cp ${writer} pybuilddir.txt`, "cp python.sh python"], "#!/bin/sh\n", {
    [writer]: "first\n",
    "Lib/test/test_sysconfig.py": "",
  });
  const { tree } = buildFolder(workDir, recipeKey(buildContext.recipe, buildContext.source.version));
  const checkWith = async (files: Readonly<Record<string, string>>): Promise<string> => {
    writeFiles(buildContext.source.path, files);
    const source = await openSource(buildContext.source.path, buildContext.processes);
    await assert.rejects(buildPython(workDir, { ...buildContext, source }, null), /The probe does not compile/);
    return readFileSync(join(tree, "pybuilddir.txt"), "utf8");
  };
  assert.equal(await checkWith({}), "first\n");
  assert.equal(await checkWith({ [writer]: "second\n" }), "second\n");
  const { mtimeMs } = statSync(join(tree, "pybuilddir.txt"));
  await checkWith({ "Lib/test/test_sysconfig.py": "changed = True\n" });
  assert.equal(statSync(join(tree, "pybuilddir.txt")).mtimeMs, mtimeMs);
});

test("a check after the clock was set back builds what was made from changed files again", async () => {
  const workDir = temporaryFolder();
  // As `make` decides it.
  const buildContext = await smallCpython(["[ frozen -nt Lib/csv.py ] || cp Lib/csv.py frozen", "cp python.sh python"]);
  const { path: folder, tree } = buildFolder(workDir, recipeKey(buildContext.recipe, buildContext.source.version));
  const check = (source: SourceTree): Promise<void> =>
    assert.rejects(buildPython(workDir, { ...buildContext, source }, null), /The probe does not compile/);
  await check(buildContext.source);
  // The build ended an hour from now.
  const later = Date.now() + 3600_000;
  utimesSync(join(tree, "frozen"), later / 1000, later / 1000);
  const stamp = join(folder, "stamp.json");
  writeFileSync(stamp, JSON.stringify({ ...JSON.parse(readFileSync(stamp, "utf8")), time: later }));
  writeFiles(buildContext.source.path, { "Lib/csv.py": "changed = True\n" });
  await check(await openSource(buildContext.source.path, buildContext.processes));
  assert.equal(readFileSync(join(tree, "frozen"), "utf8"), "changed = True\n");
});
