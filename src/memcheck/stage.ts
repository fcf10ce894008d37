import { testEnvironment } from "../cpython/recipe.ts";
import { describeFailure, UserError } from "../errors.ts";
import { NOTHING } from "../findings/judgement.ts";
import type { TestRun } from "../running/job.ts";
import { planMemcheck, planTests } from "../running/plan.ts";
import { stoppable } from "../running/stoppable.ts";
import { Workforce } from "../running/workforce.ts";
import { type Bench, runJobs, runStage, type StageResult } from "../stage.ts";
import { aloneUnderMemcheck } from "./alone.ts";
import type { MemcheckOptions } from "./command.ts";
import { memcheckEngine } from "./engine.ts";
import { requireSelfTest } from "./self-test.ts";

export interface MemcheckResult extends StageResult {
  /** Memcheck's runs of the scan's suspects. */
  readonly looks: readonly TestRun[];
  readonly options: Omit<MemcheckOptions, "xmlFolder">;
  readonly notes: readonly string[];
}

/** Runs the selected test files under memcheck, and has it look at the suspects. Where it cannot be done, what the scan found is told all the same. */
export async function runMemcheck(bench: Bench, suspects: readonly string[]): Promise<MemcheckResult> {
  const options = memcheckOptions(bench);
  try {
    return await watchTests(bench, suspects, options);
  } catch (error) {
    if (!(error instanceof UserError) || bench.settings.scan.kind === "none") throw error;
    const reasons = [`Nothing was run under memcheck: ${describeFailure(error)}`];
    return { runs: [], judgement: { ...NOTHING, reasons }, looks: [], options, notes: [] };
  }
}

async function watchTests(bench: Bench, suspects: readonly string[], options: MemcheckResult["options"]): Promise<MemcheckResult> {
  const { settings, subject, lab, circumstances } = bench;
  const isLive = settings.leakCheck === "live";
  const engine = memcheckEngine(lab, options);
  const crew = stoppable(isLive ? new Workforce(engine, lab) : aloneUnderMemcheck(lab, options), engine, lab.processes);
  if (isLive) {
    const tested = requireSelfTest(lab, options, testEnvironment(process.env), subject.recipe.toolchain.valgrind);
    // What the scan has found is told all the same.
    await tested.catch((error: unknown) => {
      if (lab.processes.stopped === undefined) throw error;
    });
  }
  const places = { directory: settings.directory, scratch: lab.folder };
  const { jobs, leftOut } = await planMemcheck(settings.work, subject.python, places, lab.processes);
  const stage = { engine: "memcheck", title: "Memcheck", jobs, crew } as const;
  const result = await runStage(stage, circumstances);
  const others = planTests(
    suspects.filter((name) => !jobs.some((job) => job.name === name)),
    places,
  ).jobs;
  const further =
    others.length === 0 ? [] : await runJobs({ ...stage, title: "Memcheck: suspects of the scan", jobs: others }, circumstances);
  const looks = [...result.runs.filter((run) => suspects.includes(run.name)), ...further];
  return { ...result, looks, options, notes: leftOut.map(({ name, reason }) => `${name} is not run under memcheck: it ${reason}.`) };
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
