import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { RecordedFootprints } from "../affected/footprints.ts";
import { testEnvironment } from "../build/recipe.ts";
import { withCancellation } from "../engines/cancellation.ts";
import type { Job, RunContext } from "../engines/job.ts";
import { findFinder } from "../engines/scan/runtime.ts";
import { scanEngine, scanSelfTest } from "../engines/scan/scan-engine.ts";
import { joinPreloads } from "../engines/scan/scan-environment.ts";
import { requireSelfTest } from "../engines/self-test.ts";
import { WorkerPool } from "../engines/worker-pool.ts";
import { NOTHING } from "../findings/judgement.ts";
import { leaveOut, type Partition } from "../findings/skip.ts";
import { parseLeakSuppressions } from "../findings/suppression-file.ts";
import { addChildCounts } from "../model/child-counts.ts";
import type { Note } from "../model/note.ts";
import { minorVersion } from "../model/python-version.ts";
import type { TestRun } from "../model/test-run.ts";
import { UserError } from "../model/user-error.ts";
import type { Scan } from "../settings/work.ts";
import { type Affected, chooseAffected, openRecorder, withoutUnaffected } from "./choose-affected.ts";
import { planMemcheck, planScan } from "./plan.ts";
import { type CheckContext, engineDropped, engineFailed, leftOutNotes, runStage, type StageResult } from "./stage.ts";
import { collectSuite, SuiteFailure } from "./suite-files.ts";

export interface ScanResult extends StageResult {
  readonly notes: readonly Note[];
  readonly skipped: Partition<Job>["skipped"];
  /** The preloaded library; undefined if nothing was scanned. */
  readonly preloads?: string;
  readonly footprints?: RecordedFootprints;
  /** Which test files the change can reach: of a suite that is known once it has collected them. */
  readonly affected: Affected;
}

/**
 * Looks for leaks in the test files of the setting. Where it cannot be done at all, memcheck goes on, and the verdict says what is missing.
 * @param chosen of CPython's own test files.
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
  const { settings, prepared, runContext, context, isLocal } = checkContext;
  const { library, before } = await findFinder(runContext.python, prepared.recipe.toolchain.compiler, runContext.processes);
  const scanned = joinPreloads(...before, library);
  const preloads = settings.children ? joinPreloads(childrenOf(runContext), ...before, library) : scanned;
  const env = testEnvironment(runContext.processes.env, runContext.python);
  const { execution } = context;
  const isRun = execution.runs("scan");
  if (isRun) await requireSelfTest(runContext, scanSelfTest(runContext, scanned, env, library));
  const files = [prepared.python.suppressions.all, ...settings.suppressions];
  const suppressions = (await Promise.all(files.map(async (file) => parseLeakSuppressions(await readFile(file, "utf8"), file)))).flat();
  const recorder = isRun ? await openRecorder(checkContext) : undefined;
  const options = { preloads, suppressions, children: settings.children };
  const engine = scanEngine(runContext, { ...options, recorder });
  const pool = new WorkerPool(engine, runContext);
  const places = { directory: settings.directory, scratch: runContext.folder };
  const { jobs: listed, leftOut } =
    settings.work.kind === "suite"
      ? { jobs: await collectSuite({ ...settings, env: runContext.processes.env, python: runContext.python }, pool, context), leftOut: [] }
      : await planScan(scan, prepared.python, places, runContext.processes);
  const collected = { scanned: listed.map(({ name }) => name), others: [] };
  const affected = settings.work.kind === "suite" ? await chooseAffected(checkContext, async () => collected) : chosen;
  const { jobs: unskipped, skipped } = leaveOut(listed, context.skips, "scan", context.change.today);
  const { jobs: all, rest } = scan.kind === "all" ? withoutUnaffected(unskipped, affected) : { jobs: unskipped, rest: [] };
  // Four runs of each test file would take too long for all: only those selected for memcheck are repeated. In 3.11, None is reference-counted
  // like any other object, and its count always differs.
  // Without a GIL, counts are spread over threads, and objects that many use have none.
  const counts = minorVersion(prepared.python.version) !== "3.11" && !prepared.python.freeThreaded;
  const close = counts ? (await planMemcheck(settings, prepared.python, places, runContext.processes)).jobs.map(({ name }) => name) : [];
  const jobs = all.map((job) => ({ ...job, references: close.includes(job.name) }));
  const testRunner = withCancellation(pool, engine, runContext.processes);
  const finer = closerLook(runContext, counts);
  const lookingCloser = finer && withCancellation(new WorkerPool(scanEngine(finer, options), finer, pool), engine, runContext.processes);
  const others = { confirming: lookingCloser ?? testRunner, ...(lookingCloser === undefined ? {} : { lookingCloser }) };
  // A command may select fewer test files than the previous one with the same baseline; one that replaces the baseline may not.
  const isPart = runContext.suite !== undefined && isLocal && context.scope !== "replace";
  const allBut = scan.kind === "all" && !isPart ? { allBut: [...[...leftOut, ...skipped].map(({ name }) => name), ...rest] } : {};
  const isPartial = rest.length > 0;
  const refine = (run: TestRun): TestRun => (close.includes(run.name) ? { ...run, repeated: true } : run);
  const result = await runStage({ engine: "scan", title: "Scan", jobs, testRunner, refine, ...others, ...allBut, isPartial }, context);
  const footprints = execution.recorded(await recorder?.recorded());
  return {
    ...result,
    preloads,
    skipped,
    affected,
    ...(footprints && { footprints }),
    notes: [...stackNotes(runContext), ...interpreterNotes(result), ...leftOutNotes("scan", leftOut)],
  };
}

/** Follows the interpreters that tests start. */
function childrenOf({ python }: RunContext): string {
  if (python.freeThreaded)
    throw new UserError("In a free-threaded build, interpreters that tests start are not followed.", {
      hint: "`children: no` does without.",
    });
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
