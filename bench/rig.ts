// What benches that run a CPython have in common: it is built, and both engines run test files of it as in a check; memcheck's errors are kept as
// they were read, for other ways of comparing them.
import { mkdir, readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { Functions } from "../src/build/functions.ts";
import { type PreparedBuild, prepareBuild } from "../src/build/prepare.ts";
import type { Engine } from "../src/engines/engine.ts";
import type { Job, RunContext } from "../src/engines/job.ts";
import { memcheckEngine } from "../src/engines/memcheck/memcheck-engine.ts";
import { ProcessReport } from "../src/engines/process-report.ts";
import type { TestRunner } from "../src/engines/run-all.ts";
import { joinPreloads } from "../src/engines/scan/environment.ts";
import { findRuntime } from "../src/engines/scan/runtime.ts";
import { scanEngine } from "../src/engines/scan/scan-engine.ts";
import { WorkerPool } from "../src/engines/worker-pool.ts";
import { type Baseline, CHECK_VERSION } from "../src/findings/baseline.ts";
import type { History } from "../src/findings/history.ts";
import { reachOf } from "../src/findings/reach.ts";
import { recordInto } from "../src/findings/record-baseline.ts";
import { parseLeakSuppressions } from "../src/findings/suppression-file.ts";
import type { Changes } from "../src/git/changes.ts";
import type { MemcheckError } from "../src/model/memory-error.ts";
import type { Progress } from "../src/model/progress.ts";
import type { TestRun } from "../src/model/test-run.ts";
import { parseSettings } from "../src/settings/settings.ts";
import type { ChangeFacts } from "../src/stages/change.ts";
import { planTests } from "../src/stages/plan.ts";
import { runStage, type StageResult } from "../src/stages/stage.ts";
import { Processes, type ProcessHandle } from "../src/system/processes.ts";

export const WORK_DIR = process.env.CPYTHON_MEMCHECK_TEST_WORK_DIR ?? join(homedir(), ".cache", "cpython-memcheck");

export const SILENT: Progress = { begin: () => {}, update: () => {}, note: () => {}, end: () => {} };

/** All that were started by benches: none may outlive them. */
const ALL = new Set<Processes>();

/** For hours: what a bench runs are whole checks, and suites. */
const LIMIT = 4 * 3600;

export function newProcesses(options: readonly string[] = []): Processes {
  const processes = options.length === 0 ? new Processes(LIMIT) : new WithOptions(options);
  ALL.add(processes);
  return processes;
}

/** Has a signal end what was started, too. */
export function endWithSignals(): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => {
      for (const processes of ALL) processes.killAll();
      process.exit(2);
    });
  }
}

/** Builds what these settings name. */
export function build(raw: Readonly<Record<string, string>>, cores: number): Promise<PreparedBuild> {
  const here = process.cwd();
  const surroundings = { directory: here, home: homedir(), cores, workDir: WORK_DIR, source: { kind: "checkout", path: here } } as const;
  return prepareBuild(parseSettings(raw, surroundings), { progress: SILENT, processes: newProcesses() });
}

