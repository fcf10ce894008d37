import type { Finding } from "../model/finding.ts";
import type { TestRun } from "../model/test-run.ts";
import type { Baseline, BaselineTest, Identity, NamedBuild } from "./baseline.ts";
import type { BaselineStore } from "./baseline-store.ts";
import type { History, RecordingScope } from "./history.ts";
import { hasFindings } from "./reach.ts";
import { recordInto } from "./record-baseline.ts";
import { countSuppressed, mergeSuppressed } from "./suppressed.ts";

export interface Recordable {
  readonly scope: RecordingScope;
  readonly past: History;
  readonly identity: Identity;
  readonly runs: readonly TestRun[];
  readonly sha: string | null;
  readonly content: string | null;
  /** Recorded test files that the source does not have any more. */
  readonly gone: readonly string[];
  /** Hashes of what hides findings in this check. */
  readonly relaxations: readonly string[];
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

/** Makes the runs part of the baseline, as far as the scope goes. */
export async function recordRuns(recordable: Recordable, baselines: BaselineStore): Promise<Recorded> {
  const { scope, past, identity, runs, sha, content, gone, relaxations, builds = [] } = recordable;
  const before = past.kind === "comparable" ? past.baseline : undefined;
  const isKnown = (run: TestRun): boolean =>
    before?.tests.some((test) => test.name === run.name && test.engine === run.engine && hasFindings(test)) ?? false;
  const chosen = scope === "nothing" ? [] : runs.filter((run) => scope !== "what-is-missing" || !isKnown(run));
  const tests = chosen.flatMap(testOf);
  if (tests.length === 0) return NOTHING_RECORDED;
  const findings = chosen.filter((run) => run.incomplete === null).flatMap((run) => run.findings);
  const functions = [...(await recordable.functionsOf(findings))];
  const recordedAt = new Date().toISOString();
  const replaces = scope === "replace";
  const counts = countSuppressed(runs);
  const suppressed = scope === "what-is-missing" ? mergeSuppressed(before?.suppressed ?? [], counts) : counts;
  const next = recordInto(before, {
    identity,
    sha,
    content,
    recordedAt,
    tests,
    findings,
    functions,
    relaxations,
    suppressed,
    builds,
    replaces,
    gone,
  });
  const outcome = await baselines.record(next);
  if (outcome.kind === "recorded") {
    const note = `Recorded as the baseline (${outcome.where}): ${namesInWords(tests)}, with ${findings.length} known errors.`;
    return { isRecorded: true, notes: [note], reasons: [] };
  }
  return { isRecorded: false, ...failureOf(outcome.reason, before, findings) };
}

/** With a baseline before it this check did what it was asked for, unless it found something that is neither known nor compared now. */
function failureOf(reason: string, before: Baseline | undefined, findings: readonly Finding[]): Pick<Recorded, "notes" | "reasons"> {
  const failure = `The baseline was not recorded: ${reason}.`;
  const compared = new Set(before?.tests.filter(hasFindings).map(({ name, engine }) => `${engine} ${name}`));
  const isLost = before === undefined || findings.some(({ engine, test }) => !compared.has(`${engine} ${test.file}`));
  return isLost ? { notes: [], reasons: [failure] } : { notes: [`${failure} The previous one stays.`], reasons: [] };
}

/** A check that is stopped records nothing. */
function testOf({ name, engine, status, seconds, ran, cause }: TestRun): readonly Omit<BaselineTest, "latest">[] {
  return status === "stopped" ? [] : [{ name, engine, status, seconds: Math.round(seconds * 10) / 10, ran, cause }];
}

function namesInWords(tests: readonly Omit<BaselineTest, "latest">[]): string {
  const names = [...new Set(tests.map((test) => test.name))];
  return names.length > 10 ? `${names.length} test files` : names.join(", ");
}
