import { readFile } from "node:fs/promises";
import { describeFailure, UserError } from "../errors.ts";
import { NOTHING } from "../findings/judgement.ts";
import { planMemcheck, planScan } from "../running/plan.ts";
import { stoppable } from "../running/stoppable.ts";
import { Workforce } from "../running/workforce.ts";
import type { Scan } from "../settings.ts";
import { type Bench, runStage, type StageResult } from "../stage.ts";
import { scanEngine } from "./engine.ts";
import { joinPreloads } from "./environment.ts";
import { findRuntime } from "./runtime.ts";
import { parseLeakSuppressions } from "./suppression-file.ts";

export interface ScanResult extends StageResult {
  readonly notes: readonly string[];
  /** What was preloaded; undefined where nothing was scanned. */
  readonly preloads?: string;
}

/** Looks for leaks in the test files of the setting. Where it cannot be done at all, memcheck goes on, and the verdict says what is missing. */
export async function runScan(bench: Bench): Promise<ScanResult> {
  const { scan } = bench.settings;
  if (scan.kind === "none") return { runs: [], judgement: NOTHING, notes: [] };
  try {
    return await scanTests(bench, scan);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { runs: [], judgement: { ...NOTHING, reasons: [`Nothing was scanned: ${describeFailure(error)}`] }, notes: [] };
  }
}

async function scanTests({ settings, subject, lab, circumstances }: Bench, scan: Exclude<Scan, { kind: "none" }>): Promise<ScanResult> {
  const runtime = await findRuntime(subject.recipe.toolchain.compiler, lab.processes);
  const preloads = joinPreloads(lab.python.probe.preload, runtime);
  const files = [subject.python.suppressions.all, ...settings.suppressions];
  const suppressions = (await Promise.all(files.map(async (file) => parseLeakSuppressions(await readFile(file, "utf8"), file)))).flat();
  const places = { directory: settings.directory, scratch: lab.folder };
  const { jobs: all, leftOut } = await planScan(scan, subject.python, places, lab.processes);
  // Four runs of a test file are too many for all of them: those that were chosen for memcheck are looked at most closely. In 3.11 None is
  // counted like everything else, and its count is never the same.
  const counts = !subject.python.version.startsWith("3.11.");
  const chosen = counts ? (await planMemcheck(settings.work, subject.python, places, lab.processes)).jobs.map(({ name }) => name) : [];
  const jobs = all.map((job) => ({ ...job, references: chosen.includes(job.name) }));
  const engine = scanEngine(lab, preloads, suppressions);
  const crew = stoppable(new Workforce(engine, lab), engine, lab.processes);
  const result = await runStage({ engine: "scan", title: "Scan", jobs, crew, retries: true }, circumstances);
  return { ...result, preloads, notes: leftOut.map(({ name, reason }) => `${name} is not scanned: it ${reason}.`) };
}
