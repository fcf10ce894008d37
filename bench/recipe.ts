// The recipe of CPython's Misc/README.valgrind beside our two checks: same build, same test file, one run.
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import * as v from "valibot";
import { ReportSchema } from "../src/report/report.ts";
import { newProcesses } from "./rig.ts";

const test = process.argv[2] ?? "test_struct";
const workDir = process.env.CPYTHON_MEMCHECK_TEST_WORK_DIR ?? join(homedir(), ".cache", "cpython-memcheck");
const folder = mkdtempSync(join(tmpdir(), "cpython-memcheck-bench-"));
const processes = newProcesses();

const check = async (leakCheck: "live" | "exit") => {
  const report = join(folder, "report.json");
  const baseline = ["--baseline", join(folder, `${leakCheck}.json.gz`), "--leak-check", leakCheck];
  const flags = ["--python-version", "3.13", "--tests", test, "--work-dir", workDir, "--report", report, "--jobs", "1", "--scan", "none"];
  const ended = await processes.run(process.execPath, ["dist/cli.js", "check", ...flags, ...baseline]);
  if (!existsSync(report)) throw new Error(ended.stderr);
  return { ended, report: v.parse(ReportSchema, JSON.parse(readFileSync(report, "utf8"))) };
};

// The first ones build, and record what the second ones are compared with.
await check("live");
const { report: first } = await check("exit");
const python = first.toolchain?.python ?? "";
const suppressions = join(python, "..", "Misc", "valgrind-python.supp");

const xml = join(folder, "recipe.%p.xml");
const recipe = ["--tool=memcheck", "--xml=yes", `--xml-file=${xml}`, `--suppressions=${suppressions}`, python, "-m", "test", test];
const documented = await processes.run("valgrind", recipe, { env: { ...process.env, PYTHONMALLOC: "malloc" } });
const records = globSync(join(folder, "recipe.*.xml"))
  .map((file) => readFileSync(file, "utf8").split("<kind>Leak_DefinitelyLost").length - 1)
  .reduce((sum, number) => sum + number, 0);

const ours = [await check("exit"), await check("live")];
rmSync(folder, { recursive: true });

console.log(`${test} on CPython ${first.toolchain?.version}, valgrind ${first.toolchain?.valgrind}`);
console.log(`documented recipe: ${records} definitely lost records to read, ${documented.seconds.toFixed(1)} s`);
for (const [index, { ended, report }] of ours.entries()) {
  const known = report.findings.filter(({ status }) => status === "known").length;
  const ratio = (ended.seconds / documented.seconds).toFixed(2);
  const what = `${report.findings.length - known} new, ${known} known, verdict ${report.verdict}`;
  console.log(`our check ${index === 0 ? "at exit" : "live"}: ${what}, ${ended.seconds.toFixed(1)} s, ${ratio} of the recipe's wall time`);
}
process.exitCode = ours.every(({ report }) => report.verdict === "clean") ? 0 : 1;
