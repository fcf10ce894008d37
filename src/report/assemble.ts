import type { PreparedBuild } from "../build/prepare.ts";
import { type Baseline, type BaselineEntry, segmentOfEntry } from "../findings/baseline.ts";
import type { BaselineOrigin } from "../findings/baseline-store.ts";
import type { Counterpart } from "../findings/compare.ts";
import type { JudgedFinding, JudgedStatus, Judgement } from "../findings/judgement.ts";
import { compareText } from "../findings/make-finding.ts";
import { placeOf } from "../findings/place.ts";
import type { Relaxation } from "../findings/relaxation.ts";
import { isLeak } from "../findings/segment.ts";
import type { Skip } from "../findings/skip.ts";
import { countSuppressed, type SuppressedCount } from "../findings/suppressed.ts";
import type { Changes } from "../git/changes.ts";
import type { EngineName } from "../model/engine-name.ts";
import type { Note } from "../model/note.ts";
import type { Recorder } from "../model/recorder.ts";
import type { TestRun } from "../model/test-run.ts";
import type { TimelinePoint } from "../model/timeline.ts";
import { gatherBursts } from "./burst.ts";
import { incompleteInWords } from "./incomplete-messages.ts";
import { groupBySite } from "./occurrences.ts";
import { REPORT_VERSION, type Report, type ReportedTest, reportNote, reportProblem } from "./report.ts";
import { type ReportedFinding, shownFrames } from "./reported-finding.ts";

export interface Facts {
  readonly prepared: PreparedBuild;
  readonly runs: readonly TestRun[];
  readonly judgement: Judgement;
  /** The baseline of the comparison. */
  readonly baseline: Baseline | null;
  /** Which of a repository's baselines it was. */
  readonly origin: BaselineOrigin | null;
  /** Whether this run records its findings, which are known from then on. */
  readonly recorded: boolean;
  /** Which runs record the baseline. */
  readonly recorder: Recorder;
  readonly notes: readonly Note[];
  readonly skipped: readonly { readonly name: string; readonly engine: EngineName; readonly skip: Skip }[];
  readonly relaxations: readonly Relaxation[];
  readonly changes: Changes;
  readonly affected: Report["affected"];
  readonly timeline: readonly TimelinePoint[];
  /** Limit: more leaks than this from one test become one finding. */
  readonly burstLimit: number;
  /** The command that reproduces the errors of a test file. */
  readonly reproduce: (engine: EngineName, test: ReportedFinding["test"]) => string;
}

/** Builds the report for report.json. Pure. */
export function assembleReport(facts: Facts): Report {
  const { prepared, judgement } = facts;
  const { toolchain } = prepared.recipe;
  return {
    schemaVersion: REPORT_VERSION,
    verdict: verdictOf(judgement),
    problems: judgement.problems.map((problem) => reportProblem(problem, facts.recorder)),
    notes: [...judgement.notes, ...facts.notes].map(reportNote),
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
    affected: facts.affected,
    tests: facts.runs.map(reportTest),
    skipped: facts.skipped.map(({ name, engine, skip: { reason, expires } }) => ({ test: name, engine, reason, expires: expires ?? null })),
    suppressed: countSuppressed(facts.runs).map((count) => ({ ...count, testsBefore: testsBefore(count, facts.baseline) })),
    relaxations: facts.relaxations.map(({ kind, title, file, line }) => ({ kind, title, file, line })),
    findings: reportFindings(facts),
    timeline: [...facts.timeline],
  };
}

function verdictOf({ findings, problems }: Judgement): Report["verdict"] {
  if (findings.some(({ isConfirmed }) => isConfirmed)) return "new-errors";
  return problems.length > 0 ? "inconclusive" : "clean";
}

function reportTest({ name, engine, status, seconds, incomplete, ran, children, log, lastWords = [], costs }: TestRun): ReportedTest {
  const why = incomplete && { ...incomplete, message: incompleteInWords(incomplete) };
  return {
    name,
    engine,
    status,
    seconds,
    incomplete: why,
    ran,
    children: children ?? null,
    log: log === "" ? null : log,
    lastWords: [...lastWords],
    costs,
  };
}

function testsBefore({ engine, name }: SuppressedCount, baseline: Baseline | null): number | null {
  return baseline && (baseline.suppressed.find((before) => before.engine === engine && before.name === name)?.tests ?? 0);
}