/** What the runs found, to compare others with: of the same build but for a patch. */
export function recordBase({ python, recipe }: PreparedBuild, { memcheck, scan, functions }: Watched): Baseline {
  const { valgrind, compilerVersion: compiler, libc, architecture } = recipe.toolchain;
  const version = python.version.split(".").slice(0, 2).join(".");
  const machine = { python: version, check: CHECK_VERSION, valgrind, compiler, libc, architecture };
  const identity = { ...machine, configureArgs: [...recipe.configureArgs], valgrindArgs: [], leakCheck: "live" };
  const runs = [...memcheck.runs, ...scan.runs];
  const tests = runs.flatMap((run) => {
    const { status, ran, cause } = reachOf(run);
    return status === "stopped" ? [] : [{ name: run.name, engine: run.engine, status, seconds: run.seconds, ran, cause }];
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
  /** Which of their tests run, by regrtest's `-m`; all where there is none. */
  readonly patterns: readonly string[];
  readonly past: History;
  /** What the patch moves. */
  readonly changes: Changes;
  /** A new folder of this run's. */
  readonly folder: string;
  /** How many test files run at once under each engine. */
  readonly width: number;
  /** Seconds that a test file may take. */
  readonly timeout: number;
}

export interface Watched {
  readonly memcheck: StageResult;
  readonly scan: StageResult;
  /** By test file: what memcheck said when it ran first. */
  readonly errors: ReadonlyMap<string, readonly MemcheckError[]>;
  readonly functions: ReadonlySet<string>;
}

/** Runs test files under both engines at once, and has what is new confirmed. */
export async function watch({ python, recipe }: PreparedBuild, watching: Watching): Promise<Watched> {
  const { tests, patterns, past, changes, folder, width, timeout } = watching;
  await mkdir(folder, { recursive: true });
  const processes = newProcesses();
  const functions = await Functions.ofBuild(python.tree, processes);
  const runContext: RunContext = {
    python,
    project: { roots: python.roots, ambiguous: functions.own.ambiguous },
    folder,
    leakCheckPer: "file",
    pythonStacks: false,
    timeout,
    processes: newProcesses(patterns.flatMap((pattern) => ["-m", pattern])),
  };
  const { jobs } = planTests(tests, { scratch: folder });
  const functionsOf: ChangeFacts["functionsOf"] = (findings) => functions.namesFor(findings);
  const change: ChangeFacts = { changes, functionsOf, acceptances: [], today: "" };
  const context = { past, scope: "nothing", width, progress: SILENT, change, skips: [] } as const;
  const { valgrind } = recipe.toolchain;
  const options = { valgrind, leakCheck: "live", suppressions: [python.suppressions.definiteLeaks], extraArgs: [] } as const;
  const listeners = new Listeners(memcheckEngine(runContext, options), runContext);
  const preloads = joinPreloads(python.probe.preload, await findRuntime(recipe.toolchain.compiler, processes));
  const scanner = scanEngine(
    runContext,
    preloads,
    parseLeakSuppressions(await readFile(python.suppressions.all, "utf8"), python.suppressions.all),
  );
  const counted = jobs.map((job) => ({ ...job, references: true }));
  const [memcheck, scan] = await Promise.all([
    runStage({ engine: "memcheck", title: "Memcheck", jobs, testRunner: listeners }, context),
    runStage({ engine: "scan", title: "Scan", jobs: counted, testRunner: new WorkerPool(scanner, runContext) }, context),
  ]);
  const findings = [...memcheck.runs, ...scan.runs].flatMap((run) => run.findings);
  return { memcheck, scan, errors: listeners.errors, functions: await functions.namesFor(findings) };
}

/** Gives regrtest further options in every interpreter that runs test files. */
class WithOptions extends Processes {
  readonly #options: readonly string[];

  constructor(options: readonly string[]) {
    super(LIMIT);
    this.#options = options;
  }

  override start(program: string, args: readonly string[], options: Parameters<Processes["start"]>[2]): ProcessHandle {
    return super.start(program, args.includes("serve") ? [...args, "--", ...this.#options] : args, options);
  }
}

/** Workers whose reports are also kept as they were read. */
class Listeners implements TestRunner {
  readonly errors = new Map<string, readonly MemcheckError[]>();
  readonly #engine: Engine;
  readonly #runContext: RunContext;
  #idle: Listener[] = [];

  constructor(engine: Engine, runContext: RunContext) {
    this.#engine = engine;
    this.#runContext = runContext;
  }

  async run(job: Job): Promise<TestRun> {
    const listener = this.#idle.pop() ?? new Listener(this.#engine, this.#runContext);
    const { run, errors } = await listener.run(job);
    this.#idle.push(listener);
    // A second run is there to confirm the first.
    if (!this.errors.has(job.name)) this.errors.set(job.name, errors);
    return run;
  }

  async stop(): Promise<void> {
    const idle = this.#idle;
    this.#idle = [];
    await Promise.all(idle.map((listener) => listener.stop()));
  }
}

/** One worker after the other. */
class Listener {
  readonly #workforce: WorkerPool;
  #heard: MemcheckError[] = [];

  constructor(engine: Engine, runContext: RunContext) {
    const hear = (error: MemcheckError): number => this.#heard.push(error);
    this.#workforce = new WorkerPool({ ...engine, read: (path) => overhear(engine.read(path), hear) }, runContext);
  }

  async run(job: Job): Promise<{ readonly run: TestRun; readonly errors: readonly MemcheckError[] }> {
    this.#heard = [];
    const run = await this.#workforce.run(job);
    return { run, errors: this.#heard };
  }

  stop(): Promise<void> {
    return this.#workforce.stop();
  }
}

/** Passes on what a report says, and tells of the errors that are the test's, as the check itself takes them. */
async function* overhear(events: ReturnType<Engine["read"]>, hear: (error: MemcheckError) => void): ReturnType<Engine["read"]> {
  const report = new ProcessReport("live");
  for (let step = await events.next(); ; step = await events.next()) {
    if (step.done) return step.value;
    for (const { error } of report.take(step.value)) hear(error);
    yield step.value;
  }
}
