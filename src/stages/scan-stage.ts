import { existsSync } from "node:fs";
import type { RecordedFootprints } from "../affected/footprints.ts";
import { testEnvironment } from "../build/recipe.ts";
import { withCancellation } from "../engines/cancellation.ts";
import type { Job, RunContext } from "../engines/job.ts";
import type { FootprintRecorder } from "../engines/scan/footprint-recorder.ts";
import { findFinder } from "../engines/scan/runtime.ts";
import { scanEngine, scanSelfTest } from "../engines/scan/scan-engine.ts";
import { joinPreloads } from "../engines/scan/scan-environment.ts";
import { WorkerPool } from "../engines/worker-pool.ts";
import { NOTHING } from "../findings/judgement.ts";
import { leaveOut, type Partition } from "../findings/skip.ts";
import { addChildCounts } from "../model/child-counts.ts";
import type { Note } from "../model/note.ts";
import { minorVersion } from "../model/python-version.ts";
import type { TestRun } from "../model/test-run.ts";
import { UserError } from "../model/user-error.ts";
import type { Scan } from "../settings/work.ts";
import { type Affected, chooseAffected, openRecorder, withoutUnaffected } from "./choose-affected.ts";
import { type Places, type Plan, planMemcheck, planScan } from "./plan.ts";
import { readLeakSuppressions } from "./read-suppressions.ts";
import { passSelfTest } from "./self-tests.ts";
import { type CheckContext, engineDropped, engineFailed, leftOutNotes, runStage, type Stage, type StageResult } from "./stage.ts";
import { collectSuite, SuiteFailure } from "./suite-files.ts";

export interface ScanResult extends StageResult {
  readonly notes: readonly Note[];
  readonly skipped: Partition<Job>["skipped"];
  /** The preloaded library; undefined if nothing was scanned. */
  readonly preloads?: string;
  readonly footprints?: RecordedFootprints;
  /** The test files that the change can reach. For a suite they are known after collection. */
  readonly affected: Affected;
}

/**
 * Looks for leaks in the test files of the setting. If that is not possible at all, memcheck still runs, and the verdict says what is missing.
 * @param chosen the choice among CPython's test files
 */
export async function runScan(checkContext: CheckContext, chosen: Affected): Promise<ScanResult> {
  const { scan } = checkContext.settings;
  const nothing = { runs: [], notes: [], skipped: [], affected: chosen };
  if (scan.kind === "none") return { ...nothing, judgement: { ...NOTHING, problems: engineDropped("scan", "scan", checkContext.context) } };
  try {
    checkContext.context.execution.requireEngine("scan");
    return await scanTests(checkContext, scan, chosen);
  } catch (error) {
    if (!(error instanceof UserError) || error instanceof SuiteFailure) throw error;
    return { ...nothing, judgement: { ...NOTHING, problems: [engineFailed("scan", error)] } };
  }
}

function stackNotes({ python }: RunContext): readonly Note[] {
  return python.framePointers ? [] : [{ code: "slow-stacks" }];
}

async function scanTests(checkContext: CheckContext, scan: Exclude<Scan, { kind: "none" }>, chosen: Affected): Promise<ScanResult> {
  const { execution } = checkContext.context;
  const preloads = await preloadsOf(checkContext);
  const recorder = execution.runs("scan") ? await openRecorder(checkContext) : undefined;
  const { pool, ...runners } = await makeRunners(checkContext, preloads, recorder);
  const { jobs: chosenJobs, affected, leftOut, skipped, ...others } = await selectForScan(checkContext, scan, chosen, pool);
  const repeated = await testsToRepeat(checkContext);
  const jobs = chosenJobs.map((job) => ({ ...job, references: repeated.has(job.name) }));
  const refine = (run: TestRun): TestRun => (repeated.has(run.name) ? { ...run, repeated: true } : run);
  const result = await runStage({ engine: "scan", title: "Scan", jobs, refine, ...runners, ...others }, checkContext.context);
  const footprints = execution.recorded(await recorder?.recorded());
  return {
    ...result,
    preloads,
    skipped,
    affected,
    ...(footprints && { footprints }),
    notes: [...stackNotes(checkContext.runContext), ...interpreterNotes(result), ...leftOutNotes("scan", leftOut)],
  };
}

/** The libraries that are preloaded into each interpreter, after the self-test passed with them. */
async function preloadsOf(checkContext: CheckContext): Promise<string> {
  const { settings, prepared, runContext, context } = checkContext;
  const { library, before } = await findFinder(runContext.python, prepared.recipe.toolchain.compiler, runContext.processes);
  const preloads = joinPreloads(...before, library);
  const withChildren = settings.children ? joinPreloads(childrenOf(runContext), ...before, library) : preloads;
  const env = testEnvironment(runContext.processes.env, runContext.python);
  if (context.execution.runs("scan")) await passSelfTest(checkContext, scanSelfTest(runContext, preloads, env, library));
  return withChildren;
}

