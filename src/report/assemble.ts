import type { PreparedBuild } from "../build/prepare.ts";
import { type Baseline, type BaselineEntry, segmentOfEntry } from "../findings/baseline.ts";
import type { BaselineOrigin } from "../findings/baseline-store.ts";
import type { Compared } from "../findings/compare.ts";
import { compareText } from "../findings/finding.ts";
import type { Judgement } from "../findings/judgement.ts";
import { placeOf } from "../findings/place.ts";
import type { Relaxation } from "../findings/relaxation.ts";
import type { Skip } from "../findings/skip.ts";
import { countSuppressed, type SuppressedCount } from "../findings/suppressed.ts";
import type { Changes } from "../git/changes.ts";
import type { EngineName } from "../model/engine-name.ts";
import type { Finding } from "../model/finding.ts";
import type { TestRun } from "../model/test-run.ts";
import { gatherBursts } from "./burst.ts";
import { type FindingStatus, REPORT_VERSION, type Report, type ReportedFinding, type ReportedTest, shownFrames } from "./report.ts";

export interface Facts {
  readonly prepared: PreparedBuild;
  readonly runs: readonly TestRun[];
  readonly judgement: Judgement;
  /** What was compared with. */
  readonly baseline: Baseline | null;
  /** Where that was found, in a repository with many. */
  readonly origin: BaselineOrigin | null;
  /** Whether this run records its findings, which are known from then on. */
  readonly recorded: boolean;
  readonly notes: readonly string[];
  readonly skipped: readonly { readonly name: string; readonly engine: EngineName; readonly skip: Skip }[];
  readonly relaxations: readonly Relaxation[];
  readonly changes: Changes;
  /** More leaks than this from one test are one finding. */
  readonly burstLimit: number;
  /** The command that shows the errors of a test file again. */
  readonly reproduce: (engine: EngineName, test: ReportedFinding["test"]) => string;
}

/** Puts everything together as report.json has it. Pure. */
export function assembleReport(facts: Facts): Report {
  const { prepared, judgement } = facts;
  const { toolchain } = prepared.recipe;
  return {
    schemaVersion: REPORT_VERSION,
    verdict: judgement.confirmed.length > 0 ? "new-errors" : judgement.reasons.length > 0 ? "inconclusive" : "clean",
    reasons: [...judgement.reasons],
    notes: [...judgement.notes, ...facts.notes],
    toolchain: {
      python: prepared.python.path,
      version: prepared.python.version,
      valgrind: toolchain.valgrind,
      compiler: toolchain.compilerVersion,
      libc: toolchain.libc,
      architecture: toolchain.architecture,
      configureArgs: [...prepared.recipe.configureArgs],
    },
    build: prepared.python.build,
    baseline: facts.baseline && { sha: facts.baseline.sha, recordedAt: facts.baseline.recordedAt, origin: facts.origin },
    tests: facts.runs.map(reportTest),
    skipped: facts.skipped.map(({ name, engine, skip: { reason, expires } }) => ({ test: name, engine, reason, expires: expires ?? null })),
    suppressed: countSuppressed(facts.runs).map((count) => ({ ...count, testsBefore: testsBefore(count, facts.baseline) })),
    relaxations: facts.relaxations.map(({ kind, title, file, line }) => ({ kind, title, file, line })),
    findings: reportFindings(facts),
  };
}

function reportTest({ name, engine, status, seconds, incomplete, cause, ran, log, lastWords = [], costs }: TestRun): ReportedTest {
  return { name, engine, status, seconds, incomplete, cause, ran, log: log === "" ? null : log, lastWords: [...lastWords], costs };
}

function testsBefore({ engine, name }: SuppressedCount, baseline: Baseline | null): number | null {
  return baseline && (baseline.suppressed.find((before) => before.engine === engine && before.name === name)?.tests ?? 0);
}

