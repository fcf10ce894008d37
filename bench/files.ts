// Our live check beside the documented recipe run file by file, in one run on one build: CPU and wall time, and where ours goes.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import * as v from "valibot";
import { ReportSchema } from "../src/report/report.ts";
import { QUICK_TESTS } from "./quick-tests.ts";
import { newProcesses } from "./rig.ts";

const count = Number(process.argv[2] ?? 20);
const workDir = process.env.CPYTHON_MEMCHECK_TEST_WORK_DIR ?? join(homedir(), ".cache", "cpython-memcheck");
const folder = mkdtempSync(join(tmpdir(), "cpython-memcheck-bench-"));
const processes = newProcesses();
const path = join(folder, "report.json");

const check = async (names: readonly string[]) => {
  const places = ["--work-dir", workDir, "--report", path, "--baseline", join(folder, "baseline.json.gz")];
  const words = [
    "dist/cli.js",
    "check",
    "--scan",
    "none",
    "--python-version",
    "3.13",
    "--jobs",
    "1",
    "--tests",
    names.join(" "),
    ...places,
  ];
  const cost = await measure(process.execPath, words);
  if (!existsSync(path)) throw new Error("the check left no report");
  return { cost, report: v.parse(ReportSchema, JSON.parse(readFileSync(path, "utf8"))) };
};

/** CPU and wall seconds of a program and all that it waited for, by getrusage(2) in a Python that does nothing else. */
async function measure(program: string, args: readonly string[]): Promise<{ cpu: number; wall: number }> {
  const script =
    "import resource, subprocess, sys\nsubprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)\n" +
    "used = resource.getrusage(resource.RUSAGE_CHILDREN)\nprint(used.ru_utime + used.ru_stime)";
  const ended = await processes.run("python3", ["-c", script, program, ...args], { env: { ...process.env, PYTHONMALLOC: "malloc" } });
  return { cpu: Number(ended.stdout), wall: ended.seconds };
}

// Builds, and tests the probe, before anything is measured.
const { report: first } = await check(["test_bisect"]);
const python = first.toolchain?.python ?? "";
const root = join(python, "..");
const names = QUICK_TESTS.filter((name) => existsSync(join(root, "Lib", "test", `${name}.py`))).slice(0, count);

const documented = { cpu: 0, wall: 0 };
const recipeCpu = new Map<string, number>();
for (const name of names) {
  const recipe = ["--tool=memcheck", `--suppressions=${join(root, "Misc", "valgrind-python.supp")}`, python, "-m", "test", name];
  const cost = await measure("valgrind", recipe);
  documented.cpu += cost.cpu;
  documented.wall += cost.wall;
  recipeCpu.set(name, cost.cpu);
}
const { cost, report } = await check(names);
rmSync(folder, { recursive: true });

const sum = (pick: (test: (typeof report.tests)[number]) => number): number => report.tests.reduce((total, test) => total + pick(test), 0);
const start = sum(({ costs }) => costs.start);
const leakChecks = sum(({ costs }) => costs.leakChecks);
const bodies = sum(({ seconds }) => seconds) - leakChecks;
const reading = sum(({ costs }) => costs.reading);
const row = (what: string, seconds: number): string =>
  `  ${what.padEnd(44)} ${seconds.toFixed(1).padStart(7)} s  ${((100 * seconds) / cost.wall).toFixed(0).padStart(3)} %`;

console.log(
  `${names.length} test files of CPython ${report.toolchain?.version}, valgrind ${report.toolchain?.valgrind}, one worker: ${report.verdict}`,
);
console.log(`documented recipe, file by file: CPU ${documented.cpu.toFixed(1)} s, wall ${documented.wall.toFixed(1)} s`);
console.log(`our live check:                  CPU ${cost.cpu.toFixed(1)} s, wall ${cost.wall.toFixed(1)} s`);
console.log(`  ${"".padEnd(20)} recipe   ours   of it leak checks`);
for (const { name, seconds, costs } of report.tests) {
  const numbers = [recipeCpu.get(name) ?? 0, seconds, costs.leakChecks].map((value) => `${value.toFixed(1).padStart(5)} s`);
  console.log(`  ${name.padEnd(20)}${numbers.join("")}`);
}
console.log("where its wall time goes:");
console.log(row("start of the worker", start));
console.log(row("fork, import and bodies of the tests", bodies));
console.log(row("leak checks, two for each file", leakChecks));
console.log(row("reading memcheck's reports", reading));
console.log(row("the rest (source read, build looked at, …)", cost.wall - start - bodies - leakChecks - reading));
const ratio = cost.cpu / documented.cpu;
console.log(`CPU time of ours to the recipe's: ${ratio.toFixed(2)} (at most 0.5 is wanted)`);
process.exitCode = ratio <= 0.5 ? 0 : 1;
