// Runs crashes that torture found once more under memcheck, which shows the memory errors before the crash.

import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import type { Job } from "../engines/job.ts";
import { memcheckArgs } from "../engines/memcheck/memcheck-args.ts";
import { MEMCHECK } from "../engines/memcheck/memcheck-engine.ts";
import { ProcessReport } from "../engines/process-report.ts";
import { readReport, reportName } from "../engines/reports.ts";
import { joinPreloads } from "../engines/scan/scan-environment.ts";
import type { TortureRequest } from "../engines/torture/torture-engine.ts";
import type { JudgedFinding, Judgement } from "../findings/judgement.ts";
import { findingOf } from "../findings/make-finding.ts";
import type { Finding } from "../model/finding.ts";
import type { MemoryError } from "../model/memory-error.ts";
import { kindInWords } from "../report/format.ts";
import { inPool } from "../system/pool.ts";
import { tortureWords } from "./reproduce.ts";
import type { CheckContext } from "./stage.ts";

/** How the crashes were produced. */
export interface Tortured {
  readonly jobs: readonly Job[];
  readonly request: Pick<TortureRequest, "functions" | "extensions">;
}

/** Limit: each needs a start under memcheck; a first record may have dozens. */
const MAX_CRASHES = 5;

/** Limit: later errors are mostly consequences of the first ones. */
const MAX_ERRORS = 3;

/** Without this, valgrind would also replace the injector's malloc by its own. */
const LEAVE_THE_INJECTOR = "--soname-synonyms=somalloc=nouserintercepts";

/** Adds memcheck's errors to the stacks of new crashes. */
export async function lookAtCrashes(judgement: Judgement, tortured: Tortured, checkContext: CheckContext): Promise<Judgement> {
  const { context, runContext } = checkContext;
  const crashes = judgement.findings.filter(isUnknownCrash).slice(0, MAX_CRASHES);
  if (crashes.length === 0 || runContext.processes.stopped !== undefined) return judgement;
  const { execution } = context;
  if (!execution.isIdle) context.progress.begin("Torture: crashes under memcheck");
  const errors = await inPool(crashes, context.width, ({ finding }) =>
    execution.lookAtCrash(finding, () => errorsBefore(finding, tortured, checkContext)),
  );
  const seen = new Map(crashes.map((judged, index) => [judged, errors[index] ?? []]));
  const findings = judgement.findings.map((judged): JudgedFinding => {
    const further = seen.get(judged) ?? [];
    return { ...judged, finding: { ...judged.finding, further: [...further, ...judged.finding.further] } };
  });
  return { ...judgement, findings };
}

function isUnknownCrash({ finding, status }: JudgedFinding): boolean {
  return finding.failure !== undefined && finding.kind === "ErrorPathCrash" && (status === "new" || status === "unrecorded");
}

async function errorsBefore(
  finding: Finding,
  { jobs, request }: Tortured,
  { settings, runContext, prepared }: CheckContext,
): Promise<Finding["further"]> {
  const job = jobs.find(({ name }) => name === finding.test.file);
  if (job === undefined || finding.failure === undefined) return [];
  const { python, processes, timeout, project } = runContext;
  const xmlFolder = await mkdtemp(join(runContext.folder, "crash-"));
  const { valgrind } = prepared.recipe.toolchain;
  const options = { valgrind, leakCheck: "none", suppressions: settings.suppressions, xmlFolder } as const;
  const args = memcheckArgs({ ...options, extraArgs: [...settings.valgrindArgs, LEAVE_THE_INJECTOR] });
  const asked = { ...request, only: finding.failure };
  const words = [...args, python.path, python.probe.runner, "look", ...tortureWords(asked, settings.work, finding.test)];
  const env = { ...job.env, LD_PRELOAD: joinPreloads(python.probe.torture, python.probe.preload) };
  const { pid } = await processes.run("valgrind", words, { cwd: job.cwd, env, timeout, logFile: join(xmlFolder, "output.log") });
  const errors = await readErrors(join(xmlFolder, reportName(MEMCHECK, pid)));
  return errors.slice(0, MAX_ERRORS).flatMap((error) => {
    const shown = findingOf({ engine: "memcheck", error, testFile: finding.test.file, testId: finding.test.id, objects: [] }, project);
    return [{ what: `Memcheck, before the crash: ${kindInWords(error.kind)}`, frames: shown.stack }, ...shown.further];
  });
}

/** The errors of the failure: the runner writes a line when the test begins. None if valgrind did not start. */
async function readErrors(path: string): Promise<readonly MemoryError[]> {
  const errors: MemoryError[] = [];
  await readReport(MEMCHECK, path, new ProcessReport("none"), ({ error, testId }) => {
    if (testId !== null) errors.push(error);
  });
  return errors;
}
