// Builds a CPython, and runs its test files under both engines as in a check. Keeps memcheck's errors unprocessed, for other ways of comparing them.
import { mkdir, readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { newProcesses, SILENT, WORK_DIR } from "../bench/rig.ts";
import { Functions } from "../src/build/functions.ts";
import { type PreparedBuild, prepareBuild } from "../src/build/prepare.ts";
import type { RunContext } from "../src/engines/job.ts";
import { memcheckEngine } from "../src/engines/memcheck/memcheck-engine.ts";
import type { TestRunner } from "../src/engines/run-all.ts";
import { findRuntime } from "../src/engines/scan/runtime.ts";
import { scanEngine } from "../src/engines/scan/scan-engine.ts";
import { joinPreloads } from "../src/engines/scan/scan-environment.ts";
import { WorkerPool } from "../src/engines/worker-pool.ts";
import { type Baseline, CHECK_VERSION } from "../src/findings/baseline.ts";
import type { History } from "../src/findings/history.ts";
import { reachOf } from "../src/findings/reach.ts";
import { recordInto } from "../src/findings/record-baseline.ts";
import { parseLeakSuppressions } from "../src/findings/suppression-file.ts";
import type { Changes } from "../src/git/changes.ts";
import type { MemoryError } from "../src/model/memory-error.ts";
import type { TestRun } from "../src/model/test-run.ts";
import { parseSettings } from "../src/settings/settings.ts";
import type { ChangeFacts } from "../src/stages/change.ts";
import { Execution } from "../src/stages/execution.ts";
import { planTests } from "../src/stages/plan.ts";
import { runStage, type StageResult } from "../src/stages/stage.ts";

/** Builds what these settings name. */
export function build(raw: Readonly<Record<string, string>>, cores: number): Promise<PreparedBuild> {
  const here = process.cwd();
  const surroundings = { directory: here, home: homedir(), cores, workDir: WORK_DIR, source: { kind: "checkout", path: here } } as const;
  return prepareBuild(parseSettings(raw, surroundings), { progress: SILENT, processes: newProcesses() });
}

/** The results of the runs, as a baseline for runs of the same build with a patch. */
export function recordBase({ python, recipe }: PreparedBuild, { memcheck, scan, functions }: Watched): Baseline {
  const { valgrind, compilerVersion: compiler, libc, architecture } = recipe.toolchain;
  const version = python.version.split(".").slice(0, 2).join(".");
  const machine = { python: version, check: CHECK_VERSION, valgrind, compiler, libc, architecture };
  const identity = { ...machine, configureArgs: [...recipe.configureArgs], valgrindArgs: [], leakCheck: "live", children: false };
  const runs = [...memcheck.runs, ...scan.runs];
  const tests = runs.flatMap((run) => {
    const { status, ran, cause } = reachOf(run);
    const { name, engine, seconds, repeated } = run;
    return status === "stopped" ? [] : [{ name, engine, status, seconds, ran, cause, ...(repeated && { repeated }) }];
  });
  const findings = runs.flatMap((run) => run.findings);
  const recordedAt = new Date().toISOString();
  return recordInto(undefined, {
    identity,
    sha: null,
    content: null,
    recordedAt,
    tests,
    findings,
    functions: [...functions],
    relaxations: [],
    suppressed: [],
  });
}

export interface Watching {
  readonly tests: readonly string[];
  /** regrtest's `-m` patterns for the tests to run; all tests if empty. */
  readonly patterns: readonly string[];
  readonly past: History;
  /** The changes of the patch. */
  readonly changes: Changes;
  /** A new folder for this run. */
  readonly folder: string;
  /** How many test files run at once under each engine. */
  readonly width: number;
  /** Seconds that a test file may take. */
  readonly timeout: number;
}

export interface Watched {
  readonly memcheck: StageResult;
  readonly scan: StageResult;
  /** By test file: the errors of its first run under memcheck. */
  readonly errors: ReadonlyMap<string, readonly MemoryError[]>;
  readonly functions: ReadonlySet<string>;
}

/** Runs test files under both engines at once, and confirms new findings. */
export async function watch({ python, recipe }: PreparedBuild, watching: Watching): Promise<Watched> {
  const { tests, patterns, past, changes, folder, width, timeout } = watching;
  await mkdir(folder, { recursive: true });
  const processes = newProcesses();
  const functions = await Functions.ofBuild(python, processes);
  const runContext: RunContext = {
    python,
    project: { roots: python.roots, ambiguous: functions.own.ambiguous },
    folder,
    leakCheckPer: "file",
    pythonStacks: false,
    timeout,
    regrtestArgs: patterns.flatMap((pattern) => ["-m", pattern]),
    processes,
  };
  const { jobs } = planTests(tests, python, { scratch: folder }, processes);
  const functionsOf: ChangeFacts["functionsOf"] = (findings) => functions.namesFor(findings);
  const change: ChangeFacts = { changes, functionsOf, acceptances: [], today: "" };
  const context = { past, scope: "nothing", width, progress: SILENT, change, skips: [], execution: Execution.whole() } as const;
  const { valgrind } = recipe.toolchain;
  const options = { valgrind, leakCheck: "live", suppressions: [python.suppressions.definiteLeaks], extraArgs: [] } as const;
  const memcheckPool = new WorkerPool(memcheckEngine(runContext, options), runContext);
  const preloads = joinPreloads(python.probe.preload, await findRuntime(recipe.toolchain.compiler, processes));
  const scanner = scanEngine(runContext, {
    preloads,
    suppressions: parseLeakSuppressions(await readFile(python.suppressions.all, "utf8"), python.suppressions.all),
  });
  const errors = new Map<string, readonly MemoryError[]>();
  const counted = jobs.map((job) => ({ ...job, references: true }));
  const refine = (run: TestRun): TestRun => ({ ...run, repeated: true });
  const [memcheck, scan] = await Promise.all([
    runStage({ engine: "memcheck", title: "Memcheck", jobs, testRunner: keepingErrors(memcheckPool, errors) }, context),
    runStage({ engine: "scan", title: "Scan", jobs: counted, refine, testRunner: new WorkerPool(scanner, runContext) }, context),
  ]);
  const findings = [...memcheck.runs, ...scan.runs].flatMap((run) => run.findings);
  return { memcheck, scan, errors, functions: await functions.namesFor(findings) };
}

/** Keeps the errors of each test file's first run under memcheck; a second run only confirms them. */
function keepingErrors(pool: WorkerPool, errors: Map<string, readonly MemoryError[]>): TestRunner {
  return {
    run: async (job) => {
      const own: MemoryError[] = [];
      const run = await pool.run({ ...job, onError: (error) => own.push(error) });
      if (!errors.has(job.name)) errors.set(job.name, own);
      return run;
    },
    stop: () => pool.stop(),
  };
}
