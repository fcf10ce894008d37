// Whether the check works on a CPython: the self-test of both engines, then the scan of the whole test suite beside CPython's own runner on the same
// test files and the same build, with as many processes, in one run. Prints a table with a row for each CPython, and below it every finding with its
// explanation. Exit code 1 if a self-test fails, a finding has no explanation, fewer than 99 % of the files are complete, or a test file fails or is
// skipped in the scan alone.
//   npm run eval:versions -- [--tests "test_csv test_json"] [--configure-args=--disable-gil] DIR…
// Each DIR is a CPython checkout. Without one: the newest 3.13 of the package archive.
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { INVOKED_IN, newProcesses, WORK_DIR } from "../bench/rig.ts";
import { Functions } from "../src/build/functions.ts";
import { type PreparedBuild, prepareBuild } from "../src/build/prepare.ts";
import { testEnvironment } from "../src/build/recipe.ts";
import { selectAll } from "../src/build/tests.ts";
import type { RunContext } from "../src/engines/job.ts";
import { memcheckSelfTest } from "../src/engines/memcheck/memcheck-engine.ts";
import { runAll } from "../src/engines/run-all.ts";
import { findFinder } from "../src/engines/scan/runtime.ts";
import { scanEngine, scanSelfTest } from "../src/engines/scan/scan-engine.ts";
import { joinPreloads } from "../src/engines/scan/scan-environment.ts";
import { requireSelfTest, type SelfTest } from "../src/engines/self-test.ts";
import { WorkerPool } from "../src/engines/worker-pool.ts";
import { isWarning } from "../src/findings/warning.ts";
import { LogProgress } from "../src/hosts/common/log-progress.ts";
import type { Finding } from "../src/model/finding.ts";
import type { TestRun } from "../src/model/test-run.ts";
import { messageOf, UserError } from "../src/model/user-error.ts";
import { secondsInWords } from "../src/report/format.ts";
import { incompleteInWords } from "../src/report/incomplete-messages.ts";
import { parseSettings } from "../src/settings/settings.ts";
import { planTests } from "../src/stages/plan.ts";
import { type Cost, timed } from "./cost.ts";
import { explain } from "./known-leaks.ts";

const MIN_COMPLETE = 0.99;

interface Evaluation {
  readonly version: string;
  /** The result for memcheck and the scan: `25, 25`, or what went wrong. */
  readonly selfTest: string;
  readonly files: number;
  readonly incomplete: readonly TestRun[];
  readonly findings: readonly Finding[];
  /** Test files that fail or are skipped in the scan, and not in CPython's own runner. */
  readonly alone: readonly TestRun[];
  readonly plain: Cost;
  readonly scan: Cost;
  /** Whether CPython's own runner came to a result. */
  readonly hasPlainResult: boolean;
}

const cores = availableParallelism();
const progress = new LogProgress((line) => console.error(line), {
  open: (title) => `${new Date().toISOString()} ${title}`,
  close: undefined,
});

