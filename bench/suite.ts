// The scan of the whole test suite beside CPython's own runner on the same test files, the same build, with as many processes, in one run: wall
// time of both, and what became of the files. Fails where one of them fails, or is skipped, in the scan alone: then the scan is visible to a test.
//   npm run bench:suite [-- TEST…]
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { Functions } from "../src/cpython/functions.ts";
import { prepareSubject } from "../src/cpython/prepare.ts";
import { testEnvironment } from "../src/cpython/recipe.ts";
import { selectAll } from "../src/cpython/tests.ts";
import { LogProgress } from "../src/local/log-progress.ts";
import { secondsInWords } from "../src/report/words.ts";
import type { Laboratory, TestRun } from "../src/running/job.ts";
import { planTests } from "../src/running/plan.ts";
import { runAll } from "../src/running/run-all.ts";
import { Workforce } from "../src/running/workforce.ts";
import { scanEngine } from "../src/scan/engine.ts";
import { joinPreloads } from "../src/scan/environment.ts";
import { findRuntime } from "../src/scan/runtime.ts";
import { parseSettings } from "../src/settings.ts";
import { newProcesses } from "./rig.ts";

const workDir = process.env.CPYTHON_MEMCHECK_TEST_WORK_DIR ?? join(homedir(), ".cache", "cpython-memcheck");
const folder = mkdtempSync(join(tmpdir(), "cpython-memcheck-bench-"));
const processes = newProcesses();
const cores = availableParallelism();
const progress = new LogProgress((line) => console.error(line), { open: (title) => title, close: undefined });

const settings = parseSettings(
  { "python-version": "3.13" },
  { directory: folder, home: homedir(), cores, workDir, source: { kind: "release", version: "3.13" } },
);
await using subject = await prepareSubject(settings, { progress, processes });
const { python } = subject;
const { own } = await Functions.ofBuild(python.tree, processes);
const lab: Laboratory = {
  python,
  project: { roots: python.roots, ambiguous: own.ambiguous },
  folder,
  leakCheckPer: "file",
  pythonStacks: false,
  timeout: 1200,
  processes,
};
const names = process.argv.length > 2 ? process.argv.slice(2) : (await selectAll("scan", python, folder, processes)).names;

async function timed<Result>(work: () => Promise<Result>): Promise<{ seconds: number; result: Result }> {
  const began = performance.now();
  const result = await work();
  return { seconds: (performance.now() - began) / 1000, result };
}

progress.begin("CPython's own runner");
// It takes parts of packages by the names that `--list-tests` gives them.
const listed = names.map((name) => (name.includes(".") ? `test.${name}` : name));
const plain = await timed(() =>
  processes.run(python.path, ["-m", "test", `-j${cores}`, ...listed], { cwd: folder, env: testEnvironment(process.env) }),
);
progress.begin("The scan");
const runtime = await findRuntime(subject.recipe.toolchain.compiler, processes);
const crew = new Workforce(scanEngine(lab, joinPreloads(python.probe.preload, runtime), []), lab);
const scan = await timed(() => runAll(planTests(names, { scratch: folder }).jobs, cores, new Map(), crew, progress));
rmSync(folder, { recursive: true, force: true });

const count = (is: (run: TestRun) => boolean): number => scan.result.filter(is).length;
const withFindings = scan.result.filter(({ findings }) => findings.length > 0);
const incomplete = scan.result.filter((run) => run.incomplete !== null);
for (const { name, findings } of withFindings) console.log(`${name}: ${findings.length} findings, such as ${findings[0]?.site.function}`);
for (const { name, incomplete: why } of incomplete) console.log(`${name}: ${why}`);
const summary = /\n== Tests result.*/s.exec(plain.result.stdout)?.[0].trim();
const lists = `${summary}\n`.matchAll(/ tests? (?:failed|skipped).*:\n((?: {4}.*\n)+)/g);
const notPassed = new Set([...lists].flatMap(([, list = ""]) => list.trim().split(/\s+/)));
const alone = scan.result.filter(
  ({ name, status }) => ["failed", "skipped"].includes(status) && !notPassed.has(name) && !notPassed.has(`test.${name}`),
);
for (const { name, status } of alone) console.log(`${name} ${status} in the scan alone`);
console.log(`${summary ?? "CPython's own runner came to no result: there is nothing to hold the scan against."}\n`);
const parts = [
  `${names.length} test files of CPython ${python.version} on ${cores} cores`,
  `CPython's own runner ${secondsInWords(plain.seconds)}, the scan ${secondsInWords(scan.seconds)}: ${(scan.seconds / plain.seconds).toFixed(2)} times`,
  `scanned: ${count(({ status, findings }) => status !== "skipped" && findings.length === 0)} without findings, ${withFindings.length} with, ${count(({ status }) => status === "skipped")} skipped by their own words, ${incomplete.length} incomplete, ${alone.length} failed or skipped in the scan alone`,
];
console.log(parts.join("\n"));
process.exitCode = summary !== undefined && incomplete.length <= names.length * 0.05 && alone.length === 0 ? 0 : 1;
