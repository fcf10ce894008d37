// Compares our live check with the recipe of CPython's Misc/README.valgrind, file by file, in one run on one build: CPU and wall time, what our time is
// spent on, and the number of errors to read.
//   npm run bench:files [-- HOW_MANY]
import { createReadStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readMemcheckXml } from "../src/engines/memcheck/xml-reader.ts";
import { checkArgs, checkRelease, newProcesses, pythonOf, quickTestsOf, readReport } from "./rig.ts";

const RELEASE = "3.13";

const count = Number(process.argv[2] ?? 20);
const folder = mkdtempSync(join(tmpdir(), "cpython-memcheck-bench-"));
const processes = newProcesses();

/** CPU and wall seconds of a program and all that it waited for, by getrusage(2) in a Python that does nothing else. */
async function measure(program: string, args: readonly string[]): Promise<{ cpu: number; wall: number; pid: number }> {
  const script =
    "import resource, subprocess, sys\nran = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)\nran.wait()\n" +
    "used = resource.getrusage(resource.RUSAGE_CHILDREN)\nprint(used.ru_utime + used.ru_stime, ran.pid)";
  const ended = await processes.run("python3", ["-c", script, program, ...args], { env: { ...process.env, PYTHONMALLOC: "malloc" } });
  const [cpu = Number.NaN, pid = 0] = ended.stdout.split(" ").map(Number);
  return { cpu, wall: ended.seconds, pid };
}

/** Leaks and other errors in the report of one process. */
async function countErrors(xml: string): Promise<number> {
  let errors = 0;
  for await (const event of readMemcheckXml(createReadStream(xml))) if (event.type === "error") errors++;
  return errors;
}

// Builds CPython and tests the probe before anything is measured.
const { report: first } = await checkRelease(RELEASE, ["test_bisect"], folder, ["--jobs", "1"]);
const python = pythonOf(first);
const names = quickTestsOf(python).slice(0, count);

const documented = { cpu: 0, wall: 0, errors: 0 };
const recipeCpu = new Map<string, number>();
for (const name of names) {
  const suppressions = join(python, "..", "Misc", "valgrind-python.supp");
  const xml = join(folder, "recipe.%p.xml");
  const recipe = ["--tool=memcheck", "--leak-check=full", "--xml=yes", `--xml-file=${xml}`, `--suppressions=${suppressions}`];
  const cost = await measure("valgrind", [...recipe, python, "-m", "test", name]);
  documented.cpu += cost.cpu;
  documented.wall += cost.wall;
  documented.errors += await countErrors(xml.replace("%p", `${cost.pid}`));
  recipeCpu.set(name, cost.cpu);
}
const cost = await measure(process.execPath, checkArgs(RELEASE, names, folder, ["--jobs", "1"]));
const report = readReport(join(folder, "report.json"));
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
const summary = (errors: number, seconds: { cpu: number; wall: number }): string =>
  `CPU ${seconds.cpu.toFixed(1)} s, wall ${seconds.wall.toFixed(1)} s, ${errors} errors to read`;
console.log(`documented recipe, file by file: ${summary(documented.errors, documented)}`);
console.log(`our live check:                  ${summary(report.findings.length, cost)}`);
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
console.log(row("the rest (reading the source, verifying the build, …)", cost.wall - start - bodies - leakChecks - reading));
const ratio = cost.cpu / documented.cpu;
console.log(`CPU time of ours to the recipe's: ${ratio.toFixed(2)} (at most 0.5 is wanted)`);
process.exitCode = ratio <= 0.5 ? 0 : 1;
