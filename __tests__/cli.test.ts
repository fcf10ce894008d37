import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, suite, test } from "node:test";
import { assertExit, type Ran, ROOT, readReport, runCommand, withDefaults } from "./support/command.ts";
import { runWithLittleRoom } from "./support/small-disk.ts";

const folder = mkdtempSync(join(tmpdir(), "cpython-memcheck-cli-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** As much of a CPython source as is looked at before anything is built. */
function sourceOf(version: string): string {
  const path = join(folder, `cpython-${version}`);
  mkdirSync(join(path, "Include"), { recursive: true });
  mkdirSync(join(path, "Lib", "test"), { recursive: true });
  writeFileSync(join(path, "Include", "patchlevel.h"), `#define PY_VERSION "${version}"\n`);
  writeFileSync(join(path, "configure"), "#!/bin/sh\nexit 1\n");
  chmodSync(join(path, "configure"), 0o755);
  writeFileSync(join(path, "Lib", "test", "test_csv.py"), "");
  return path;
}

/** A PATH with the usual programs, less or instead of some. */
function pathWith(name: string, programs: Readonly<Record<string, string | null>>): string {
  const bin = join(folder, name);
  mkdirSync(bin);
  for (const program of ["gcc", "as", "ld", "valgrind", "getconf", "uname", "git", "sh", "make", "sed", "cat", "true"]) {
    const replacement = programs[program];
    if (replacement === undefined) symlinkSync(join("/usr/bin", program), join(bin, program));
    else if (replacement !== null) writeFileSync(join(bin, program), replacement, { mode: 0o755 });
  }
  return bin;
}

async function check(flags: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<Ran> {
  return await runCommand(["check", ...withDefaults(["--work-dir", join(folder, "work")], flags)], env);
}

suite("the terminal command", () => {
  test("the terminal command prints its flags, each with its default, and exits 0 for --help", async () => {
    const ran = await runCommand(["check", "--help"]);
    assertExit(ran, 0);
    assert.match(ran.stdout, /--test-timeout .*\[20m\]/);
  });

  test("the terminal command prints the package's version, and exits 0, for --version", async () => {
    const ran = await runCommand(["--version"]);
    assertExit(ran, 0);
    assert.equal(ran.stdout.trim(), JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")).version);
  });

  const refusals: readonly (readonly [string, readonly string[], RegExp])[] = [
    ["an unknown flag", ["--colour", "red"], /Unknown setting `colour`[\s\S]*source, python-version/],
    ["a flag without a value", ["--tests"], /`--tests` has no value/],
    ["a word that is not a flag", ["test_csv"], /Unknown argument `test_csv`/],
    ["an input of the action", ["--token", "x"], /`token` is an input of the action/],
    [
      "a live check of a command",
      ["--python-version", "3.13", "--leak-check", "live", "--command", "-c pass"],
      /`leak-check` is `live`, which only works with tests/,
    ],
    ["a number of jobs that is not a number", ["--jobs", "many"], /`jobs` is `many`; allowed: a whole number/],
    ["a build with pymalloc", ["--configure-args=--with-pymalloc"], /`--with-pymalloc`: pymalloc hides/],
    ["a source that does not exist", ["--source", "/no/such/folder"], /source \/no\/such\/folder does not exist/],
    ["a source that is not CPython", ["--source", folder], /is not a CPython source/],
    ["a CPython that is too old", ["--source", sourceOf("3.10.4")], /is CPython 3\.10\.4; 3\.11 or newer is needed/],
    ["a test that does not exist", ["--source", sourceOf("3.13.1"), "--tests", "test_csv test_nope"], /no test file `test_nope`/],
    [
      "a suppression file that does not exist",
      ["--source", sourceOf("3.13.1"), "--suppressions", "none.supp"],
      /none\.supp does not exist/,
    ],
    ["a suppression file that is a folder", ["--source", sourceOf("3.13.1"), "--suppressions", folder], /is not a regular file/],
    ["a report in the place of a folder", ["--report", folder], /The report .* cannot be written: it is a folder/],
    ["a report below a file", ["--report", "/dev/null/report.json"], /The report \/dev\/null\/report\.json cannot be written: EEXIST/],
    ["a baseline that is a folder", ["--source", sourceOf("3.13.1"), "--baseline", folder], /cannot be read: it is not a regular file/],
    [
      "a folder for a command that does not exist",
      ["--python-version", "3.13", "--command", "-m pytest", "--directory", "none"],
      /`directory` is `none`, and there is no such folder/,
    ],
    ["a `work-dir` that is a file", ["--work-dir", "/dev/null"], /The folder `work-dir`, \/dev\/null cannot be written: EEXIST/],
  ];
  for (const [what, flags, message] of refusals) {
    test(`the terminal command refuses ${what} in one sentence, before any work`, async () => {
      const ran = await check(flags);
      assertExit(ran, 2);
      assert.match(ran.stdout + ran.stderr, message);
      assert.doesNotMatch(ran.stdout + ran.stderr, /\n\s+at |This is a bug/);
    });
  }

  const missing: readonly (readonly [string, NodeJS.ProcessEnv, RegExp])[] = [
    ["a missing compiler", { CC: "no-such-compiler" }, /The C compiler `no-such-compiler` does not work/],
    ["a missing valgrind", { PATH: pathWith("without-valgrind", { valgrind: null }) }, /Valgrind is missing/],
    [
      "a valgrind that is too old",
      { PATH: pathWith("old-valgrind", { valgrind: "#!/bin/sh\necho valgrind-3.15.0\n" }) },
      /Valgrind 3\.15\.0 is too old: 3\.18/,
    ],
    [
      "a valgrind that cannot run anything",
      { PATH: pathWith("broken-valgrind", { valgrind: '#!/bin/sh\ntest "$1" = --version && echo valgrind-3.22.0\n' }) },
      /Valgrind 3\.22\.0 cannot run a program here/,
    ],
  ];
  for (const [what, env, message] of missing) {
    test(`the terminal command names ${what}`, async () => {
      const ran = await check(["--source", sourceOf("3.13.1"), "--tests", "test_csv"], { ...process.env, ...env });
      assertExit(ran, 2);
      assert.match(ran.stdout, message);
    });
  }

  test("the terminal command says which step of a build failed, writes a report of it, and keeps the baseline as it is", async () => {
    const baseline = join(folder, "kept.json.gz");
    writeFileSync(baseline, "not a baseline");
    const [report, page] = [join(folder, "failed.json"), join(folder, "pages", "failed.html")];
    const places = ["--baseline", baseline, "--report", report, "--html", page];
    const ran = await check(["--source", sourceOf("3.13.1"), "--tests", "test_csv", ...places]);
    assertExit(ran, 2);
    const [failure] = readReport(report).problems;
    assert.equal(failure?.code, "check-failed");
    assert.match(failure?.message ?? "", /CPython does not build: `configure` failed/);
    assert.match(readFileSync(page, "utf8"), /CPython does not build: `configure` failed/);
    assert.equal(readFileSync(baseline, "utf8"), "not a baseline");
  });

  test("the terminal command says that the disk is full when it is", async () => {
    const source = sourceOf("3.13.2");
    writeFileSync(join(source, "Lib", "big.py"), "#".repeat(200_000));
    const mount = join(folder, "small");
    mkdirSync(mount);
    const words = ["check", "--source", source, "--work-dir", mount, "--tests", "test_csv"];
    const ran = await runWithLittleRoom(mount, 64, [process.execPath, join(ROOT, "dist", "cli.js"), ...words]);
    assertExit(ran, 2);
    assert.match(ran.stdout + ran.stderr, /disk is full/i);
  });
});
