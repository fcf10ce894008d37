import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { hash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { suite, test } from "node:test";
import { packBuild, type Unpacked, type Useless, unpackBuild } from "../../src/build/build-archive.ts";
import { type BuildFolder, buildFolder, copyFiles, readStamp, type Stamp, writeStamp } from "../../src/build/build-folder.ts";
import { SOURCE_TIME } from "../../src/build/recipe.ts";
import type { SourceTree } from "../../src/build/source.ts";
import { Processes } from "../../src/system/processes.ts";
import { temporaryFolder, writeFiles } from "../support/folders.ts";
import { SOURCE } from "../support/prepared.ts";

const processes = new Processes(process.env);
const RECIPE = "3.13.5-0123";
const KEY = `${RECIPE}-4567`;
/** A time with nanoseconds, to detect rounding. */
const TIME = 1_700_000_000_123_456_789n;

const SOURCES = { "Lib/csv.py": "import _csv\n", "Lib/os.py": "import posix\n", "Modules/_csv.c": "int csv;\n" };
const BUILT = {
  Makefile: "abs_builddir= TREE\n",
  "Modules/_csv.o": "object of TREE",
  "Lib/__pycache__/csv.cpython-313.pyc": "byte code",
  "build/lib/__pycache__/sysconfig.cpython-313.pyc": "of another folder",
  "build/test_python_12/left": "by a test",
  python: "#!/bin/sh\n",
};

function sourceAt(path: string, files: Readonly<Record<string, string>>): SourceTree {
  writeFiles(path, files);
  const entries = Object.entries(files).map(([name, content]) => [name, { hash: hash("sha256", content), kind: "file" as const }] as const);
  return { ...SOURCE, path, files: new Map(entries) };
}

/** A build of a source, and its archive. */
async function packed(): Promise<{ root: string; source: SourceTree; folder: BuildFolder; archive: string; stamp: Stamp }> {
  const root = temporaryFolder();
  const source = sourceAt(join(root, "source"), SOURCES);
  const folder = buildFolder(join(root, "work"), RECIPE);
  copyFiles(folder, source, source.files.keys(), "old");
  writeFiles(folder.tree, Object.fromEntries(Object.entries(BUILT).map(([name, text]) => [name, text.replace("TREE", folder.tree)])));
  symlinkSync("../../Modules/_csv.o", join(folder.tree, "build/lib/_csv.so"));
  writeFiles(folder.probe, { "0123/runner.py": "pass\n" });
  spawnSync("touch", ["-d", `@${TIME / 1_000_000_000n}.${TIME % 1_000_000_000n}`, join(folder.tree, "Modules/_csv.o")]);
  await writeStamp(folder, { key: KEY, state: "built", time: 1234, files: Object.fromEntries(source.files) });
  const stamp = await readStamp(folder);
  assert.ok(stamp);
  const archive = join(root, "archive");
  assert.equal(await packBuild(folder, stamp, archive, processes), statSync(archive).size);
  return { root, source, folder, archive, stamp };
}

/** Another machine's empty folder. */
async function unpack(
  archive: string,
  source: SourceTree,
  recipeKey = RECIPE,
  key = KEY,
): Promise<{ unpacked: Unpacked; folder: BuildFolder }> {
  const folder = buildFolder(join(temporaryFolder(), "elsewhere"), RECIPE);
  mkdirSync(folder.path, { recursive: true });
  return { unpacked: await unpackBuild(archive, { folder, recipeKey, key, source }, processes), folder };
}

/** An archive of a folder's content, whatever that is. */
function tar(folder: string, ...args: readonly string[]): string {
  const archive = join(temporaryFolder(), "archive");
  const ended = spawnSync("tar", ["-c", "-P", "-I", "zstd -q --long=27", "-f", archive, "-C", folder, ...args]);
  assert.equal(ended.status, 0, `${ended.stderr}`);
  return archive;
}

const codeOf = ({ unpacked }: { unpacked: Unpacked }): string => (unpacked.kind === "useless" ? unpacked.why.code : "(unpacked)");

suite("a packed build", () => {
  test("an unpacked build has the source that it is unpacked for, and all of its old times", async () => {
    const { archive, source, stamp } = await packed();
    const { unpacked, folder } = await unpack(archive, source);
    assert.deepEqual(unpacked, { kind: "unpacked", stamp });
    assert.equal(readFileSync(join(folder.tree, "Lib/csv.py"), "utf8"), SOURCES["Lib/csv.py"]);
    assert.equal(statSync(join(folder.tree, "Lib/csv.py")).mtimeMs, SOURCE_TIME * 1000);
    assert.equal(statSync(join(folder.tree, "Modules/_csv.o"), { bigint: true }).mtimeNs, TIME);
    assert.equal(readlinkSync(join(folder.tree, "build/lib/_csv.so")), "../../Modules/_csv.o");
    assert.deepEqual(readdirSync(folder.path).sort(), ["tree"]);
  });

  test("a packed build contains no source, tests, probe, or files written by runs", async () => {
    const { archive } = await packed();
    const listed = spawnSync("tar", ["-t", "-I", "zstd -d --long=27", "-f", archive], { encoding: "utf8" }).stdout.trim().split("\n");
    const tree = ["Lib/__pycache__/csv.cpython-313.pyc", "Makefile", "Modules/_csv.o", "build/lib/_csv.so", "python"];
    assert.deepEqual(listed, ["stamp.json", ...tree.map((name) => `tree/${name}`)]);
  });

  test("a packed build takes no file from a source in which the file differs", async () => {
    const { archive, root } = await packed();
    const { "Lib/os.py": _, ...others } = SOURCES;
    const now = sourceAt(join(root, "now"), { ...others, "Lib/csv.py": "changed\n", "Lib/new.py": "new\n" });
    const { folder } = await unpack(archive, now);
    const files = readdirSync(join(folder.tree, "Lib")).concat(readdirSync(join(folder.tree, "Modules")));
    assert.deepEqual(files.sort(), ["__pycache__", "_csv.c", "_csv.o"]);
  });

  test("a packed build names its new folder where text names the old one, and keeps the time of that text", async () => {
    const { archive, source, folder: old } = await packed();
    const { folder } = await unpack(archive, source);
    assert.equal(readFileSync(join(folder.tree, "Makefile"), "utf8"), `abs_builddir= ${folder.tree}\n`);
    assert.ok(Math.abs(statSync(join(folder.tree, "Makefile")).mtimeMs - statSync(join(old.tree, "Makefile")).mtimeMs) < 0.01);
    assert.equal(readFileSync(join(folder.tree, "Modules/_csv.o"), "utf8"), `object of ${old.tree}`);
  });

  test("a packed build replaces the folder's content", async () => {
    const { archive, source, folder } = await packed();
    writeFiles(folder.tree, { "left/over.py": "x" });
    assert.equal((await unpackBuild(archive, { folder, recipeKey: RECIPE, key: KEY, source }, processes)).kind, "unpacked");
    assert.equal(existsSync(join(folder.tree, "left")), false);
  });
});

suite("a packed build that cannot be used", () => {
  async function refused(archive: string, source: SourceTree, code: Useless["code"], recipeKey = RECIPE, key = KEY): Promise<void> {
    const result = await unpack(archive, source, recipeKey, key);
    assert.equal(codeOf(result), code);
    assert.deepEqual(readdirSync(result.folder.path), []);
  }

  test("a packed build is refused, and its folder stays as it was, when it is cut off anywhere, empty or missing", async () => {
    const { archive, source } = await packed();
    const { size } = statSync(archive);
    for (const part of [0, 0.1, 0.5, 0.9, 1]) {
      const cut = join(temporaryFolder(), "cut");
      copyFileSync(archive, cut);
      truncateSync(cut, Math.max(0, Math.floor(size * part) - 1));
      await refused(cut, source, "damaged");
    }
    await refused(join(temporaryFolder(), "nothing"), source, "damaged");
  });

  test("a packed build is refused when one of its bytes is changed, unless that has no effect", async () => {
    const { archive, source, stamp, folder: before } = await packed();
    const bytes = readFileSync(archive);
    for (let place = 0; place < bytes.length; place += Math.ceil(bytes.length / 40)) {
      const other = join(temporaryFolder(), "other");
      writeFileSync(other, bytes.with(place, (bytes[place] ?? 0) ^ 0x55));
      const { unpacked, folder } = await unpack(other, source);
      if (unpacked.kind === "useless") continue;
      assert.deepEqual(unpacked.stamp, stamp, `byte ${place}`);
      assert.deepEqual(readFileSync(join(folder.tree, "Modules/_csv.o")), readFileSync(join(before.tree, "Modules/_csv.o")));
    }
  });

  test("a packed build is refused when it is something else", async () => {
    const { source, folder } = await packed();
    const text = join(temporaryFolder(), "text");
    writeFileSync(text, "<html>502 Bad Gateway</html>");
    await refused(text, source, "damaged");
    await refused(tar(folder.path, "tree"), source, "no-build");
  });

  test("a packed build is refused when it has another recipe or version, failed, or is from the future", async () => {
    const { archive, source, folder, stamp } = await packed();
    await refused(archive, source, "other-recipe", "3.13.5-01");
    for (const [change, code] of [
      [{ state: "failed" }, "no-build"],
      [{ stampVersion: 1 }, "no-build"],
      [{ time: Date.now() + 3_600_000 }, "from-the-future"],
      [{ files: { "../../x": { hash: "a", kind: "file" } } }, "no-build"],
    ] as const) {
      writeFileSync(join(folder.path, "stamp.json"), JSON.stringify({ ...stamp, ...change }));
      await refused(tar(folder.path, "stamp.json", "tree"), source, code);
    }
  });

  test("a packed build of 3.11 is refused in another folder, since its modules name the one it was built in", async () => {
    const { archive, source, folder } = await packed();
    const old = { ...source, version: "3.11.2" };
    await refused(archive, old, "other-folder");
    assert.equal((await unpackBuild(archive, { folder, recipeKey: RECIPE, key: KEY, source: old }, processes)).kind, "unpacked");
  });

  test("a packed build is refused when it is another build than its name says", async () => {
    const { archive, source } = await packed();
    await refused(archive, source, "other-key", RECIPE, `${RECIPE}-4568`);
  });

  test("a packed build is refused when configure would do something else with the source", async () => {
    const { archive, root } = await packed();
    await refused(archive, sourceAt(join(root, "now"), { ...SOURCES, configure: "changed\n" }), "other-configuration");
  });
});

suite("a hostile packed build", () => {
  test("a malicious packed build brings no probe, and leaves none that is of another build", async () => {
    const { source, folder } = await packed();
    const theirs = tar(folder.path, "stamp.json", "tree", "probe");
    assert.ok(existsSync(join(folder.probe, "0123/runner.py")));
    for (const to of [(await unpack(theirs, source)).folder, folder]) {
      assert.equal((await unpackBuild(theirs, { folder: to, recipeKey: RECIPE, key: KEY, source }, processes)).kind, "unpacked");
      assert.equal(existsSync(to.probe), false);
    }
  });

  test("a malicious packed build writes nothing outside of its folder by the names of its files", async () => {
    const { source, folder } = await packed();
    const outside = join(temporaryFolder(), "outside");
    writeFiles(dirname(outside), { outside: "theirs" });
    const hostile = tar(
      folder.path,
      "stamp.json",
      "tree",
      outside,
      `../../${"x".repeat(8)}/../../source/Lib/csv.py`.replace("xxxxxxxx/../", ""),
    );
    writeFileSync(outside, "mine");
    await unpack(hostile, source);
    assert.equal(readFileSync(outside, "utf8"), "mine");
  });

  test("a malicious packed build is refused for links that lead out of it, and nothing is written through them", async () => {
    const { source, folder } = await packed();
    const outside = temporaryFolder();
    writeFiles(outside, { "file.txt": "mine" });
    for (const [name, target] of [
      ["Lib/test", outside],
      ["Lib/file.txt", join(outside, "file.txt")],
      ["Lib/nothing", join(outside, "nothing")],
      ["Lib/up", "../../../.."],
    ] as const) {
      symlinkSync(target, join(folder.tree, name));
      const more = sourceAt(source.path, { ...SOURCES, "Lib/test/x.py": "x\n" });
      const result = await unpack(tar(folder.path, "stamp.json", "tree"), more);
      assert.equal(codeOf(result), "leads-out", name);
      assert.deepEqual(readdirSync(outside), ["file.txt"]);
      assert.equal(lstatSync(join(folder.tree, name)).isSymbolicLink(), true);
      spawnSync("rm", [join(folder.tree, name)]);
    }
  });

  test("a malicious packed build is refused for anything but files and links", async () => {
    const { source, folder } = await packed();
    for (const name of ["tree/Lib/pipe", "stamp.json"]) {
      spawnSync("rm", ["-f", join(folder.path, name)]);
      spawnSync("mkfifo", [join(folder.path, name)]);
      assert.equal(codeOf(await unpack(tar(folder.path, "stamp.json", "tree"), source)), "leads-out", name);
    }
  });

  test("a malicious packed build is refused for folders where the source has files, and files where it has folders", async () => {
    for (const name of ["tree/Lib/csv.py/inner", "tree/Lib"]) {
      const { source, folder } = await packed();
      spawnSync("rm", ["-r", join(folder.path, name.replace("/inner", ""))]);
      writeFiles(folder.path, { [name]: "in the way" });
      const other = await unpack(tar(folder.path, "stamp.json", "tree"), source);
      assert.equal(codeOf(other), "other-files", name);
      assert.deepEqual(readdirSync(other.folder.path), []);
    }
  });
});
