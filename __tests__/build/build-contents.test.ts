import assert from "node:assert/strict";
import { hash } from "node:crypto";
import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { recordContents, verifyContents } from "../../src/build/build-contents.ts";
import { type BuildFolder, folderAt, STAMP_VERSION, type Stamp } from "../../src/build/build-folder.ts";
import { temporaryFolder, writeFiles } from "../support/folders.ts";
import { QuietProgress } from "../support/progress.ts";

const SOURCES = { "Lib/unittest/result.py": "ok = True\n", "Lib/csv.py": "import _csv\n", "Modules/_csv.c": "int csv;\n" };
const CODE = "Lib/unittest/__pycache__/result.cpython-313.pyc";
const MODULE = "build/lib.linux-x86_64-3.13/_csv.so";
const COMPILED = { python: "program", [MODULE]: "module", "Modules/_csv.o": "object", Makefile: "all:\n" };

async function built(): Promise<{ folder: BuildFolder; stamp: Stamp }> {
  const folder = folderAt(join(temporaryFolder(), "build"));
  writeFiles(folder.tree, { ...SOURCES, ...COMPILED, [CODE]: "byte code" });
  symlinkSync("python", join(folder.tree, "python3"));
  const files = Object.entries(SOURCES).map(([name, text]) => [name, { hash: hash("sha256", text), kind: "file" as const }]);
  const stamp: Stamp = {
    stampVersion: STAMP_VERSION,
    key: "k",
    state: "built",
    tree: folder.tree,
    time: 1,
    files: Object.fromEntries(files),
  };
  await recordContents(folder);
  return { folder, stamp };
}

const verify = (folder: BuildFolder, stamp: Stamp): Promise<Stamp | undefined> => verifyContents(folder, stamp, new QuietProgress());

/** Writes over a file and gives it the size and the times that it had. */
function forge(path: string): void {
  const { atime, mtime, size } = statSync(path);
  writeFiles(join(path, ".."), { [path.split("/").at(-1) ?? ""]: "x".repeat(size) });
  utimesSync(path, atime, mtime);
}

suite("a build that is kept", () => {
  test("an unchanged kept build is accepted", async () => {
    const { folder, stamp } = await built();
    assert.equal(await verify(folder, stamp), stamp);
  });

  test("a kept build is rejected if a compiled file is gone or changed, even with its old size and time", async () => {
    for (const name of Object.keys(COMPILED)) {
      const { folder, stamp } = await built();
      forge(join(folder.tree, name));
      assert.equal(await verify(folder, stamp), undefined, name);
      rmSync(join(folder.tree, name));
      assert.equal(await verify(folder, stamp), undefined, name);
    }
  });

  test("a kept build is rejected if something else was moved into a file's place", async () => {
    const { folder, stamp } = await built();
    renameSync(join(folder.tree, "Makefile"), join(folder.tree, "python"));
    assert.equal(await verify(folder, stamp), undefined);
  });

  test("a kept build copies a source file again if its content or byte code has changed", async () => {
    for (const name of ["Lib/unittest/result.py", CODE]) {
      const { folder, stamp } = await built();
      forge(join(folder.tree, name));
      const believed = await verify(folder, stamp);
      assert.deepEqual(Object.keys(believed?.files ?? {}).sort(), ["Lib/csv.py", "Modules/_csv.c"]);
      assert.notEqual(believed?.key, stamp.key);
    }
  });

  test("a kept build loses added code that would be imported, its folders, and files that change how Python starts", async () => {
    const { folder, stamp } = await built();
    const added = ["Lib/sitecustomize.py", "Lib/evil/deep/__init__.py", "pyvenv.cfg", "Lib/__pycache__/csv.cpython-313.opt-1.pyc"];
    writeFiles(folder.tree, Object.fromEntries(added.map((name) => [name, "x"])));
    symlinkSync("/etc/passwd", join(folder.tree, "Lib/link.py"));
    assert.equal(await verify(folder, stamp), stamp);
    for (const name of [...added, "Lib/evil", "Lib/link.py", "Lib/__pycache__"]) assert.ok(!existsSync(join(folder.tree, name)), name);
    assert.ok(existsSync("/etc/passwd"));
  });

  test("a kept build is rejected without its record, or with a damaged one", async () => {
    const { folder, stamp } = await built();
    writeFiles(folder.path, { "contents.json": '{"contentsVersion":1,"files":{"python":1}}' });
    assert.equal(await verify(folder, stamp), undefined);
    rmSync(join(folder.path, "contents.json"));
    assert.equal(await verify(folder, stamp), undefined);
  });

  test("a kept build is accepted if it was copied with all its files, whose states are then recorded", async () => {
    const { folder, stamp } = await built();
    const copy = folderAt(join(folder.path, "..", "copy"));
    cpSync(folder.path, copy.path, { recursive: true, verbatimSymlinks: true });
    const before = readFileSync(join(copy.path, "contents.json"), "utf8");
    assert.equal(await verify(copy, stamp), stamp);
    assert.notEqual(readFileSync(join(copy.path, "contents.json"), "utf8"), before);
    chmodSync(join(copy.tree, "python"), 0o755);
    assert.equal(await verify(copy, stamp), stamp);
  });

  test("a kept build that failed is continued, whatever it contains", async () => {
    const { folder, stamp } = await built();
    writeFiles(folder.tree, { python: "another" });
    const failed: Stamp = { ...stamp, state: "failed" };
    assert.equal(await verify(folder, failed), failed);
  });

  test("a kept build says what changed in it", async () => {
    const { folder, stamp } = await built();
    const progress = new QuietProgress();
    writeFiles(folder.tree, { "Lib/csv.py": "y" });
    await verifyContents(folder, stamp, progress);
    writeFiles(folder.tree, { python: "y" });
    await verifyContents(folder, stamp, progress);
    assert.match(progress.notes[0] ?? "", /Lib\/csv\.py\).*from the source again/);
    assert.match(progress.notes[1] ?? "", /Lib\/csv\.py and 1 more\).*from scratch/);
  });
});

/** When this fails, the record changed its form: CONTENTS_VERSION must go up. */
test("the record of a build's contents has the form of its version", async () => {
  const { folder } = await built();
  const text = readFileSync(join(folder.path, "contents.json"), "utf8");
  assert.match(text, /^\{"contentsVersion":1,"files":\{"Lib\/csv\.py":\{"state":"[\d. ]+","hash":"[0-9a-f]{64}"\},/);
  assert.equal(
    Object.keys(JSON.parse(text).files).length,
    readdirSync(folder.tree, { recursive: true, withFileTypes: true }).filter((entry) => !entry.isDirectory()).length,
  );
});