/** In the order in which a reader should see them. */
const ORDER: readonly (readonly JudgedStatus[])[] = [
  ["new", "grown"],
  ["warning"],
  ["changed"],
  ["flaky"],
  ["accepted"],
  ["unrecorded"],
  ["known"],
];

function reportFindings({ judgement, recorded, reproduce, changes, burstLimit }: Facts): ReportedFinding[] {
  const show = (judged: JudgedFinding, index: number): ReportedFinding => {
    const { finding, status } = judged;
    const place = placeOf(finding, changes) ?? null;
    const shown = { ...reportFinding(judged, recorded), place, reproduce: reproduce(finding.engine, finding.test) };
    return status === "known" || (status === "unrecorded" && index >= MAX_WHOLE) ? abridge(shown) : shown;
  };
  const groups = ORDER.map((statuses) => judgement.findings.filter(({ status }) => statuses.includes(status)).map(show));
  return [
    ...groups.flatMap((group) => groupBySite(gatherBursts(group.toSorted(worstFirst), burstLimit))),
    ...judgement.fixed.map((entry) => reportFixed(entry, reproduce(entry.engine, { file: entry.test, id: null }))),
  ];
}

function reportFinding({ finding, status, isConfirmed, before, acceptance }: JudgedFinding, recorded: boolean): PlacedLater {
  const { engine, signature, kind, what, test, isInChild: inChild, site, owner, blocks, bytes, references, suppression } = finding;
  const further = finding.further.map((stack) => ({ what: stack.what, frames: [...stack.frames] }));
  const blocksBefore = before?.blocks ?? null;
  return {
    status: status === "unrecorded" && recorded ? "recorded" : status,
    confirmed: isConfirmed,
    ...{
      engine,
      signature,
      kind,
      what,
      test,
      inChild,
      site,
      owner,
      stack: [...finding.stack],
      further,
      blocks,
      bytes,
      references,
      blocksBefore,
    },
    match: before === undefined ? null : matchOf(before),
    excerpt: null,
    acceptance: acceptance === undefined ? null : { reason: acceptance.reason, expires: acceptance.expires },
    roots: [],
    occurrences: [{ engine, test, signature, path: [...finding.segment], blocks, bytes, blocksBefore }],
    objects: [...finding.objects],
    suppression,
  };
}

type PlacedLater = Omit<ReportedFinding, "reproduce" | "place">;

function matchOf({ entry, pass, similarity }: Counterpart): ReportedFinding["match"] {
  return { pass, similarity, signature: entry.signature, segment: [...segmentOfEntry(entry)] };
}

/** Number of findings of a first run that are kept in full. */
const MAX_WHOLE = 100;

/** At exit one test file leaves over a thousand known leaks: with full stacks, the report would be too large to open. */
function abridge(finding: ReportedFinding): ReportedFinding {
  return { ...finding, stack: shownFrames(finding).slice(0, 12), further: [], suppression: null };
}

/** A fixed finding has no place any more; the baseline kept only its segment. */
function reportFixed(entry: BaselineEntry, reproduce: string): ReportedFinding {
  const segment = segmentOfEntry(entry);
  const stack = segment.map((name) => ({ function: name, file: null, line: null, object: null, role: "key" as const }));
  return {
    status: "fixed",
    confirmed: false,
    engine: entry.engine,
    signature: entry.signature,
    kind: entry.kind,
    what: "",
    test: { file: entry.test, id: null },
    inChild: false,
    site: { function: segment[0] ?? "", file: null, line: null },
    owner: "project",
    place: null,
    excerpt: null,
    stack,
    further: [],
    blocks: 0,
    bytes: 0,
    references: 0,
    blocksBefore: entry.blocks,
    match: null,
    acceptance: null,
    roots: [],
    occurrences: [],
    objects: [],
    suppression: null,
    reproduce,
  };
}

/** Memory corruption first, then invalid reads, then leaks; among leaks the most bytes first. */
const SEVERITY = ["InvalidWrite", "InvalidFree", "InvalidJump", "MismatchedFree", "InvalidRead", "Overlap"];

function worstFirst(a: ReportedFinding, b: ReportedFinding): number {
  const rank = ({ kind }: ReportedFinding): number => {
    const index = SEVERITY.indexOf(kind);
    if (index !== -1) return index;
    return isLeak(kind) ? SEVERITY.length + 1 : SEVERITY.length;
  };
  return rank(a) - rank(b) || b.bytes - a.bytes || compareText(a.test.file, b.test.file) || compareText(a.signature, b.signature);
}
