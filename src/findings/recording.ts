import type { BaselineStore } from "../ports.ts";
import type { TestRun } from "../running/job.ts";
import { type BaselineTest, type Identity, type NamedBuild, recordInto } from "./baseline.ts";
import type { Finding } from "./finding.ts";
import type { History, RecordingScope } from "./history.ts";

export interface Recordable {
  readonly scope: RecordingScope;
  readonly past: History;
  readonly identity: Identity;
  readonly runs: readonly TestRun[];
  readonly sha: string | null;
  readonly content: string | null;
  readonly builds?: readonly NamedBuild[];
  /** The functions of the build that made these findings. */
  readonly functionsOf: (findings: readonly Finding[]) => Promise<ReadonlySet<string>>;
}

/** What the report tells of a recording. */
export interface Recorded {
  readonly isRecorded: boolean;
  readonly notes: readonly string[];
  readonly reasons: readonly string[];
}

export const NOTHING_RECORDED: Recorded = { isRecorded: false, notes: [], reasons: [] };

/** Makes the complete runs part of the baseline, as far as the scope goes. */
export async function recordRuns(recordable: Recordable, baselines: BaselineStore): Promise<Recorded> {
  const { scope, past, identity, runs, sha, content, builds = [] } = recordable;
  const before = past.kind === "comparable" ? past.baseline : undefined;
  const isKnown = (run: TestRun): boolean => before?.tests.some((test) => test.name === run.name && test.engine === run.engine) ?? false;
  const chosen = runs.filter((run) => isComplete(run) && (scope === "everything" || (scope === "what-is-missing" && !isKnown(run))));
  if (chosen.length === 0) return NOTHING_RECORDED;
  const tests = chosen.flatMap(({ name, engine, status, seconds }): BaselineTest[] =>
    status === "timeout" || status === "crashed" || status === "stopped"
      ? []
      : [{ name, engine, status, seconds: Math.round(seconds * 10) / 10 }],
  );
  const findings = chosen.flatMap((run) => run.findings);
  const functions = [...(await recordable.functionsOf(findings))];
  const recordedAt = new Date().toISOString();
  const outcome = await baselines.record(recordInto(before, { identity, sha, content, recordedAt, tests, findings, functions, builds }));
  if (outcome.kind === "recorded") {
    const note = `Recorded as the baseline (${outcome.where}): ${namesInWords(tests)}, with ${findings.length} known errors.`;
    return { isRecorded: true, notes: [note], reasons: [] };
  }
  const failure = `The baseline was not recorded: ${outcome.reason}.`;
  // With a baseline before it this check did what it was asked for; without one it did neither.
  return before === undefined
    ? { isRecorded: false, notes: [], reasons: [failure] }
    : { isRecorded: false, notes: [`${failure} The one before stays.`], reasons: [] };
}

function namesInWords(tests: readonly BaselineTest[]): string {
  const names = [...new Set(tests.map((test) => test.name))];
  return names.length > 10 ? `${names.length} test files` : names.join(", ");
}

/** A skipped test file has nothing to compare with: where it runs one day, its errors are not new for that. */
function isComplete(run: TestRun): boolean {
  return run.incomplete === null && run.status !== "skipped";
}
