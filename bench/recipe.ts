// The recipe of CPython's Misc/README.valgrind beside our check at exit: same build, same test file, one run.
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import * as v from "valibot";
import { ReportSchema } from "../src/report/report.ts";
import { Processes } from "../src/system/processes.ts";

const test = process.argv[2] ?? "test_struct";
const workDir = process.env.CPYTHON_MEMCHECK_TEST_WORK_DIR ?? join(homedir(), ".cache", "cpython-memcheck");
const folder = mkdtempSync(join(tmpdir(), "cpython-memcheck-bench-"));
const processes = new Processes();

const check = async (baseline: string) => {
  const report = join(folder, "report.json");
  const flags = [
    "--python-version",
    "3.13",
    "--tests",
    test,
    "--work-dir",
    workDir,
    "--baseline",
    baseline,
    "--report",
    report,
    "--jobs",
    "1",
  ];
  const ended = await processes.run(process.execPath, ["dist/cli.js", "check", ...flags]);
  if (!existsSync(report)) throw new Error(ended.stderr);
  return { ended, report: v.parse(ReportSchema, JSON.parse(readFileSync(report, "utf8"))) };
};

const baseline = join(folder, "baseline.json.gz");
// The first one builds, and records what the second one is compared with.
const { report: first } = await check(baseline);
const python = first.toolchain?.python ?? "";
const suppressions = join(python, "..", "Misc", "valgrind-python.supp");

const xml = join(folder, "recipe.%p.xml");
const recipe = ["--tool=memcheck", "--xml=yes", `--xml-file=${xml}`, `--suppressions=${suppressions}`, python, "-m", "test", test];
const documented = await processes.run("valgrind", recipe, { env: { ...process.env, PYTHONMALLOC: "malloc" } });
const records = globSync(join(folder, "recipe.*.xml"))
  .map((file) => readFileSync(file, "utf8").split("<kind>Leak_DefinitelyLost").length - 1)
  .reduce((sum, number) => sum + number, 0);

const { ended: ours, report } = await check(baseline);
const fresh = report.findings.filter(({ status }) => status === "new" || status === "grown").length;
const known = report.findings.filter(({ status }) => status === "known").length;
rmSync(folder, { recursive: true });

console.log(`${test} on CPython ${report.toolchain?.version}, valgrind ${report.toolchain?.valgrind}`);
console.log(`documented recipe: ${records} definitely lost records to read, ${documented.seconds.toFixed(1)} s`);
console.log(`our check at exit: ${fresh} new, ${known} known signatures, verdict ${report.verdict}, ${ours.seconds.toFixed(1)} s`);
console.log(`wall time of ours to the recipe's: ${(ours.seconds / documented.seconds).toFixed(2)}`);
process.exitCode = report.verdict === "clean" && fresh === 0 ? 0 : 1;
