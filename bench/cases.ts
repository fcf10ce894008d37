// For each patch that adds a leak, and each that adds nothing: does the scan find it, does memcheck, and do both give it the same signature?
// The base is scanned once; then for each case: apply, build what changed, check its test file, undo.
//   npm run bench:cases [-- FOLDER [NAME…]]
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import * as v from "valibot";
import { type Report, ReportSchema } from "../src/report/report.ts";
import { Processes } from "../src/system/processes.ts";

interface Case {
  readonly name: string;
  readonly path: string;
  readonly test: string;
  readonly expect: string;
  /** Memcheck cannot see it. */
  readonly isMasked: boolean;
}

const [folderName = "../shared/cases", ...chosen] = process.argv.slice(2);
const cases = readdirSync(resolve(folderName))
  .filter((name) => name.endsWith(".patch"))
  .map((name) => readCase(join(resolve(folderName), name)))
  .filter(({ name, expect }) => (chosen.length === 0 ? /Leak|nothing new/.test(expect) : chosen.includes(name)));

const workDir = process.env.CPYTHON_MEMCHECK_TEST_WORK_DIR ?? join(homedir(), ".cache", "cpython-memcheck");
const folder = mkdtempSync(join(tmpdir(), "cpython-memcheck-bench-"));
const source = join(folder, "cpython");
const processes = new Processes();

function readCase(path: string): Case {
  const text = readFileSync(path, "utf8");
  const field = (name: string): string => new RegExp(`^# ${name}: (.*)$`, "m").exec(text)?.[1] ?? "";
  const isLeak = field("expect").includes("Leak");
  return {
    name: field("case"),
    path,
    test: field("test file"),
    expect: field("expect"),
    isMasked: isLeak && field("seen by memcheck") === "no",
  };
}

/** Leaked references lose no memory: they are counted in the test files that are chosen for memcheck. */
const counted = cases.filter(({ isMasked }) => isMasked).map(({ test }) => test);

async function check(subject: readonly string[], tests: readonly string[]): Promise<Report> {
  const path = join(folder, "report.json");
  rmSync(path, { force: true });
  const places = ["--work-dir", workDir, "--report", path, "--baseline", join(folder, "baseline.json.gz")];
  const thorough = ["test_bisect", ...new Set(tests.filter((test) => counted.includes(test)))].join(" ");
  const names = ["--tests", thorough, "--scan", [...new Set(tests)].join(" ")];
  const ended = await processes.run(process.execPath, ["dist/cli.js", "check", ...subject, ...places, ...names]);
  if (!existsSync(path)) throw new Error(ended.stderr);
  return v.parse(ReportSchema, JSON.parse(readFileSync(path, "utf8")));
}

const patch = (path: string, ...options: readonly string[]): Promise<string> =>
  processes.output("patch", ["--silent", "-p1", "-d", source, ...options, "-i", path]);

/** Where a leak was allocated, and whether it was new to both engines by one signature or to the scan alone. */
function describe(report: Report): string {
  const found = report.findings.filter(
    ({ status, kind }) => (status === "new" || status === "grown") && /^(Leak_|ReferenceLeak$)/.test(kind),
  );
  const of = (engine: string): string[] => found.filter((one) => one.engine === engine).map(({ site }) => site.function);
  const both = of("memcheck");
  const alone = of("scan");
  const parts = [
    ...(both.length > 0 ? [`both, same signature: ${both.join(", ")}`] : []),
    ...(alone.length > 0 ? [`scan only: ${alone.join(", ")}`] : []),
    ...(found.length === 0 ? [report.verdict === "clean" ? "nothing new" : `${report.verdict}: ${report.reasons.join(" ")}`] : []),
    ...report.notes.filter((note) => /under memcheck|memcheck could not/.test(note)),
  ];
  return parts.join("; ");
}

// A copy of the release's source, to patch.
const release = await check(["--python-version", "3.13"], ["test_bisect"]);
const sources = join(workDir, "sources");
const original = readdirSync(sources).find((name) => name === `Python-${release.toolchain?.version}`) ?? "";
cpSync(join(sources, original), source, { recursive: true, verbatimSymlinks: true });
rmSync(join(folder, "baseline.json.gz"));
await check(
  ["--source", source],
  cases.map(({ test }) => test),
);

let missed = 0;
let falsely = 0;
for (const { name, path, test, expect } of cases) {
  await patch(path);
  const report = await check(["--source", source], [test]);
  await patch(path, "-R");
  const isFound = report.findings.some(({ status }) => status === "new" || status === "grown");
  const isHarmless = expect === "nothing new";
  if (isHarmless && isFound) falsely++;
  if (!isHarmless && !isFound) missed++;
  console.log(`${name.padEnd(38)} ${isFound === !isHarmless ? "ok    " : "WRONG "} ${describe(report)}`);
}
rmSync(folder, { recursive: true });
console.log(`${cases.length} cases: ${missed} leaks missed, ${falsely} harmless changes with findings`);
process.exitCode = missed + falsely === 0 ? 0 : 1;