async function evaluate(directory: string | undefined, tests: readonly string[], configureArgs: string): Promise<Evaluation> {
  const folder = mkdtempSync(join(tmpdir(), "cpython-memcheck-eval-"));
  const processes = newProcesses();
  const own: Record<string, string> = directory === undefined ? { "python-version": "3.13" } : { source: directory };
  const raw = { ...own, "configure-args": configureArgs };
  const source = { kind: "release", version: "3.13" } as const;
  const settings = parseSettings(raw, { directory: process.cwd(), home: homedir(), cores, workDir: WORK_DIR, source });
  try {
    await using prepared = await prepareBuild(settings, { progress, processes });
    const functions = await Functions.ofBuild(prepared.python, processes);
    const project = { roots: prepared.python.roots, ambiguous: functions.own.ambiguous };
    const runContext: RunContext = {
      python: prepared.python,
      project,
      folder,
      leakCheckPer: "file",
      pythonStacks: false,
      timeout: 1200,
      processes,
    };
    const { library, before } = await findFinder(prepared.python, prepared.recipe.toolchain.compiler, processes);
    const preloads = joinPreloads(...before, library);
    const selfTest = await testEngines(prepared, runContext, preloads, library);
    const names = tests.length > 0 ? tests : (await selectAll("scan", prepared.python, folder, processes)).names;
    const plain = await timed(() => runPlainly(names, runContext));
    const scan = await timed(() => runScan(names, runContext, preloads));
    return {
      version: prepared.python.version,
      selfTest,
      ...(await compareRuns(plain.result, scan.result, runContext)),
      plain: plain.cost,
      scan: scan.cost,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function testEngines({ python, recipe }: PreparedBuild, runContext: RunContext, preloads: string, runtime: string): Promise<string> {
  const env = testEnvironment(process.env, python);
  const options = {
    valgrind: recipe.toolchain.valgrind,
    leakCheck: "live",
    suppressions: [python.suppressions.definiteLeaks],
    extraArgs: [],
  } as const;
  const memcheck = memcheckSelfTest(runContext, options, env, recipe.toolchain.valgrind);
  const results: string[] = [];
  for (const test of [memcheck, scanSelfTest(runContext, preloads, env, runtime)]) results.push(await outcomeOf(runContext, test));
  return results.join(", ");
}

async function outcomeOf(runContext: RunContext, test: SelfTest): Promise<string> {
  return await requireSelfTest(runContext, test).then(
    (kinds) => `${kinds}`,
    (error: unknown) => {
      if (!(error instanceof UserError)) throw error;
      return messageOf(error);
    },
  );
}

/** The end of what CPython's own runner printed. */
async function runPlainly(names: readonly string[], { python, folder, processes }: RunContext): Promise<string> {
  progress.begin("CPython's own runner");
  // It names parts of packages as `--list-tests` does.
  const listed = names.map((name) => (name.includes(".") ? `test.${name}` : name));
  const args = ["-m", "test", `-j${cores}`, ...listed];
  return (await processes.run(python.path, args, { cwd: folder, env: testEnvironment(process.env, python) })).stdout;
}

/** As in a check, a file that was cut short or did not pass runs once more. */
async function runScan(names: readonly string[], runContext: RunContext, preloads: string): Promise<readonly TestRun[]> {
  progress.begin("The scan");
  const run = (some: readonly string[]): Promise<readonly TestRun[]> =>
    runAll(
      planTests(some, runContext.python, { scratch: runContext.folder }, runContext.processes).jobs,
      cores,
      new Map(),
      new WorkerPool(scanEngine(runContext, { preloads, suppressions: [] }), runContext),
      progress,
    );
  const first = await run(names);
  const fellShort = first.filter(({ incomplete, status }) => incomplete !== null || status === "failed").map(({ name }) => name);
  if (fellShort.length === 0) return first;
  progress.begin("The scan, once more for files that did not pass");
  const again = new Map((await run(fellShort)).map((second) => [second.name, second]));
  return first.map((one) => again.get(one.name) ?? one);
}

async function compareRuns(
  plain: string,
  runs: readonly TestRun[],
  runContext: RunContext,
): Promise<Omit<Evaluation, "version" | "selfTest" | "plain" | "scan">> {
  const summary = /\n== Tests result.*/s.exec(plain)?.[0];
  const lists = `${summary}\n`.matchAll(/ tests? (?:failed|skipped).*:\n((?: {4}.*\n)+)/g);
  const notPassed = new Set([...lists].flatMap(([, list = ""]) => list.trim().split(/\s+/)));
  const alone: TestRun[] = [];
  for (const run of runs) {
    const isWorse = ["failed", "skipped"].includes(run.status) && !notPassed.has(run.name) && !notPassed.has(`test.${run.name}`);
    if (isWorse && !(run.status === "skipped" && (await skipsAll(run.name, runContext)))) alone.push(run);
  }
  return {
    files: runs.length,
    incomplete: runs.filter((run) => run.incomplete !== null),
    // What stays open or grows is the subject of eval:growth.
    findings: runs.flatMap(({ findings }) => findings).filter(({ kind }) => !isWarning(kind)),
    alone,
    hasPlainResult: summary !== undefined,
  };
}

/** Whether a file skips all of its tests in CPython's own runner, too, which counts such a file as passed. */
async function skipsAll(name: string, runContext: RunContext): Promise<boolean> {
  const total = /^Total tests: run=([\d,]+).*? skipped=([\d,]+)/m.exec(await runPlainly([name], runContext));
  return total !== null && Number(total[1]?.replaceAll(",", "")) <= Number(total[2]?.replaceAll(",", ""));
}

function rowOf(evaluation: Evaluation): string {
  const { version, selfTest, files, incomplete, findings, alone, plain, scan } = evaluation;
  const explained = findings.filter((finding) => explain(finding) !== undefined).length;
  const complete = `${files - incomplete.length} of ${files}`;
  const times = `${secondsInWords(scan.wall)} / ${secondsInWords(plain.wall)} = ${(scan.wall / plain.wall).toFixed(2)}`;
  const cpu = (scan.cpu / plain.cpu).toFixed(2);
  return `| ${[version, selfTest, complete, `${findings.length}, ${explained} explained`, alone.length, times, cpu].join(" | ")} |`;
}

function detailsOf({ version, incomplete, findings, alone, hasPlainResult }: Evaluation): readonly string[] {
  return [
    ...(hasPlainResult ? [] : [`${version}: CPython's own runner gave no result, so there is nothing to compare with.`]),
    ...incomplete.map((run) => `${version} ${run.name} incomplete: ${run.incomplete && incompleteInWords(run.incomplete)}`),
    ...alone.map((run) => `${version} ${run.name} ${run.status} in the scan alone`),
    ...findings.map((finding) => {
      const { test, site, blocks, kind } = finding;
      const head = `${version} ${test.file}: ${kind} in ${site.function} (${site.file}:${site.line}), ${blocks} blocks`;
      return `${head}: ${explain(finding) ?? `NOT EXPLAINED: ${finding.stack.map((frame) => frame.function).join(" < ")}`}`;
    }),
  ];
}

function isGood({ selfTest, files, incomplete, findings, alone, hasPlainResult }: Evaluation): boolean {
  const isTested = /^\d+, \d+$/.test(selfTest);
  const isComplete = incomplete.length <= files * (1 - MIN_COMPLETE);
  return isTested && isComplete && hasPlainResult && alone.length === 0 && findings.every((finding) => explain(finding) !== undefined);
}

const text = { type: "string", default: "" } as const;
const { values, positionals } = parseArgs({ options: { tests: text, "configure-args": text }, allowPositionals: true });
const tests = values.tests.split(/\s+/).filter((name) => name !== "");
const directories = positionals.length === 0 ? [undefined] : positionals.map((path) => resolve(INVOKED_IN, path));
const evaluations: Evaluation[] = [];
for (const directory of directories) {
  const evaluation = await evaluate(directory, tests, values["configure-args"]);
  evaluations.push(evaluation);
  // Each takes half an hour, so it is printed as soon as it is known.
  console.log([rowOf(evaluation), ...detailsOf(evaluation)].join("\n"));
}
const head =
  "| CPython | self-test: memcheck, scan | complete | findings | worse in the scan alone | scan / plain runner | the same, CPU time |";
console.log(["", head, "| --- | --- | --- | --- | --- | --- | --- |", ...evaluations.map(rowOf), ""].join("\n"));
console.log(evaluations.flatMap(detailsOf).join("\n"));
process.exitCode = evaluations.every(isGood) ? 0 : 1;
