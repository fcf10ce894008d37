import { existsSync } from "node:fs";
import { testEnvironment } from "../build/recipe.ts";
import { selectAll } from "../build/tests.ts";
import { withCancellation } from "../engines/cancellation.ts";
import type { Job, RunContext } from "../engines/job.ts";
import type { TestRunner } from "../engines/run-all.ts";
import { findRuntime } from "../engines/scan/runtime.ts";
import { scanSelfTest } from "../engines/scan/scan-engine.ts";
import { joinPreloads } from "../engines/scan/scan-environment.ts";
import { TortureSummary, tortureNote } from "../engines/torture/summary.ts";
import { OF_EXTENSIONS, type TortureRequest, tortureEngine } from "../engines/torture/torture-engine.ts";
import { WorkerPool } from "../engines/worker-pool.ts";
import { NOTHING } from "../findings/judgement.ts";
import { leaveOut, type Partition } from "../findings/skip.ts";
import type { Note } from "../model/note.ts";
import { sliceName } from "../model/slice.ts";
import type { TestRun } from "../model/test-run.ts";
import { UserError } from "../model/user-error.ts";
import type { Settings } from "../settings/settings.ts";
import type { Torture } from "../settings/work.ts";
import type { Affected } from "./choose-affected.ts";
import { lookAtCrashes } from "./crash-look.ts";
import { planTests, planTorture } from "./plan.ts";
import { scanCosts } from "./scan-costs.ts";
import type { ScanResult } from "./scan-stage.ts";
import { passSelfTest } from "./self-tests.ts";
import { type CheckContext, engineFailed, leftOutNotes, runStage, type StageResult } from "./stage.ts";
import { planSuite } from "./suite-files.ts";
import { tortureChange } from "./torture-change.ts";
import { changeToTorture, chooseTorture } from "./torture-choice.ts";

export interface TortureResult extends StageResult {
  readonly notes: readonly Note[];
  readonly skipped: Partition<Job>["skipped"];
  /** The preloaded library; undefined if nothing was tortured. */
  readonly preloads?: string;
}

const NOTHING_TORTURED: TortureResult = { runs: [], judgement: NOTHING, notes: [], skipped: [] };

/**
 * Makes allocations fail in the test files of the setting. If that is not possible at all, the verdict says so.
 * @param scan its runs, and the test files that it skipped.
 */
export async function runTorture(
  checkContext: CheckContext,
  affected: Affected,
  scan: Pick<ScanResult, "runs" | "skipped">,
): Promise<TortureResult> {
  const { torture } = checkContext.settings;
  if (torture.kind === "none") return NOTHING_TORTURED;
  try {
    checkContext.context.execution.requireEngine("torture");
    if (torture.kind === "changed") return await tortureChanged(checkContext, affected, scan.runs);
    return await (checkContext.settings.work.kind === "suite"
      ? tortureSuite(checkContext, [...scan.runs, ...scan.skipped], affected)
      : tortureTests(checkContext, torture));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { ...NOTHING_TORTURED, judgement: { ...NOTHING, problems: [engineFailed("torture", error)] } };
  }
}

async function tortureTests(checkContext: CheckContext, torture: Exclude<Torture, { kind: "none" | "changed" }>): Promise<TortureResult> {
  const { settings, prepared, runContext, context } = checkContext;
  const tools = await openTools(checkContext);
  const places = { directory: settings.directory, scratch: runContext.folder };
  const { jobs: listed, leftOut } = await planTorture(torture, prepared.python, places, runContext.processes);
  const { jobs, skipped } = leaveOut(listed, context.skips, "torture", context.change.today);
  const { slice, testRunner } = ofSlice(tools.runnerOf({ seconds: secondsFor(runContext), slice: settings.tortureSlice }), settings);
  const allBut = torture.kind === "all" ? { allBut: [...leftOut, ...skipped].map(({ name }) => name) } : {};
  const result = await runStage({ engine: "torture", slice, title: "Torture", jobs, testRunner, ...allBut }, context);
  return {
    ...result,
    judgement: await lookAtCrashes(result.judgement, { jobs, request: {} }, checkContext),
    preloads: tools.preloads,
    skipped,
    notes: [tortureNote(context.execution.tortured(tools.summary.totals), settings.tortureSlice), ...leftOutNotes("torture", leftOut)],
  };
}

const PART_FOR_FAILURES = 0.8;

/** Leaves some time for other work in a test file. */
function secondsFor({ timeout }: RunContext): number {
  return Math.ceil(timeout * PART_FOR_FAILURES);
}

/** Sets the slice of the runs. */
function ofSlice(
  runner: TestRunner,
  { tortureSlice: slice }: Pick<Settings, "tortureSlice">,
): { readonly slice?: string; readonly testRunner: TestRunner } {
  if (slice === undefined) return { testRunner: runner };
  const name = sliceName(slice);
  return { slice: name, testRunner: { run: async (job) => ({ ...(await runner.run(job)), slice: name }), stop: () => runner.stop() } };
}

