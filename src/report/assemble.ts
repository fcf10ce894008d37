import type { Subject } from "../cpython/prepare.ts";
import type { Baseline, BaselineEntry } from "../findings/baseline.ts";
import type { Compared } from "../findings/compare.ts";
import { compareText, type Finding } from "../findings/finding.ts";
import type { Judgement } from "../findings/judgement.ts";
import type { EngineName } from "../running/engine.ts";
import type { TestRun } from "../running/job.ts";
import { type FindingStatus, REPORT_VERSION, type Report, type ReportedFinding } from "./report.ts";

export interface Facts {
  readonly subject: Subject;
  readonly runs: readonly TestRun[];
  readonly judgement: Judgement;
  /** What was compared with. */
  readonly baseline: Baseline | null;
  /** What the findings without a record are now: known from now on, or still nobody's. */
  readonly recorded: boolean;
  readonly notes: readonly string[];
  /** The command that shows the errors of a test file again. */
  readonly reproduce: (engine: EngineName, test: ReportedFinding["test"]) => string;
}

/** Puts everything together as report.json has it. Pure. */
export function assembleReport(facts: Facts): Report {
  const { subject, judgement } = facts;
  const { toolchain } = subject.recipe;
  return {
    schemaVersion: REPORT_VERSION,
    verdict: judgement.confirmed.length > 0 ? "new-errors" : judgement.reasons.length > 0 ? "inconclusive" : "clean",
    reasons: [...judgement.reasons],
    notes: [...judgement.notes, ...facts.notes],
    toolchain: {
      python: subject.python.path,
      version: subject.python.version,
      valgrind: toolchain.valgrind,
      compiler: toolchain.compilerVersion,
      libc: toolchain.libc,
      architecture: toolchain.architecture,
      configureArgs: [...subject.recipe.configureArgs],
    },
    build: subject.python.build,
    baseline: facts.baseline && { sha: facts.baseline.sha, recordedAt: facts.baseline.recordedAt },
    tests: facts.runs.map(({ name, engine, status, seconds, incomplete, costs }) => ({
      name,
      engine,
      status,
      seconds,
      incomplete,
      costs,
    })),
    findings: reportFindings(facts),
  };
}

function reportFindings({ judgement, recorded, reproduce }: Facts): ReportedFinding[] {
  const show = (finding: Finding, status: FindingStatus, before: number | null): ReportedFinding => ({
    ...reportFinding(finding, before),
    status,
    reproduce: reproduce(finding.engine, finding.test),
  });
  const compared = (list: readonly Compared[], status?: FindingStatus): ReportedFinding[] =>
    list.map((one) => show(one.finding, status ?? one.status, one.status === "new" ? null : one.before.blocks));
  return [
    ...compared([...judgement.confirmed, ...judgement.unconfirmed]).sort(worstFirst),
    ...compared(judgement.flaky, "flaky").sort(worstFirst),
    ...judgement.unrecorded.map((finding) => abridge(show(finding, recorded ? "known" : "unrecorded", null))).sort(worstFirst),
    ...compared(judgement.known).map(abridge).sort(worstFirst),
    ...judgement.fixed.map((entry) => reportFixed(entry, reproduce(entry.engine, { file: entry.test, id: null }))),
  ];
}

function reportFinding(finding: Finding, blocksBefore: number | null): Omit<ReportedFinding, "status" | "reproduce"> {
  const { engine, signature, kind, what, test, site, blocks, bytes, suppression } = finding;
  const objects = [...finding.objects];
  const further = finding.further.map((stack) => ({ what: stack.what, frames: [...stack.frames] }));
  return {
    engine,
    signature,
    kind,
    what,
    test,
    site,
    stack: [...finding.stack],
    further,
    blocks,
    bytes,
    blocksBefore,
    objects,
    suppression,
  };
}

/** At exit one test file leaves over a thousand known leaks: their whole stacks would make a report that nobody can open. */
function abridge(finding: ReportedFinding): ReportedFinding {
  return { ...finding, stack: finding.stack.slice(0, 12), further: [], suppression: null };
}

/** What is gone has no place any more; its segment is all that the baseline kept. */
function reportFixed(entry: BaselineEntry, reproduce: string): ReportedFinding {
  const stack = entry.segment.map((name) => ({ function: name, file: null, line: null, object: null }));
  return {
    status: "fixed",
    engine: entry.engine,
    signature: entry.signature,
    kind: entry.kind,
    what: "",
    test: { file: entry.test, id: null },
    site: { function: entry.segment[0] ?? "", file: null, line: null },
    stack,
    further: [],
    blocks: 0,
    bytes: 0,
    blocksBefore: entry.blocks,
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
