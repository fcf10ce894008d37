// What a live check finds in many quick test files of released CPythons: it should be nothing, or true errors of that release.
//   npm run bench:clean -- 3.11 3.13.5 3.13
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import * as v from "valibot";
import { type Report, ReportSchema } from "../src/report/report.ts";
import { QUICK_TESTS } from "./quick-tests.ts";
import { newProcesses } from "./rig.ts";

const releases = process.argv.length > 2 ? process.argv.slice(2) : ["3.13"];
const workDir = process.env.CPYTHON_MEMCHECK_TEST_WORK_DIR ?? join(homedir(), ".cache", "cpython-memcheck");
const folder = mkdtempSync(join(tmpdir(), "cpython-memcheck-bench-"));
const processes = newProcesses();

async function check(release: string): Promise<Report> {
  const path = join(folder, `${release}.json`);
  const names = await existing(release);
  const places = ["--work-dir", workDir, "--report", path, "--baseline", join(folder, `${release}.json.gz`)];
  const ended = await processes.run(process.execPath, [
    "dist/cli.js",
    "check",
    "--scan",
    "none",
    "--python-version",
    release,
    "--tests",
    names.join(" "),
    ...places,
  ]);
  if (!existsSync(path)) throw new Error(ended.stderr);
  return v.parse(ReportSchema, JSON.parse(readFileSync(path, "utf8")));
}

/** A first, short check fetches the release; not every release has every test file. */
async function existing(release: string): Promise<readonly string[]> {
  const path = join(folder, "first.json");
  const places = ["--work-dir", workDir, "--report", path, "--baseline", join(folder, "first.json.gz"), "--record-baseline", "never"];
  await processes.run(process.execPath, [
    "dist/cli.js",
    "check",
    "--python-version",
    release,
    "--scan",
    "none",
    "--tests",
    "test_bisect",
    ...places,
  ]);
  const python = v.parse(ReportSchema, JSON.parse(readFileSync(path, "utf8"))).toolchain?.python ?? "";
  return QUICK_TESTS.filter((name) => existsSync(join(python, "..", "Lib", "test", `${name}.py`)));
}

function print(report: Report): void {
  console.log(`\nCPython ${report.toolchain?.version}, valgrind ${report.toolchain?.valgrind}`);
  const found = (name: string) => report.findings.filter(({ test }) => test.file === name);
  for (const test of report.tests) {
    const findings = found(test.name);
    if (findings.length === 0 && test.incomplete === null && test.status === "passed") continue;
    console.log(
      `  ${test.name}: ${test.status}, ${findings.length} findings${test.incomplete === null ? "" : `, incomplete: ${test.incomplete.message}`}`,
    );
    for (const { kind, stack, blocks } of findings.slice(0, 8)) {
      console.log(
        `      ${kind} ${blocks || ""} ${stack
          .slice(0, 6)
          .map((frame) => frame.function)
          .join(" < ")}`,
      );
    }
  }
  const complete = report.tests.filter(({ incomplete }) => incomplete === null);
  const clean = complete.filter(({ name }) => found(name).length === 0);
  const seconds = report.tests.reduce((sum, test) => sum + test.seconds, 0);
  console.log(
    `  ${report.tests.length} test files, ${complete.length} complete, ${clean.length} with 0 findings, ${Math.round(seconds)} s in all`,
  );
}

for (const release of releases) print(await check(release));
rmSync(folder, { recursive: true });
