import assert from "node:assert/strict";
import { hash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import {
  type BuildFolder,
  buildFolder,
  changedFiles,
  copyFiles,
  isBuildOf,
  readStamp,
  removeStamp,
  requireUnchanged,
  type Stamp,
  writeStamp,
} from "../../src/build/build-folder.ts";
import { SOURCE_TIME } from "../../src/build/recipe.ts";
import type { SourceFile, SourceTree } from "../../src/build/source.ts";
import { UserError } from "../../src/model/user-error.ts";
import { temporaryFolder, writeFiles } from "../support/folders.ts";
import { SOURCE } from "../support/prepared.ts";

/** A file of this content. */
const file = (content: string, kind: SourceFile["kind"] = "file"): SourceFile => ({ hash: hash("sha256", content), kind });

const treeOf = (files: Readonly<Record<string, SourceFile>>, path = "/checkout"): SourceTree => ({
  ...SOURCE,
  path,
  files: new Map(Object.entries(files)),
});

const stampOf = (files: Readonly<Record<string, SourceFile>>): Stamp => ({
  stampVersion: 3,
  key: "key",
  state: "built",
  tree: "/builds/key/tree",
  time: 1_700_000_000_000,
  files: { ...files },
});

suite("what changed between a build and a source", () => {
  const before = { "Modules/_csv.c": file("a"), "Lib/csv.py": file("b"), "Tools/run": file("c", "executable") };
  const changed = (now: Readonly<Record<string, SourceFile>>) => changedFiles(stampOf(before), treeOf(now))?.toSorted();

  test("nothing has changed between a build and its source if all is the same", () => assert.deepEqual(changed(before), []));

  test("what changed since a build is every file that was added, removed, or has other content or another kind", () => {
    assert.deepEqual(changed({ ...before, "Modules/new.c": file("n") }), ["Modules/new.c"]);
    assert.deepEqual(changed({ "Modules/_csv.c": file("a"), "Tools/run": file("c", "executable") }), ["Lib/csv.py"]);
    assert.deepEqual(changed({ ...before, "Lib/csv.py": file("x") }), ["Lib/csv.py"]);
    assert.deepEqual(changed({ ...before, "Tools/run": file("c") }), ["Tools/run"]);
    assert.deepEqual(changed({ ...before, "Lib/csv.py": file("b", "link") }), ["Lib/csv.py"]);
  });

  test("a build starts over if a changed file decides how all the rest is compiled", () => {
    for (const name of [
      "configure",
      "Makefile.pre.in",
      "pyconfig.h.in",
      "Modules/Setup",
      "Modules/Setup.stdlib.in",
      "Modules/makesetup",
      "Misc/python.pc.in",
      "Misc/platform_triplet.c",
      "Include/cpython/pyatomic_gcc.h",
    ]) {
      assert.equal(changed({ ...before, [name]: file("n") }), undefined, name);
      assert.equal(changedFiles(stampOf({ ...before, [name]: file("n") }), treeOf(before)), undefined, name);
    }
    for (const name of ["configure.ac", "Lib/configure", "Modules/_csv/configure", "Modules/setup.c", "Lib/test/x.in"]) {
      assert.deepEqual(changed({ ...before, [name]: file("n") }), [name]);
    }
  });
});

test("a build of 3.11, whose modules setup.py compiles, starts over for all but the library", () => {
  const old = (files: Readonly<Record<string, SourceFile>>): SourceTree => ({ ...treeOf(files), version: "3.11.2" });
  const before = stampOf({ "Modules/_csv.c": file("a"), "Lib/csv.py": file("b") });
  assert.deepEqual(changedFiles(before, old({ "Modules/_csv.c": file("a"), "Lib/csv.py": file("n") })), ["Lib/csv.py"]);
  assert.equal(changedFiles(before, old({ "Modules/_csv.c": file("n"), "Lib/csv.py": file("b") })), undefined);
});

test("a build is of a source by its files, and not by a short key that another source may have too", () => {
  const [files, others] = [{ "Lib/csv.py": file("a") }, { "Lib/csv.py": file("b") }];
  assert.equal(isBuildOf(stampOf(files), "key", treeOf(files)), true);
  assert.equal(isBuildOf(stampOf(files), "key", treeOf(others)), false);
  assert.equal(isBuildOf(stampOf(files), "other key", treeOf(files)), false);
  assert.equal(isBuildOf({ ...stampOf(files), state: "failed" }, "key", treeOf(files)), false);
});

suite("the stamp of a build", () => {
  const built = (): BuildFolder => {
    const folder = buildFolder(temporaryFolder(), "3.13.5-0123");
    mkdirSync(folder.tree, { recursive: true });
    return folder;
  };
  const stampPath = (folder: BuildFolder): string => join(folder.path, "stamp.json");

  test("the stamp of a build is read as it was written, in the form of its version", async () => {
    const folder = built();
    const files = Object.fromEntries(SOURCE.files);
    await writeStamp(folder, { key: "the key", state: "built", time: 1234, files });
    assert.deepEqual(await readStamp(folder), { stampVersion: 3, key: "the key", state: "built", tree: folder.tree, time: 1234, files });
    const text =
      '{"stampVersion":3,"tree":"TREE","key":"the key","state":"built","time":1234,"files":{"Modules/_csv.c":{"hash":"aa","kind":"file"}}}';
    assert.equal(readFileSync(stampPath(folder), "utf8").replace(folder.tree, "TREE"), text);
  });

  test("the stamp of a build does not exist before the build ends, nor after it was removed", async () => {
    const folder = built();
    assert.equal(await readStamp(folder), undefined);
    await writeStamp(folder, { key: "the key", state: "failed", time: 1234, files: {} });
    assert.equal((await readStamp(folder))?.state, "failed");
    await removeStamp(folder);
    await removeStamp(folder);
    assert.equal(await readStamp(folder), undefined);
  });

  test("the stamp of a build is rejected when it is damaged, of another version, or without its tree", async () => {
    const folder = built();
    for (const text of [
      "",
      "{",
      "null",
      "[]",
      '{"stampVersion":3}',
      JSON.stringify({ ...stampOf({}), stampVersion: 1 }),
      JSON.stringify({ ...stampOf({}), files: { a: 1 } }),
    ]) {
      writeFileSync(stampPath(folder), text);
      assert.equal(await readStamp(folder), undefined, text);
    }
    for (const name of ["../x", "/x", "a/../x", "a/..", "..", ""]) {
      writeFileSync(stampPath(folder), JSON.stringify(stampOf({ [name]: file("a") })));
      assert.equal(await readStamp(folder), undefined, name);
    }
    writeFileSync(stampPath(folder), JSON.stringify(stampOf({})));
    assert.ok(await readStamp(folder));
    assert.equal(await readStamp({ ...folder, tree: join(folder.path, "elsewhere") }), undefined);
  });
});

suite("copying files of a source", () => {
  const OLD = new Date("2020-01-01T00:00:00Z");

  async function copied(): Promise<{ source: SourceTree; folder: BuildFolder; at: (name: string) => string }> {
    const root = temporaryFolder();
    const path = join(root, "source");
    writeFiles(path, { "Lib/a.py": "a", "Lib/b.py": "b", "Tools/run.sh": "#!/bin/sh\n" });
    symlinkSync("a.py", join(path, "Lib/link.py"));
    const source = treeOf(
      {
        "Lib/a.py": file("a"),
        "Lib/b.py": file("b"),
        "Lib/link.py": file("a.py", "link"),
        "Tools/run.sh": file("#!/bin/sh\n", "executable"),
      },
      path,
    );
    const folder = buildFolder(join(root, "work"), "key");
    copyFiles(folder, source, source.files.keys(), "old");
    return { source, folder, at: (name) => join(folder.tree, name) };
  }

  test("copying a source takes content, links and the right to run", async () => {
    const { at } = await copied();
    assert.equal(readFileSync(at("Lib/b.py"), "utf8"), "b");
    assert.equal(readlinkSync(at("Lib/link.py")), "a.py");
    assert.equal(statSync(at("Tools/run.sh")).mode & 0o111, 0o111);
    assert.equal(statSync(at("Lib/a.py")).mode & 0o111, 0);
  });

  test("copying a source gives old files one old time and changed files a new one, and leaves all else alone", async () => {
    const { source, folder, at } = await copied();
    assert.deepEqual(
      ["Lib/a.py", "Lib/b.py"].map((name) => statSync(at(name)).mtimeMs),
      [SOURCE_TIME * 1000, SOURCE_TIME * 1000],
    );
    const began = Date.now();
    writeFiles(source.path, { "Lib/b.py": "changed" });
    utimesSync(join(source.path, "Lib/b.py"), OLD, OLD);
    copyFiles(folder, treeOf({ ...Object.fromEntries(source.files), "Lib/b.py": file("changed") }, source.path), ["Lib/b.py"], "new");
    assert.equal(statSync(at("Lib/a.py")).mtimeMs, SOURCE_TIME * 1000);
    // A tick of the file system's clock is some milliseconds long.
    assert.ok(statSync(at("Lib/b.py")).mtimeMs > began - 100);
    assert.equal(readFileSync(at("Lib/b.py"), "utf8"), "changed");
  });

  test("copying a source gives the same modes whatever the checkout has", async () => {
    const { source, folder, at } = await copied();
    chmodSync(join(source.path, "Lib/a.py"), 0o440);
    chmodSync(join(source.path, "Tools/run.sh"), 0o700);
    copyFiles(folder, source, ["Lib/a.py", "Tools/run.sh"], "new");
    assert.deepEqual(
      ["Lib/a.py", "Tools/run.sh"].map((name) => statSync(at(name)).mode & 0o777),
      [0o644, 0o755],
    );
  });

  test("copying a source leaves no folder empty, which Python would take for a package", async () => {
    const { source, folder, at } = await copied();
    writeFiles(source.path, { "Lib/p/q/x.py": "x" });
    const having = treeOf({ ...Object.fromEntries(source.files), "Lib/p/q/x.py": file("x") }, source.path);
    copyFiles(folder, having, ["Lib/p/q/x.py"], "new");
    copyFiles(folder, source, ["Lib/p/q/x.py"], "new");
    assert.deepEqual([existsSync(at("Lib/p")), existsSync(at("Lib"))], [false, true]);
  });

  test("copying a source deletes files that the source does not have, and never writes through a link", async () => {
    const { source, folder, at } = await copied();
    rmSync(join(source.path, "Lib/link.py"));
    writeFiles(source.path, { "Lib/link.py": "x" });
    copyFiles(folder, treeOf({ "Lib/link.py": file("x") }, source.path), ["Lib/b.py", "Lib/link.py"], "new");
    assert.equal(existsSync(at("Lib/b.py")), false);
    assert.equal(lstatSync(at("Lib/link.py")).isSymbolicLink(), false);
    assert.equal(readFileSync(at("Lib/a.py"), "utf8"), "a");
  });

  test("copying a source puts a file where a folder was, and a folder where a file was", async () => {
    const { source, folder, at } = await copied();
    const other = join(source.path, "..", "other");
    writeFiles(other, { Lib: "now a file", "Tools/run.sh/deep.py": "now a folder" });
    const now = treeOf({ Lib: file("now a file"), "Tools/run.sh/deep.py": file("now a folder") }, other);
    const names = changedFiles(stampOf(Object.fromEntries(source.files)), now);
    copyFiles(folder, now, names ?? [], "new");
    assert.equal(readFileSync(at("Lib"), "utf8"), "now a file");
    assert.equal(readFileSync(at("Tools/run.sh/deep.py"), "utf8"), "now a folder");
  });

  test("copying a source refuses a file that changed since the source was read", async () => {
    const changes: readonly ((path: string) => void)[] = [
      (path) => writeFileSync(join(path, "Lib/b.py"), "c"),
      (path) => rmSync(join(path, "Lib/b.py")),
      (path) => {
        rmSync(join(path, "Lib/b.py"));
        mkdirSync(join(path, "Lib/b.py"));
      },
      (path) => {
        rmSync(join(path, "Lib/b.py"));
        symlinkSync("a.py", join(path, "Lib/b.py"));
      },
    ];
    for (const change of changes) {
      const { source, folder } = await copied();
      change(source.path);
      const refused = (error: unknown): boolean => error instanceof UserError && /changed while .*: Lib\/b\.py/.test(error.message);
      assert.throws(() => copyFiles(folder, source, ["Lib/a.py", "Lib/b.py"], "new"), refused);
      assert.throws(() => requireUnchanged(source, ["Lib/a.py", "Lib/b.py"]), refused);
      requireUnchanged(source, ["Lib/a.py", "Lib/link.py", "Lib/gone.py"]);
    }
  });
});
