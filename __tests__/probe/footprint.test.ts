import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import {
  decodeRecord,
  encodeList,
  type ListedObject,
  listFunctions,
  type RawFootprint,
  WAS_RUN,
} from "../../src/affected/footprint-files.ts";
import { ROOT } from "../support/command.ts";
import { temporaryFolder, writeFiles } from "../support/folders.ts";

const isHere = process.arch === "x64";

suite("a recorded process", { skip: isHere ? false : "src/probe/footprint.c is for x86_64" }, () => {
  const folder = temporaryFolder();
  let objects: readonly ListedObject[] = [];

  before(() => {
    const gcc = (...args: string[]) => execFileSync("gcc", ["-O1", "-g", ...args], { cwd: folder });
    gcc("-Wall", "-shared", "-fPIC", "-o", "footprint.so", join(ROOT, "src", "probe", "footprint.c"));
    gcc("-pthread", "-o", "program", join(ROOT, "__tests__", "probe", "programs", "footprint-program.c"));
    writeFiles(folder, { "library.c": "int n; void in_library(void) { n++; }\nvoid not_called(void) { n++; }\n", "tree/file.txt": "x" });
    gcc("-shared", "-fPIC", "-o", "library.so", "library.c");
    objects = ["program", "library.so"].map((name) => listFunctions(join(folder, name), readFileSync(join(folder, name))));
    const roots = [join(folder, "tree"), folder].map((path) => ({ path, prefix: "" }));
    writeFileSync(join(folder, "list"), encodeList({ objects, roots: roots.slice(0, 1), isStrict: false }));
    writeFileSync(join(folder, "strict"), encodeList({ objects, roots, isStrict: true }));
    for (const [name, count] of [
      ["many", 4095],
      ["too-many", 4096],
    ] as const) {
      const others = Array.from({ length: count }, (_, index) => ({ path: `/none/${index}`, prefix: "" }));
      writeFileSync(join(folder, name), encodeList({ objects, roots: [...others, ...roots.slice(0, 1)], isStrict: false }));
    }
  });

  interface Recorded extends RawFootprint {
    readonly functions: readonly string[];
    /** What the worker itself ran. */
    readonly shared: readonly string[];
    readonly stdout: string;
  }

  const record = (...args: readonly string[]): Recorded => recordBy("list", ...args);

  function recordBy(list: "list" | "strict" | "many" | "too-many", ...args: readonly string[]): Recorded {
    const at = (name: string): string => join(folder, name);
    for (const name of ["shared", "test"]) writeFileSync(at(name), "");
    const env = { LD_PRELOAD: at("footprint.so"), CPYTHON_MEMCHECK_FOOTPRINT: `${at(list)}:${at("shared")}` };
    // As the check starts it: by a program that has the same environment.
    const { stdout } = spawnSync("env", [at("program"), at("test"), ...args], { env, encoding: "utf8", timeout: 20_000 });
    const keys = objects.flatMap(({ functions }) => functions.map((one) => one.keys));
    const read = (name: string): RawFootprint => decodeRecord(readFileSync(at(name)), keys.length);
    const named = ({ hits }: RawFootprint): string[] =>
      keys
        .flatMap((names, index) => (hits[index] === WAS_RUN ? names : []))
        .filter((name) => /(^|:)(in|at|after|while|never|not)_/.test(name));
    return { ...read("test"), functions: named(read("test")), shared: named(read("shared")), stdout };
  }

  test("a process's footprint has the functions that it ran since the fork, unless its parent's record has them", () => {
    const { functions, shared, gap, stdout } = record("plain");
    assert.deepEqual(functions, ["in_test"]);
    assert.deepEqual(shared.toSorted(), ["at_start", "in_both"]);
    assert.equal(gap, null);
    assert.equal(stdout, "child 0\n");
  });

  test("a process's footprint has the functions that its forks ran", () => {
    assert.ok(record("fork").functions.includes("in_child"));
  });

  test("a process's footprint has the functions of an interpreter that it starts with any environment, which sees no difference", () => {
    const { functions, gap, stdout } = record("start");
    assert.ok(functions.includes("in_started"));
    assert.ok(functions.includes("in_vfork"));
    assert.equal(gap, null);
    assert.equal(stdout, "- - -\n0\n/nowhere.so 1 -\n0\nchild 0\n");
    assert.ok(record("spawn").functions.includes("in_started"));
  });

  test("a process's footprint has a gap if it starts an interpreter as a user who cannot write the record", {
    skip: process.getuid?.() === 0 ? false : "only root may start a process as another user",
  }, () => {
    chmodSync(folder, 0o755);
    const { functions, gap } = record("other-user");
    assert.deepEqual([functions.includes("in_started"), gap], [false, "unseen-program"]);
  });

  test("a process's footprint has a gap if it may have started an interpreter that is not seen", () => {
    assert.equal(record("shell", "true python").gap, "unseen-program");
    symlinkSync("/bin/true", join(folder, "python-copy"));
    assert.equal(record("other", join(folder, "python-copy")).gap, "unseen-program");
    // Scripts whose names show no interpreter; the kernel starts the one in the first line.
    const scripts = mkdtempSync(join(tmpdir(), "scripts-"));
    after(() => rmSync(scripts, { recursive: true }));
    for (const [name, line] of [
      ["run", "#!/usr/bin/env python3"],
      ["plain", "#!/bin/true"],
    ] as const) {
      writeFileSync(join(scripts, name), `${line}\n`, { mode: 0o755 });
      assert.equal(record("other", join(scripts, name)).gap, name === "run" ? "unseen-program" : null);
    }
    assert.equal(record("shell", "true").gap, null);
    assert.equal(record("other", "/bin/true").gap, null);
  });

  test("a watched process opens no pipe whose path it passes to a program", () => {
    const pipes = mkdtempSync(join(tmpdir(), "pipes-"));
    after(() => rmSync(pipes, { recursive: true }));
    execFileSync("mkfifo", [join(pipes, "pipe")]);
    assert.equal(record("pipe", join(pipes, "pipe")).stdout, "waiting\nchild 0\n");
  });

  test("a process's footprint has the functions that it ran in a library that it loaded", () => {
    assert.deepEqual(record("load", join(folder, "library.so")).functions.toSorted(), ["in_library"]);
  });

  test("a process's footprint has the source files that it opened, by their own paths", () => {
    symlinkSync(join(folder, "tree", "file.txt"), join(folder, "link"));
    for (const path of [join(folder, "tree", "file.txt"), join(folder, "link")])
      assert.deepEqual(record("open", path).files, [{ root: 0, path: "file.txt" }]);
    assert.deepEqual(record("open", join(folder, "library.c")).files, []);
  });

  test("a process's footprint has the files and loaded libraries of each watched folder, relative to the innermost one", () => {
    assert.deepEqual(recordBy("strict", "open", join(folder, "tree", "file.txt")).files, [{ root: 0, path: "file.txt" }]);
    assert.deepEqual(recordBy("strict", "open", join(folder, "library.c")).files, [{ root: 1, path: "library.c" }]);
    assert.deepEqual(recordBy("strict", "load", join(folder, "library.so")).files, [{ root: 1, path: "library.so" }]);
  });

  test("a process's footprint has the files of each of many watched folders, or a gap", () => {
    const path = join(folder, "tree", "file.txt");
    const { files, gap } = recordBy("many", "open", path);
    assert.deepEqual([files, gap], [[{ root: 4095, path: "file.txt" }], null]);
    assert.equal(recordBy("too-many", "open", path).gap, "full");
  });

  test("a process's footprint has a gap if it starts a program that may read watched files", () => {
    assert.equal(recordBy("strict", "other", "/bin/true").gap, "unseen-program");
    assert.equal(recordBy("strict", "shell", "true").gap, "unseen-program");
    assert.equal(recordBy("strict", "plain").gap, null);
  });

  test("a watched process survives functions that it runs while it blocks all signals, and sees them as blocked", () => {
    const { functions, stdout } = record("block");
    assert.ok(functions.includes("while_blocked"));
    assert.equal(stdout, "1\n1\n0\nchild 0\n");
  });

  test("a watched process gets SIGTRAPs that are sent to it in its own handler", () => {
    const { functions, stdout } = record("handle");
    assert.ok(functions.some((name) => name.endsWith(":in_handler")));
    assert.ok(functions.includes("in_test"));
    assert.equal(stdout, "1\n1\nchild 0\n");
    assert.equal(record("trap").stdout, "child 5\n");
  });

  test("a watched process may call a function for the first time in many threads at once", () => {
    for (let run = 0; run < 10; run++) {
      const { functions, stdout } = record("threads");
      assert.equal(stdout, "child 0\n");
      assert.ok(functions.includes("in_child"));
    }
  });

  test("the footprint of a process that crashes has the functions that it ran", () => {
    const { functions, stdout } = record("crash");
    assert.deepEqual(functions, ["in_test"]);
    assert.match(stdout, /child (6|134)\n/);
  });
});

test("a record is incomplete if a process was killed while it noted a file", () => {
  const written = Buffer.alloc(16 + 8192 * 8 + 512 * 1024);
  const lines = ["0ALib/csv.py\n", "\0".repeat(20), "0ALib/json.py\n"].join("");
  for (const [index, word] of [0x33504d43, 0, 0, lines.length].entries()) written.writeUInt32LE(word, 4 * index);
  written.write(lines, 16 + 8192 * 8);
  assert.equal(decodeRecord(written, 0).gap, "unreadable");
  written.writeUInt32LE("0ALib/csv.py\n".length, 12);
  assert.deepEqual(decodeRecord(written, 0), { hits: new Uint8Array(), files: [{ root: 17, path: "Lib/csv.py" }], gap: null });
});

test("a record that a test wrote over is unreadable", () => {
  for (const bytes of [Buffer.alloc(0), Buffer.alloc(100), Buffer.alloc(16 + 8192 * 8 + 512 * 1024 + 5)])
    assert.deepEqual(decodeRecord(bytes, 5), { hits: new Uint8Array(), files: [], gap: "unreadable" });
});
