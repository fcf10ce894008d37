import { testEnvironment } from "../cpython/recipe.ts";
import { describeFailure, UserError } from "../errors.ts";
import { NOTHING } from "../findings/judgement.ts";
import { leaveOut, type Partition } from "../findings/skip.ts";
import type { Job, TestRun } from "../running/job.ts";
import { planMemcheck, planTests } from "../running/plan.ts";
import type { Crew } from "../running/run-all.ts";
import { requireSelfTest } from "../running/self-test.ts";
import { stoppable } from "../running/stoppable.ts";
import { Workforce } from "../running/workforce.ts";
import { type Bench, runJobs, runStage, type StageResult } from "../stage.ts";
import { aloneUnderMemcheck } from "./alone.ts";
import type { MemcheckOptions } from "./command.ts";
import { memcheckEngine, memcheckSelfTest } from "./engine.ts";

export interface MemcheckResult extends StageResult {
  /** Memcheck's runs of the scan's suspects. */
  readonly looks: readonly TestRun[];
  readonly options: Omit<MemcheckOptions, "xmlFolder">;
  readonly notes: readonly string[];
  readonly skipped: Partition<Job>["skipped"];
}

/** Runs the selected test files under memcheck, and has it look at the suspects. Where it cannot be done, what the scan found is told all the same. */
export async function runMemcheck(bench: Bench, suspects: readonly string[]): Promise<MemcheckResult> {
  const options = memcheckOptions(bench);
  try {
    return await watchTests(bench, suspects, options);
  } catch (error) {
    if (!(error instanceof UserError) || bench.settings.scan.kind === "none") throw error;
    const reasons = [`Nothing was run under memcheck: ${describeFailure(error)}`];
    return { runs: [], judgement: { ...NOTHING, reasons }, looks: [], options, notes: [], skipped: [] };
  }
}

async function watchTests(bench: Bench, suspects: readonly string[], options: MemcheckResult["options"]): Promise<MemcheckResult> {
  const { settings, subject, lab, circumstances } = bench;
  const isLive = settings.leakCheck === "live";
  const crewWith = (crewOptions: MemcheckResult["options"]): Crew => {
    const engine = memcheckEngine(lab, crewOptions);
    return stoppable(isLive ? new Workforce(engine, lab) : aloneUnderMemcheck(lab, crewOptions), engine, lab.processes);
  };
  const crew = crewWith(options);
  // Valgrind's own suppressions have the names that it compares, and make its report half as long again: asked for where something is new.
  const confirming = crewWith({ ...options, extraArgs: [...options.extraArgs, "--gen-suppressions=all"] });
  if (isLive) {
    const test = memcheckSelfTest(lab, options, testEnvironment(process.env), subject.recipe.toolchain.valgrind);
    // A check that is stopped still reports what the scan found.
    await requireSelfTest(lab, test).catch((error: unknown) => {
      if (lab.processes.stopped === undefined) throw error;
    });
  }
  const places = { directory: settings.directory, scratch: lab.folder };
  const { jobs: listed, leftOut } = await planMemcheck(settings, subject.python, places, lab.processes);
  const without = (some: readonly Job[]) => leaveOut(some, circumstances.skips, "memcheck", circumstances.change.today);
  const { jobs, skipped } = without(listed);
  const allBut = settings.work.kind === "all-tests" ? { allBut: [...leftOut, ...skipped].map(({ name }) => name) } : {};
  const stage = { engine: "memcheck", title: "Memcheck", jobs, crew, confirming, ...allBut } as const;
  const result = await runStage(stage, circumstances);
  const others = without(
    planTests(
      suspects.filter((name) => !jobs.some((job) => job.name === name)),
      places,
    ).jobs,
  ).jobs;
  const further =
    others.length === 0
      ? []
      : await runJobs({ ...stage, crew: confirming, title: "Memcheck: suspects of the scan", jobs: others }, circumstances);
  const looks = [...result.runs.filter((run) => suspects.includes(run.name)), ...further];
  return {
    ...result,
    looks,
    options,
    skipped,
    notes: leftOut.map(({ name, reason }) => `${name} is not run under memcheck: it ${reason}.`),
  };
}

function memcheckOptions({ settings, subject }: Bench): Omit<MemcheckOptions, "xmlFolder"> {
  const { all, definiteLeaks } = subject.python.suppressions;
  return {
    valgrind: subject.recipe.toolchain.valgrind,
    leakCheck: settings.leakCheck,
    suppressions: [settings.leakCheck === "live" ? definiteLeaks : all, ...settings.suppressions],
    extraArgs: settings.valgrindArgs,
  };
}
