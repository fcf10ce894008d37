import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Report } from "../../src/report/report.ts";
import type { ReportedFinding } from "../../src/report/reported-finding.ts";
import { assertExit, type Ran, readReport, runCommand, WORK_DIR, withDefaults } from "./command.ts";

/** A copy of CPython's source that tests can change, with a separate baseline and reports. */
export class Checkout {
  readonly folder = mkdtempSync(join(tmpdir(), "cpython-memcheck-test-"));
  readonly source = join(this.folder, "cpython");
  readonly baseline = join(this.folder, "baseline.json.gz");
  readonly #originals = new Map<string, string>();

  static async open(): Promise<Checkout> {
    const source = fetchedSource() ?? (await fetchSource());
    const checkout = new Checkout();
    cpSync(source, checkout.source, { recursive: true, verbatimSymlinks: true });
    return checkout;
  }

  /** Replaces text in a file; `restore` undoes all edits. */
  edit(name: string, from: string, to: string): void {
    const path = join(this.source, name);
    const text = readFileSync(path, "utf8");
    assert.ok(text.includes(from), `${name} has no ${from}`);
    if (!this.#originals.has(name)) this.#originals.set(name, text);
    writeFileSync(
      path,
      text.replace(from, () => to),
    );
  }

  add(name: string, text: string): void {
    writeFileSync(join(this.source, name), text);
  }

  /** Makes it a repository, so that a check knows later edits. */
  commit(): void {
    const git = (...args: readonly string[]) =>
      execFileSync("git", ["-c", "user.name=test", "-c", "user.email=test@localhost", ...args], { cwd: this.source });
    git("init", "--quiet");
    git("add", "--all");
    git("commit", "--quiet", "--message", "base");
  }

  /** Removes all test files of CPython but these. */
  keepTests(names: readonly string[]): void {
    const tests = join(this.source, "Lib", "test");
    const others = readdirSync(tests).filter((name) => /^test_/.test(name) && !names.includes(name.replace(/\.py$/, "")));
    for (const name of others) rmSync(join(tests, name), { recursive: true });
  }

  restore(): void {
    for (const [name, text] of this.#originals) writeFileSync(join(this.source, name), text);
    this.#originals.clear();
  }

  /** Without a scan, unless the flags ask for one. */
  async check(flags: readonly string[], env?: NodeJS.ProcessEnv, startedIn?: string): Promise<{ ran: Ran; report: Report }> {
    const path = join(this.folder, "report.json");
    const own = ["--source", this.source, "--baseline", this.baseline, "--report", path, "--work-dir", WORK_DIR, "--scan", "none"];
    const ran = await runCommand(["check", ...withDefaults(own, flags)], env, startedIn);
    return { ran, report: readReport(path) };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Its test files, without the interpreters that each check starts and ends. */
export function testFiles({ tests }: Report): Report["tests"] {
  return tests.filter(({ engine }) => engine !== "lifecycle");
}

/** A test file with one test that consists of these lines. */
export function testFile(...lines: readonly string[]): string {
  const body = lines.map((line) => `        ${line}\n`).join("");
  return `import ctypes, os, signal, subprocess, sys, threading, time, unittest\nclass T(unittest.TestCase):\n    def test_it(self):\n${body}`;
}

/** Takes a reference that is never released. */
export function leak(expression: string): string {
  return `ctypes.pythonapi.Py_IncRef(ctypes.py_object(${expression}))`;
}

export function fresh(report: Report): ReportedFinding[] {
  return report.findings.filter(({ status }) => status === "new" || status === "grown");
}

/** Where `check` keeps the release that it fetched. */
function fetchedSource(): string | undefined {
  const sources = join(WORK_DIR, "sources");
  const names = existsSync(sources) ? readdirSync(sources).filter((name) => name.startsWith("Python-3.13.")) : [];
  return names.map((name) => join(sources, name)).at(-1);
}

async function fetchSource(): Promise<string> {
  console.log("Fetching and building CPython 3.13 first");
  const baseline = join(WORK_DIR, "first-baseline-of-the-tests.json.gz");
  assertExit(
    await runCommand([
      "check",
      "--python-version",
      "3.13",
      "--scan",
      "none",
      "--tests",
      "test_bisect",
      "--work-dir",
      WORK_DIR,
      "--baseline",
      baseline,
    ]),
    0,
  );
  const source = fetchedSource();
  assert.ok(source);
  return source;
}

/** Whether a test file has new errors. One bug is one finding, with all test files that show it. */
export function isNewIn(report: Report, testFile: string): boolean {
  return fresh(report).some(({ test, occurrences }) => [test, ...occurrences.map((one) => one.test)].some(({ file }) => file === testFile));
}