interface Runners extends Pick<Stage, "testRunner" | "confirming" | "lookingCloser"> {
  readonly pool: WorkerPool;
}

async function makeRunners(checkContext: CheckContext, preloads: string, recorder: FootprintRecorder | undefined): Promise<Runners> {
  const { settings, prepared, runContext } = checkContext;
  const suppressions = await readLeakSuppressions(settings, prepared.python.suppressions.all);
  const options = { preloads, suppressions, children: settings.children };
  const engine = scanEngine(runContext, { ...options, recorder });
  const pool = new WorkerPool(engine, runContext);
  const testRunner = withCancellation(pool, engine, runContext.processes);
  const finer = closerLook(runContext, hasExactCounts(prepared.python));
  if (finer === undefined) return { pool, testRunner, confirming: testRunner };
  const lookingCloser = withCancellation(new WorkerPool(scanEngine(finer, options), finer, pool), engine, runContext.processes);
  return { pool, testRunner, confirming: lookingCloser, lookingCloser };
}

interface Selection extends Pick<Stage, "jobs" | "allBut" | "isPartial">, Pick<ScanResult, "affected" | "skipped"> {
  /** Test files that make no sense in a scan. */
  readonly leftOut: Plan["leftOut"];
}

async function selectForScan(
  checkContext: CheckContext,
  scan: Exclude<Scan, { kind: "none" }>,
  chosen: Affected,
  pool: WorkerPool,
): Promise<Selection> {
  const { settings, runContext, context, isLocal } = checkContext;
  const isSuite = settings.work.kind === "suite";
  const { jobs: listed, leftOut } = isSuite
    ? { jobs: await collectSuite({ ...settings, env: runContext.processes.env, python: runContext.python }, pool, context), leftOut: [] }
    : await planScan(scan, checkContext.prepared.python, placesOf(checkContext), runContext.processes);
  const collected = { scanned: listed.map(({ name }) => name), others: [] };
  const affected = isSuite ? await chooseAffected(checkContext, async () => collected) : chosen;
  const { jobs: unskipped, skipped } = leaveOut(listed, context.skips, "scan", context.change.today);
  const { jobs, rest } = scan.kind === "all" ? withoutUnaffected(unskipped, affected) : { jobs: unskipped, rest: [] };
  // A command may select fewer test files than the previous one with the same baseline; one that replaces the baseline may not.
  const isPart = runContext.suite !== undefined && isLocal && context.scope !== "replace";
  const allBut = scan.kind === "all" && !isPart ? { allBut: [...[...leftOut, ...skipped].map(({ name }) => name), ...rest] } : {};
  return { jobs, affected, leftOut, skipped, isPartial: rest.length > 0, ...allBut };
}

/**
 * The test files that run several times to count references and what grows: those that are selected for memcheck, since four runs of each would take
 * too long.
 */
async function testsToRepeat(checkContext: CheckContext): Promise<ReadonlySet<string>> {
  const { settings, prepared, runContext } = checkContext;
  if (!hasExactCounts(prepared.python)) return new Set();
  const { jobs } = await planMemcheck(settings, prepared.python, placesOf(checkContext), runContext.processes);
  return new Set(jobs.map(({ name }) => name));
}

function placesOf({ settings, runContext }: CheckContext): Places {
  return { directory: settings.directory, scratch: runContext.folder };
}

/**
 * False in 3.11, where None is reference-counted like any other object, so that its count always differs, and in a free-threaded build, where counts are
 * split between threads, and immortal or deferred objects have no exact ones.
 */
function hasExactCounts({ version, freeThreaded }: CheckContext["prepared"]["python"]): boolean {
  return minorVersion(version) !== "3.11" && !freeThreaded;
}

/** Follows the interpreters that tests start. */
function childrenOf({ python }: RunContext): string {
  const { children } = python.probe;
  if (existsSync(children.look)) return children.follow;
  throw new UserError("The library that follows interpreters (children.c) does not compile here.", {
    hint: "`children: no` does without.",
  });
}

function interpreterNotes({ runs }: StageResult): readonly Note[] {
  const counts = addChildCounts(runs.map(({ children }) => children));
  const running = runs.filter((run) => run.hasRunningInterpreters).map(({ name }) => name);
  return [
    ...(running.length === 0 ? [] : [{ code: "interpreters-running", tests: running } as const]),
    ...(counts === undefined ? [] : [{ code: "children", ...counts } as const]),
  ];
}

/** Time limit in seconds for finding the tests in one test file. */
const CLOSER_LOOK_S = 60;

/** Test files of a project with new leaks run again with a check after each test, and with the Python lines that allocated the lost objects. */
function closerLook(runContext: RunContext, hasPythonStacks: boolean): RunContext | undefined {
  if (runContext.suite === undefined || runContext.leakCheckPer === "test") return undefined;
  return { ...runContext, leakCheckPer: "test", leakCheckSeconds: CLOSER_LOOK_S, pythonStacks: hasPythonStacks };
}
