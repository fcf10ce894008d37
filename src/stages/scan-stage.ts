import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { RecordedFootprints } from "../affected/footprints.ts";
import { testEnvironment } from "../build/recipe.ts";
import { withCancellation } from "../engines/cancellation.ts";
import type { Job, RunContext } from "../engines/job.ts";
import { findRuntime } from "../engines/scan/runtime.ts";
import { scanEngine, scanSelfTest } from "../engines/scan/scan-engine.ts";
import { joinPreloads } from "../engines/scan/scan-environment.ts";
import { requireSelfTest } from "../engines/self-test.ts";
import { WorkerPool } from "../engines/worker-pool.ts";
import { NOTHING } from "../findings/judgement.ts";
import { leaveOut, type Partition } from "../findings/skip.ts";
import { parseLeakSuppressions } from "../findings/suppression-file.ts";
import { addChildCounts } from "../model/child-counts.ts";
import type { Note } from "../model/note.ts";
import { UserError } from "../model/user-error.ts";
import type { Scan } from "../settings/work.ts";
import { type Affected, openRecorder, withoutUnaffected } from "./choose-affected.ts";
import { planMemcheck, planScan } from "./plan.ts";
import { type CheckContext, engineDropped, engineFailed, leftOutNotes, runStage, type StageResult } from "./stage.ts";
import { collectSuite, SuiteFailure } from "./suite-files.ts";

export interface ScanResult extends StageResult {
  readonly notes: readonly Note[];
  readonly skipped: Partition<Job>["skipped"];
  /** What was preloaded; undefined where nothing was scanned. */
  readonly preloads?: string;
  readonly footprints?: RecordedFootprints;
}

/** Looks for leaks in the test files of the setting. Where it cannot be done at all, memcheck goes on, and the verdict says what is missing. */
export async function runScan(checkContext: CheckContext, affected: Affected): Promise<ScanResult> {
  const { scan } = checkContext.settings;
  if (scan.kind === "none")
    return { runs: [], judgement: { ...NOTHING, problems: engineDropped("scan", "scan", checkContext.context) }, notes: [], skipped: [] };
  try {
    checkContext.context.execution.requireEngine("scan");
    return await scanTests(checkContext, scan, affected);
  } catch (error) {
    if (!(error instanceof UserError) || error instanceof SuiteFailure) throw error;
    return { runs: [], judgement: { ...NOTHING, problems: [engineFailed("scan", error)] }, notes: [], skipped: [] };
  }
}

function stackNotes({ python }: RunContext): readonly Note[] {
  return python.framePointers ? [] : [{ code: "slow-stacks" }];
}

async function scanTests(checkContext: CheckContext, scan: Exclude<Scan, { kind: "none" }>, affected: Affected): Promise<ScanResult> {
  const { settings, prepared, runContext, context, isLocal } = checkContext;
  const runtime = await findRuntime(prepared.recipe.toolchain.compiler, runContext.processes);
  const { preload } = runContext.python.probe;
  const scanned = joinPreloads(preload, runtime);
  const preloads = settings.children ? joinPreloads(childrenOf(runContext), preload, runtime) : scanned;
  const { execution } = context;
  const isRun = execution.runs("scan");
  if (isRun) await requireSelfTest(runContext, scanSelfTest(runContext, scanned, testEnvironment(runContext.processes.env), runtime));
  const files = [prepared.python.suppressions.all, ...settings.suppressions];
  const suppressions = (await Promise.all(files.map(async (file) => parseLeakSuppressions(await readFile(file, "utf8"), file)))).flat();
  const recorder = isRun ? await openRecorder(checkContext) : undefined;
  const options = { preloads, suppressions, children: settings.children };
  const engine = scanEngine(runContext, { ...options, recorder });
  const pool = new WorkerPool(engine, runContext);
  const places = { directory: settings.directory, scratch: runContext.folder };
  const { jobs: listed, leftOut } =
    settings.work.kind === "suite"
      ? { jobs: await collectSuite({ ...settings, env: runContext.processes.env }, pool, context), leftOut: [] }
      : await planScan(scan, prepared.python, places, runContext.processes);
  const { jobs: unskipped, skipped } = leaveOut(listed, context.skips, "scan", context.change.today);
  const { jobs: all, rest } = scan.kind === "all" ? withoutUnaffected(unskipped, affected) : { jobs: unskipped, rest: [] };
  // Four runs of a test file are too many for all of them: those that were chosen for memcheck are looked at most closely. In 3.11 None is
  // counted like everything else, and its count is never the same.
  const counts = !prepared.python.version.startsWith("3.11.");
  const chosen = counts ? (await planMemcheck(settings, prepared.python, places, runContext.processes)).jobs.map(({ name }) => name) : [];
  const jobs = all.map((job) => ({ ...job, references: chosen.includes(job.name) }));
  const testRunner = withCancellation(pool, engine, runContext.processes);
  const finer = closerLook(runContext, counts);
  const lookingCloser = finer && withCancellation(new WorkerPool(scanEngine(finer, options), finer), engine, runContext.processes);
  const others = { confirming: lookingCloser ?? testRunner, ...(lookingCloser === undefined ? {} : { lookingCloser }) };
  // A command may choose fewer test files than the one before, with which it shares a baseline; one that replaces it may not.
  const isPart = runContext.suite !== undefined && isLocal && context.scope !== "replace";
  const allBut = scan.kind === "all" && !isPart ? { allBut: [...[...leftOut, ...skipped].map(({ name }) => name), ...rest] } : {};
  const isPartial = rest.length > 0;
  const result = await runStage({ engine: "scan", title: "Scan", jobs, testRunner, ...others, ...allBut, isPartial }, context);
  const footprints = execution.recorded(await recorder?.recorded());
  return {
    ...result,
    preloads,
    skipped,
    ...(footprints && { footprints }),
    notes: [...stackNotes(runContext), ...interpreterNotes(result), ...leftOutNotes("scan", leftOut)],
  };
}

/** What follows the interpreters that tests start. */
function childrenOf({ python }: RunContext): string {
  const { children } = python.probe;
  if (existsSync(children.look)) return children.follow;
  throw new UserError("What follows the interpreters that tests start (children.c) does not compile here.", {
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

/** Seconds that finding the test may take in one test file. */
const CLOSER_LOOK_S = 60;

/** What is new in a project's tests is looked at again after each test, with the Python lines that allocated it. */
function closerLook(runContext: RunContext, hasPythonStacks: boolean): RunContext | undefined {
  if (runContext.suite === undefined || runContext.leakCheckPer === "test") return undefined;
  return { ...runContext, leakCheckPer: "test", leakCheckSeconds: CLOSER_LOOK_S, pythonStacks: hasPythonStacks };
}