/** For a project's tests: only allocations with a function of an extension on their stack; errors that do not involve the project are counted. */
async function tortureSuite(
  checkContext: CheckContext,
  files: readonly Pick<TestRun, "name">[],
  affected: Affected,
): Promise<TortureResult> {
  const { settings, runContext, context } = checkContext;
  const isPartial = affected.kind === "some";
  if (files.length === 0 && isPartial) return NOTHING_TORTURED;
  const tools = await openTools(checkContext);
  const listed = planSuite(files, { ...settings, env: runContext.processes.env, python: runContext.python });
  const { jobs, skipped } = leaveOut(listed, context.skips, "torture", context.change.today);
  const request = { ...OF_EXTENSIONS, seconds: secondsFor(runContext), slice: settings.tortureSlice };
  const { slice, testRunner } = ofSlice(tools.runnerOf(request), settings);
  const others = new Set<string>();
  const result = await runStage(
    { engine: "torture", slice, title: "Torture", jobs, testRunner, refine: ofProject(others), isPartial },
    context,
  );
  const judgement = await lookAtCrashes(result.judgement, { jobs, request: OF_EXTENSIONS }, checkContext);
  const totals = context.execution.tortured(tools.summary.totals);
  return { ...result, judgement, preloads: tools.preloads, skipped, notes: [tortureNote(totals, settings.tortureSlice, others.size)] };
}

/** Keeps only the project's findings in a run. @param others receives the signatures of the others. */
function ofProject(others: Set<string>): (run: TestRun) => TestRun {
  return (run) => {
    for (const { owner, signature } of run.findings) if (owner !== "project") others.add(signature);
    return { ...run, findings: run.findings.filter(({ owner }) => owner === "project") };
  };
}

/** For a change: only allocations with a function on their stack that it rewrote. */
async function tortureChanged(checkContext: CheckContext, affected: Affected, scanned: readonly TestRun[]): Promise<TortureResult> {
  const { prepared, runContext, context } = checkContext;
  const change = changeToTorture(affected);
  if (typeof change === "string") return { ...NOTHING_TORTURED, notes: [{ code: "torture-idle", why: change }] };
  const { names } = await selectAll("torture", prepared.python, runContext.folder, runContext.processes);
  const suitable = new Set(names);
  const costs = { scanned: scanCosts(context.past, scanned), width: context.plannedWidth ?? context.width };
  const chosen = chooseTorture(change, (name) => suitable.has(name), costs);
  const { rewritten: functions } = change;
  const { jobs: listed } = planTests(chosen.names, runContext.python, { scratch: runContext.folder }, runContext.processes);
  const { jobs, skipped } = leaveOut(listed, context.skips, "torture", context.change.today);
  const looked = jobs.map(({ name }) => name);
  const note: Note = { code: "torture-chosen", looked, functions: functions.length, covered: chosen.covered };
  if (jobs.length === 0) return { ...NOTHING_TORTURED, skipped, notes: [note] };
  const tools = await openTools(checkContext);
  const result = await tortureChange({ functions, jobs, runnerOf: tools.runnerOf }, context);
  const judgement = await lookAtCrashes(result.judgement, { jobs, request: { functions } }, checkContext);
  const totals = context.execution.tortured(tools.summary.totals);
  return { ...result, judgement, preloads: tools.preloads, skipped, notes: [note, tortureNote(totals)] };
}

interface Tools {
  readonly preloads: string;
  /** Sums of all runners' work, except in second runs. */
  readonly summary: TortureSummary;
  /** @param isSecond whether its test files have been run before. */
  readonly runnerOf: (request: TortureRequest, isSecond?: boolean) => TestRunner;
}

/** The library that makes allocations fail, tested. */
async function openTools(checkContext: CheckContext): Promise<Tools> {
  const { prepared, runContext, context } = checkContext;
  const runtime = await findRuntime(prepared.recipe.toolchain.compiler, runContext.processes);
  const { preload, torture: injector } = runContext.python.probe;
  if (!existsSync(injector)) throw new UserError("The library that makes allocations fail (torture.c) does not compile here.");
  const scanned = joinPreloads(preload, runtime);
  const preloads = joinPreloads(injector, preload, runtime);
  if (context.execution.runs("torture"))
    await passSelfTest(
      checkContext,
      scanSelfTest(runContext, scanned, testEnvironment(runContext.processes.env, runContext.python), runtime),
    );
  const summary = new TortureSummary();
  let first: WorkerPool | undefined;
  const runnerOf: Tools["runnerOf"] = (request, isSecond = false) => {
    const engine = tortureEngine(runContext, preloads, request, (line) => (isSecond ? undefined : summary.add(line)));
    const pool = new WorkerPool(engine, runContext, first);
    first ??= pool;
    return withCancellation(pool, engine, runContext.processes);
  };
  return { preloads, summary, runnerOf };
}
