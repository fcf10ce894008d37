import { existsSync } from "node:fs";
import { testEnvironment } from "../build/recipe.ts";
import { withCancellation } from "../engines/cancellation.ts";
import type { Job } from "../engines/job.ts";
import { findRuntime } from "../engines/scan/runtime.ts";
import { scanSelfTest } from "../engines/scan/scan-engine.ts";
import { joinPreloads } from "../engines/scan/scan-environment.ts";
import { requireSelfTest } from "../engines/self-test.ts";
import { TortureSummary } from "../engines/torture/summary.ts";
import { tortureEngine } from "../engines/torture/torture-engine.ts";
import { WorkerPool } from "../engines/worker-pool.ts";
import { NOTHING } from "../findings/judgement.ts";
import { leaveOut, type Partition } from "../findings/skip.ts";
import type { Note } from "../model/note.ts";
import { UserError } from "../model/user-error.ts";
import type { Torture } from "../settings/work.ts";
import { planTorture } from "./plan.ts";
import { type CheckContext, engineFailed, leftOutNotes, runStage, type StageResult } from "./stage.ts";

export interface TortureResult extends StageResult {
  readonly notes: readonly Note[];
  readonly skipped: Partition<Job>["skipped"];
  /** What was preloaded; undefined where nothing was tortured. */
  readonly preloads?: string;
}

/** Makes allocations fail in the test files of the setting. Where it cannot be done at all, the verdict says so. */
export async function runTorture(checkContext: CheckContext): Promise<TortureResult> {
  const { torture } = checkContext.settings;
  if (torture.kind === "none") return { runs: [], judgement: NOTHING, notes: [], skipped: [] };
  try {
    return await tortureTests(checkContext, torture);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { runs: [], judgement: { ...NOTHING, problems: [engineFailed("torture", error)] }, notes: [], skipped: [] };
  }
}

async function tortureTests(
  { settings, prepared, runContext, context }: CheckContext,
  torture: Exclude<Torture, { kind: "none" }>,
): Promise<TortureResult> {
  const runtime = await findRuntime(prepared.recipe.toolchain.compiler, runContext.processes);
  if (!runContext.python.framePointers)
    throw new UserError("Torture finds allocation sites by frame pointers, which this interpreter does not have.", {
      hint: "`python-version` builds one that has them.",
    });
  const { preload, torture: injector } = runContext.python.probe;
  if (!existsSync(injector)) throw new UserError("What makes allocations fail (torture.c) does not compile here.");
  const scanned = joinPreloads(preload, runtime);
  const preloads = joinPreloads(injector, preload, runtime);
  await requireSelfTest(runContext, scanSelfTest(runContext, scanned, testEnvironment(runContext.processes.env), runtime));
  const places = { directory: settings.directory, scratch: runContext.folder };
  const { jobs: listed, leftOut } = await planTorture(torture, prepared.python, places, runContext.processes);
  const { jobs, skipped } = leaveOut(listed, context.skips, "torture", context.change.today);
  const summary = new TortureSummary();
  // Some time is left for what else a test file needs.
  const request = { seconds: Math.ceil(runContext.timeout * PART_FOR_FAILURES), slice: [0, 1] } as const;
  const engine = tortureEngine(runContext, preloads, request, (line) => summary.add(line));
  const testRunner = withCancellation(new WorkerPool(engine, runContext), engine, runContext.processes);
  const allBut = torture.kind === "all" ? { allBut: [...leftOut, ...skipped].map(({ name }) => name) } : {};
  const result = await runStage({ engine: "torture", title: "Torture", jobs, testRunner, ...allBut }, context);
  return { ...result, preloads, skipped, notes: [summary.note(), ...leftOutNotes("torture", leftOut)] };
}

const PART_FOR_FAILURES = 0.8;
