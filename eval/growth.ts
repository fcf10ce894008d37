// Looks for everything but lost blocks in the whole test suite of a CPython: what interpreters leave behind when they end, descriptors that stay open,
// and references and objects whose number grows with each run of the same tests. Prints each finding with its explanation, and the cost. Exit code 1 if
// a finding has no explanation, or fewer than 99 % of the files are complete.
//   npm run eval:growth -- [--tests "test_csv test_json"] [--once] DIR…        each DIR a CPython checkout; none: the newest 3.13 of the package archive
// --once leaves out the repeated runs, which take four times as long.
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
import { lifecycleJobs, lifecycleRunner } from "../src/engines/lifecycle/lifecycle-runner.ts";
import { runAll, type TestRunner } from "../src/engines/run-all.ts";
import { findRuntime } from "../src/engines/scan/runtime.ts";
import { scanEngine } from "../src/engines/scan/scan-engine.ts";
import { joinPreloads } from "../src/engines/scan/scan-environment.ts";
import { WorkerPool } from "../src/engines/worker-pool.ts";
import { LogProgress } from "../src/hosts/common/log-progress.ts";
import type { Finding } from "../src/model/finding.ts";
import type { TestRun } from "../src/model/test-run.ts";
import { secondsInWords } from "../src/report/format.ts";
import { incompleteInWords } from "../src/report/incomplete-messages.ts";
import { parseSettings } from "../src/settings/settings.ts";
import { planTests } from "../src/stages/plan.ts";
import { explainGrowth, NOT_FOR_THIS } from "./known-growth.ts";

const MIN_COMPLETE = 0.99;

interface Evaluation {
  readonly version: string;
  readonly lifecycles: readonly TestRun[];
  readonly scans: readonly TestRun[];
  readonly seconds: { readonly lifecycles: number; readonly scans: number };
}

const cores = availableParallelism();
const progress = new LogProgress((line) => console.error(line), {
  open: (title) => `${new Date().toISOString()} ${title}`,
  close: undefined,
});

async function evaluate(directory: string | undefined, tests: readonly string[], isOnce: boolean): Promise<Evaluation> {
  const folder = mkdtempSync(join(tmpdir(), "cpython-memcheck-eval-"));
  const processes = newProcesses();
  const raw: Record<string, string> = directory === undefined ? { "python-version": "3.13" } : { source: directory };
  const source = { kind: "release", version: "3.13" } as const;
  const settings = parseSettings(raw, { directory: process.cwd(), home: homedir(), cores, workDir: WORK_DIR, source });
  try {
    await using prepared = await prepareBuild(settings, { progress, processes });
    const { python } = prepared;
    const { own } = await Functions.ofBuild(python, processes);
    const project = { roots: python.roots, ambiguous: own.ambiguous };
    const runContext: RunContext = { python, project, folder, leakCheckPer: "file", pythonStacks: false, timeout: 1200, processes };
    const jobs = lifecycleJobs(python.version, testEnvironment(processes.env, python), folder);
    const lifecycles = await timed("Start and shutdown", lifecycleRunner(runContext, []), jobs);
    const names = tests.length > 0 ? tests : (await selectAll("scan", python, folder, processes)).names;
    const scanJobs = planTests(names, python, { scratch: folder }, processes).jobs.map((job) => ({ ...job, references: !isOnce }));
    const scans = await timed("The scan", await scanRunner(prepared, runContext), scanJobs);
    const seconds = { lifecycles: lifecycles.seconds, scans: scans.seconds };
    return { version: python.version, lifecycles: lifecycles.runs, scans: scans.runs, seconds };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function scanRunner({ recipe, python }: PreparedBuild, runContext: RunContext): Promise<TestRunner> {
  const runtime = await findRuntime(recipe.toolchain.compiler, runContext.processes);
  return new WorkerPool(scanEngine(runContext, { preloads: joinPreloads(python.probe.preload, runtime), suppressions: [] }), runContext);
}

async function timed(title: string, testRunner: TestRunner, jobs: Parameters<typeof runAll>[0]) {
  progress.begin(title);
  const began = performance.now();
  const runs = await runAll(jobs, cores, new Map(), testRunner, progress);
  return { runs, seconds: (performance.now() - began) / 1000 };
}

function findingsOf({ lifecycles, scans }: Evaluation): readonly Finding[] {
  return [...lifecycles, ...scans].flatMap(({ findings }) => findings).filter(({ kind }) => !NOT_FOR_THIS.has(kind));
}

function rowOf(evaluation: Evaluation): string {
  const { version, lifecycles, scans, seconds } = evaluation;
  const kinds = Object.entries(Object.groupBy(findingsOf(evaluation), ({ kind }) => kind)).map(([kind, group = []]) => {
    const explained = group.filter((finding) => explainGrowth(finding) !== undefined).length;
    return `${kind} ${group.length}, ${explained} explained`;
  });
  const complete = (runs: readonly TestRun[]): string => `${runs.filter(isComplete).length} of ${runs.length}`;
  const times = `${secondsInWords(seconds.lifecycles)}, ${secondsInWords(seconds.scans)}`;
  return `| ${[version, complete(lifecycles), complete(scans), kinds.join("; ") || "none", times].join(" | ")} |`;
}

function detailsOf(evaluation: Evaluation): readonly string[] {
  const { version, lifecycles, scans } = evaluation;
  return [
    ...[...lifecycles, ...scans].flatMap(({ name, incomplete }) =>
      incomplete === null ? [] : [`${version} ${name} incomplete: ${incompleteInWords(incomplete)}`],
    ),
    ...findingsOf(evaluation).map((finding) => {
      const { test, site, what, kind } = finding;
      const head = `${version} ${test.id ?? test.file}: ${kind} in ${site.function} (${site.file}:${site.line}), ${what}`;
      return `${head}: ${explainGrowth(finding) ?? `NOT EXPLAINED: ${finding.stack.map((frame) => frame.function).join(" < ")}`}`;
    }),
  ];
}

function isComplete({ incomplete }: TestRun): boolean {
  return incomplete === null;
}

function isGood(evaluation: Evaluation): boolean {
  const runs = [...evaluation.lifecycles, ...evaluation.scans];
  return (
    runs.filter(isComplete).length >= runs.length * MIN_COMPLETE &&
    findingsOf(evaluation).every((finding) => explainGrowth(finding) !== undefined)
  );
}

const { values, positionals } = parseArgs({
  options: { tests: { type: "string", default: "" }, once: { type: "boolean", default: false } },
  allowPositionals: true,
});
const tests = values.tests.split(/\s+/).filter((name) => name !== "");
const directories = positionals.length === 0 ? [undefined] : positionals.map((path) => resolve(INVOKED_IN, path));
const evaluations: Evaluation[] = [];
for (const directory of directories) {
  const evaluation = await evaluate(directory, tests, values.once);
  evaluations.push(evaluation);
  // Each takes long, so it is printed as soon as it is known.
  console.log(detailsOf(evaluation).join("\n"));
}
console.log("\n| CPython | start and shutdown | test files | findings | times |\n| --- | --- | --- | --- | --- |");
console.log(evaluations.map(rowOf).join("\n"));
process.exitCode = evaluations.every(isGood) ? 0 : 1;