function reportFindings({ judgement, recorded, reproduce, changes, burstLimit }: Facts): ReportedFinding[] {
  const show = (finding: Finding, status: FindingStatus): ReportedFinding => ({
    ...reportFinding(finding),
    status,
    place: placeOf(finding, changes) ?? null,
    reproduce: reproduce(finding.engine, finding.test),
  });
  const showAbridged = (finding: Finding, status: FindingStatus): ReportedFinding => abridge(show(finding, status));
  const compared = (list: readonly Compared[], status?: FindingStatus): ReportedFinding[] =>
    list.map((one) => ({ ...show(one.finding, status ?? one.status), ...reportMatch(one) }));
  const ordered = (list: readonly ReportedFinding[]): readonly ReportedFinding[] => gatherBursts(list.toSorted(worstFirst), burstLimit);
  return [
    ...ordered(compared([...judgement.confirmed, ...judgement.unconfirmed])),
    ...ordered(compared(judgement.changed)),
    ...ordered(compared(judgement.flaky, "flaky")),
    ...ordered(
      judgement.accepted.flatMap(({ compared: one, acceptance: { reason, expires } }) =>
        compared([one], "accepted").map((finding) => ({ ...finding, acceptance: { reason, expires } })),
      ),
    ),
    ...ordered(
      judgement.unrecorded.map((finding, index) =>
        (index < MAX_WHOLE ? show : showAbridged)(finding, recorded ? "recorded" : "unrecorded"),
      ),
    ),
    ...ordered(compared(judgement.known).map(abridge)),
    ...judgement.fixed.map((entry) => reportFixed(entry, reproduce(entry.engine, { file: entry.test, id: null }))),
  ];
}

function reportMatch(compared: Compared): Pick<ReportedFinding, "blocksBefore" | "match"> {
  if (compared.status === "new") return { blocksBefore: null, match: null };
  const { entry, pass, similarity, blocks } = compared.before;
  return { blocksBefore: blocks, match: { pass, similarity, signature: entry.signature, segment: [...segmentOfEntry(entry)] } };
}

function reportFinding(finding: Finding): Omit<ReportedFinding, "status" | "reproduce" | "place"> {
  const { engine, signature, kind, what, test, site, blocks, bytes, suppression } = finding;
  const objects = [...finding.objects];
  const further = finding.further.map((stack) => ({ what: stack.what, frames: [...stack.frames] }));
  return {
    ...{ engine, signature, kind, what, test, site, stack: [...finding.stack], further, blocks, bytes },
    ...{ blocksBefore: null, match: null, acceptance: null, roots: [], objects, suppression },
  };
}

/** Findings of a first run that are kept whole. */
const MAX_WHOLE = 100;

/** At exit one test file leaves over a thousand known leaks: their whole stacks would make a report too large to open. */
function abridge(finding: ReportedFinding): ReportedFinding {
  return { ...finding, stack: shownFrames(finding).slice(0, 12), further: [], suppression: null };
}

/** What is gone has no place any more; its segment is all that the baseline kept. */
function reportFixed(entry: BaselineEntry, reproduce: string): ReportedFinding {
  const segment = segmentOfEntry(entry);
  const stack = segment.map((name) => ({ function: name, file: null, line: null, object: null, role: "key" as const }));
  return {
    status: "fixed",
    engine: entry.engine,
    signature: entry.signature,
    kind: entry.kind,
    what: "",
    test: { file: entry.test, id: null },
    site: { function: segment[0] ?? "", file: null, line: null },
    place: null,
    stack,
    further: [],
    blocks: 0,
    bytes: 0,
    blocksBefore: entry.blocks,
    match: null,
    acceptance: null,
    roots: [],
    objects: [],
    suppression: null,
    reproduce,
  };
}

/** What corrupts memory before what reads wrongly before what leaks; among leaks the most bytes. */
const SEVERITY = ["InvalidWrite", "InvalidFree", "InvalidJump", "MismatchedFree", "InvalidRead", "Overlap"];

function worstFirst(a: ReportedFinding, b: ReportedFinding): number {
  const rank = ({ kind }: ReportedFinding): number => {
    const index = SEVERITY.indexOf(kind);
    if (index !== -1) return index;
    return kind.startsWith("Leak_") ? SEVERITY.length + 1 : SEVERITY.length;
  };
  return rank(a) - rank(b) || b.bytes - a.bytes || compareText(a.test.file, b.test.file) || compareText(a.signature, b.signature);
}
