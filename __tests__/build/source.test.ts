import assert from "node:assert/strict";
import { chmodSync, renameSync, rmSync, symlinkSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { openSource, readVersion, type SourceTree } from "../../src/build/source.ts";
import { UserError } from "../../src/model/user-error.ts";
import { Processes } from "../../src/system/processes.ts";
import { asUser } from "../support/as-user.ts";
import { cpythonFolder, temporaryFolder, writeFiles } from "../support/folders.ts";

const open = (path: string): Promise<SourceTree> => openSource(path, new Processes(process.env));

const patchlevel = (version: string) => ({ "Include/patchlevel.h": `#define PY_VERSION "${version}"\n` });

const isUserError =
  (pattern: RegExp) =>
  (error: unknown): boolean =>
    error instanceof UserError && pattern.test(error.message);

suite("a folder", () => {
  const refuses = (path: string, said: RegExp): Promise<void> =>
    assert.rejects(readVersion(path), (error) => error instanceof UserError && said.test(error.message) && error.message.includes(path));

  test("a folder is a CPython source of the version that its header says", async () => {
    assert.equal(await readVersion(cpythonFolder()), "3.13.5+");
    assert.equal(await readVersion(cpythonFolder(patchlevel("3.11.2"))), "3.11.2");
    assert.equal(await readVersion(cpythonFolder(patchlevel("3.15.0a2+"))), "3.15.0a2+");
  });

  test("a CPython source is refused when it is too old", async () => {
    for (const version of ["3.10.19", "3.9.0", "2.7.18"]) await refuses(cpythonFolder(patchlevel(version)), /3\.11 or newer is needed/);
  });

  test("a folder that does not exist or is not a CPython source is refused", async () => {
    await refuses("/nowhere/at/all", /does not exist/);
    await refuses(temporaryFolder(), /is not a CPython source/);
    const headerOnly = temporaryFolder();
    writeFiles(headerOnly, patchlevel("3.13.5"));
    await refuses(headerOnly, /is not a CPython source/);
    await refuses(cpythonFolder({ "Include/patchlevel.h": "" }), /is not a CPython source/);
  });
});

suite("an exported source", () => {
  test("a source with a file or folder that cannot be read is refused by its name", async () => {
    for (const [name, pattern] of [
      ["Lib/secret.py", /Lib\/secret\.py cannot be read: EACCES/],
      ["Lib/secret", /Lib\/secret cannot be read: EACCES/],
    ] as const) {
      const folder = cpythonFolder({ [name.endsWith(".py") ? name : `${name}/a.py`]: "" });
      chmodSync(join(folder, name), 0o000);
      await asUser([folder], () => assert.rejects(openSource(folder, new Processes(process.env)), isUserError(pattern)));
      chmodSync(join(folder, name), 0o755);
    }
  });

  test("an exported source lists its files, sorted, with links and executable files distinguished", async () => {
    const folder = cpythonFolder();
    symlinkSync("csv.py", join(folder, "Lib/link.py"));
    const { files } = await open(folder);
    assert.deepEqual([...files.keys()], ["Include/patchlevel.h", "Lib/csv.py", "Lib/link.py", "Modules/_csv.c", "configure"]);
    assert.deepEqual(
      ["configure", "Lib/csv.py", "Lib/link.py"].map((name) => files.get(name)?.kind),
      ["executable", "file", "link"],
    );
  });

  test("an exported source knows whether configure can leave the free lists out", async () => {
    assert.equal((await open(cpythonFolder())).hasFreelistsOption, true);
    assert.equal((await open(cpythonFolder({ configure: "#!/bin/sh\n" }))).hasFreelistsOption, false);
  });

  test("an exported source has nothing that a build inside it left there", async () => {
    const generated = [
      "Makefile",
      "pyconfig.h",
      "config.log",
      "python",
      "python-gdb.py",
      "_bootstrap_python",
      "libpython3.13.a",
      "Modules/_csv.o",
      "Modules/Setup.local",
      "Modules/config.c",
      "Lib/__pycache__/csv.cpython-313.pyc",
      "build/lib.linux-x86_64-3.13/_sysconfigdata__linux_x86_64-linux-gnu.py",
      "build/scripts-3.13/idle3.13",
      "Python/frozen_modules/os.h",
      "Programs/_testembed",
    ];
    const folder = cpythonFolder(Object.fromEntries(generated.map((name) => [name, "# generated\n"])));
    assert.deepEqual([...(await open(folder)).files.keys()], [...(await open(cpythonFolder())).files.keys()]);
  });

  test("an exported source has the files that only look generated", async () => {
    const real = ["Lib/test/python", "Lib/build.py", "Tools/build/x.py", "Modules/Setup", "Lib/distutils/command/build", "Makefile.pre.in"];
    const { files } = await open(cpythonFolder(Object.fromEntries(real.map((name) => [name, "x"]))));
    for (const name of real) assert.ok(files.has(name), name);
  });
});

suite("the hash of a source", () => {
  const hashOf = async (folder: string): Promise<string> => (await open(folder)).contentHash;

  test("the hash of a source ignores where it is, its times, its documentation, and git's and GitHub's folders", async () => {
    const one = cpythonFolder();
    const other = cpythonFolder({ "Doc/library/csv.rst": "docs", ".github/workflows/x.yml": "on: push" });
    utimesSync(join(other, "Lib/csv.py"), 1, 1);
    assert.equal(await hashOf(other), await hashOf(one));
  });

  test("the hash of a source changes with content, names, links and the right to run", async () => {
    const folder = cpythonFolder();
    const changes = [
      () => writeFiles(folder, { "Lib/csv.py": "import  _csv\n" }),
      () => writeFiles(folder, { "Lib/new.py": "" }),
      () => chmodSync(join(folder, "Lib/new.py"), 0o755),
      () => renameSync(join(folder, "Lib/new.py"), join(folder, "Lib/other.py")),
      () => rmSync(join(folder, "Lib/other.py")),
      () => symlinkSync("a", join(folder, "Lib/link.py")),
      () => writeFiles(folder, { "Documents/x": "" }),
    ];
    let before = await hashOf(folder);
    for (const change of changes) {
      change();
      const now = await hashOf(folder);
      assert.notEqual(now, before, String(change));
      before = now;
    }
  });
});
