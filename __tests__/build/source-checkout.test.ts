import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { hash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { copyFiles, folderAt } from "../../src/build/build-folder.ts";
import { openSource, type SourceTree } from "../../src/build/source.ts";
import { commitOf } from "../../src/git/git.ts";
import { UserError } from "../../src/model/user-error.ts";
import { Processes } from "../../src/system/processes.ts";
import { cpythonFolder, temporaryFolder, writeFiles } from "../support/folders.ts";

const open = (path: string, processes = new Processes(process.env)): Promise<SourceTree> => openSource(path, processes);

function git(folder: string, ...args: readonly string[]): void {
  const identity = ["-c", "user.name=Tester", "-c", "user.email=tester@example.com", "-c", "init.defaultBranch=main"];
  execFileSync("git", [...identity, ...args], { cwd: folder, stdio: "ignore" });
}

function checkout(files: Readonly<Record<string, string>> = {}): string {
  const folder = cpythonFolder(files);
  git(folder, "init");
  git(folder, "add", ".");
  git(folder, "commit", "-m", "all");
  return folder;
}

suite("a git checkout", () => {
  test("a git checkout has tracked and new files, less what .gitignore names", async () => {
    const folder = checkout({ ".gitignore": "*.o\n/build/\n", "Makefile.pre.in": "x" });
    writeFiles(folder, { "Modules/new.c": "new", "Modules/_csv.o": "o", "build/x.py": "x", "Lib/naïve ü.py": "u" });
    const names = [...(await open(folder)).files.keys()];
    assert.deepEqual(names, [
      ".gitignore",
      "Include/patchlevel.h",
      "Lib/csv.py",
      "Lib/naïve ü.py",
      "Makefile.pre.in",
      "Modules/_csv.c",
      "Modules/new.c",
      "configure",
    ]);
  });

  test("a git checkout is as its files are now, not as they were committed", async () => {
    const folder = checkout();
    const before = await open(folder);
    rmSync(join(folder, "Lib/csv.py"));
    writeFiles(folder, { "Modules/_csv.c": "changed" });
    const now = await open(folder);
    assert.equal(now.files.has("Lib/csv.py"), false);
    assert.notEqual(now.files.get("Modules/_csv.c")?.hash, before.files.get("Modules/_csv.c")?.hash);
  });

  test("a git checkout and an exported source have the user's Modules/Setup.local, but not configure's, which has only a comment", async () => {
    for (const folder of [checkout({ ".gitignore": "/Modules/Setup.local\n" }), cpythonFolder()]) {
      writeFiles(folder, { "Modules/Setup.local": "# Edit this file for local setup changes\n" });
      const before = await open(folder);
      assert.equal(before.files.has("Modules/Setup.local"), false);
      writeFiles(folder, { "Modules/Setup.local": "# Edit this file for local setup changes\n*disabled*\n_sqlite3\n" });
      const now = await open(folder);
      assert.equal(now.files.get("Modules/Setup.local")?.kind, "file");
      assert.notEqual(now.contentHash, before.contentHash);
    }
  });

  test("a git checkout has a link that replaced a folder, and the files that it leads to stay as they are", async () => {
    const folder = checkout({ "Lib/test/test_csv.py": "old" });
    const elsewhere = temporaryFolder();
    writeFiles(elsewhere, { "test_csv.py": "new" });
    rmSync(join(folder, "Lib/test"), { recursive: true });
    symlinkSync(elsewhere, join(folder, "Lib/test"));
    const source = await open(folder);
    const copy = folderAt(temporaryFolder());
    copyFiles(copy, source, source.files.keys(), "old");
    assert.deepEqual([source.files.get("Lib/test")?.kind, source.files.has("Lib/test/test_csv.py")], ["link", false]);
    assert.equal(readFileSync(join(elsewhere, "test_csv.py"), "utf8"), "new");
  });

  test("a git checkout has the same hash as the same files exported", async () => {
    assert.equal((await open(checkout())).contentHash, (await open(cpythonFolder())).contentHash);
  });

  test("a git checkout knows its commit, and an exported or empty source has none", async () => {
    assert.match((await commitOf(checkout(), new Processes(process.env))) ?? "", /^[0-9a-f]{40}$/);
    assert.equal(await commitOf(cpythonFolder(), new Processes(process.env)), null);
    const empty = temporaryFolder();
    git(empty, "init");
    assert.equal(await commitOf(empty, new Processes(process.env)), null);
  });
});

suite("names of any form", () => {
  const odd = ["Lib/new\nline.py", 'Lib/"quoted".py', "Lib/a\ttab.py", "Lib/back\\slash.py", "Lib/ blank .py", "Lib/ü.py"];
  const files = Object.fromEntries(odd.map((name) => [name, name]));

  test("files with names of any form are read and copied, from a checkout and from an exported source", async () => {
    const fresh = checkout();
    writeFiles(fresh, files);
    for (const folder of [checkout(files), fresh, cpythonFolder(files)]) {
      const source = await open(folder);
      const copy = folderAt(temporaryFolder());
      copyFiles(copy, source, source.files.keys(), "old");
      assert.deepEqual(
        odd.map((name) => readFileSync(join(copy.tree, name), "utf8")),
        odd,
      );
    }
  });

  test("file names of any form can't make two sources look the same", async () => {
    const [two, one] = [cpythonFolder({ "Lib/a": "x", "Lib/b": "y" }), cpythonFolder()];
    const { hash } = (await open(two)).files.get("Lib/b") ?? {};
    writeFiles(one, { [`Lib/a\nfile ${hash} Lib/b`]: "x" });
    assert.notEqual((await open(two)).contentHash, (await open(one)).contentHash);
  });

  test("file names that are not UTF-8 are refused, unless git ignores the file", async () => {
    for (const folder of [checkout(), cpythonFolder()]) {
      mkdirSync(join(folder, "Doc"));
      writeFileSync(Buffer.concat([Buffer.from(join(folder, "Doc", "caf")), Buffer.of(0xe9)]), "");
      await open(folder);
      writeFileSync(Buffer.concat([Buffer.from(join(folder, "Lib", "caf")), Buffer.of(0xe9)]), "");
      await assert.rejects(open(folder), (error) => error instanceof UserError && error.message.includes('"Lib/café"'));
    }
  });
});

suite("a source that changes while it is read", () => {
  /** A checkout with the branches `one` and `two`, whose every file in `Lib/switched` has the branch's name in it. */
  function switching(): { folder: string; commits: Readonly<Record<string, string>> } {
    const folder = checkout();
    const commit = (branch: string): string => {
      git(folder, "checkout", "-q", "-b", branch);
      writeFiles(folder, Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`Lib/switched/m${index}.py`, branch])));
      git(folder, "add", ".");
      git(folder, "commit", "-q", "-m", branch);
      return execFileSync("git", ["rev-parse", "HEAD"], { cwd: folder, encoding: "utf8" }).trim();
    };
    return { folder, commits: { [hash("sha256", "one")]: commit("one"), [hash("sha256", "two")]: commit("two") } };
  }

  const isRefusal = (error: unknown): boolean => error instanceof UserError && / changed while /.test(error.message);

  test("a source that another process switches between branches is read as one of them, with its commit, or not at all", async () => {
    const { folder, commits } = switching();
    const script = "while :; do git checkout -q one; sleep 0.5; git checkout -q two; sleep 0.5; done";
    const switcher = spawn("sh", ["-c", script], { cwd: folder, stdio: "ignore", detached: true });
    const seen: unknown[] = [];
    try {
      for (let round = 0; round < 15; round++) {
        const source = await open(folder).catch((error: unknown) => assert.ok(isRefusal(error)));
        const hashes = new Set([...(source?.files ?? [])].flatMap(([name, file]) => (name.startsWith("Lib/switched/") ? [file.hash] : [])));
        const [only = ""] = hashes;
        if (source !== undefined) assert.deepEqual([hashes.size, source.commit], [1, commits[only]]);
        seen.push(source?.commit);
      }
    } finally {
      process.kill(-(switcher.pid ?? 0), "SIGKILL");
    }
    assert.ok(seen.some((commit) => commit !== undefined));
  });

  test("a source that changes all the time is refused, and the message names a file", async () => {
    const folder = checkout();
    const bin = temporaryFolder();
    const real = execFileSync("sh", ["-c", "command -v git"], { encoding: "utf8" }).trim();
    // Each look at the source finds another one.
    writeFileSync(join(bin, "git"), `#!/bin/sh\necho x >> "${folder}/Lib/csv.py"\nexec "${real}" "$@"\n`, { mode: 0o755 });
    const processes = new Processes({ ...process.env, PATH: `${bin}:${process.env.PATH}` });
    const isRight = (error: unknown): boolean => isRefusal(error) && error instanceof Error && error.message.includes("Lib/csv.py");
    await assert.rejects(open(folder, processes), isRight);
  });
});
