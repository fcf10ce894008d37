import type { Finding } from "../model/finding.ts";
import type { TestRun } from "../model/test-run.ts";
import type { Accepted } from "./acceptance.ts";
import type { Compared } from "./compare.ts";
import type { Judgement } from "./judgement.ts";
import { isLeak } from "./segment.ts";

/** The test files in which a scan found a new leak, twice: memcheck is to look at them. */
export function suspectsOf(scan: Judgement): readonly string[] {
  return [...new Set(scan.confirmed.filter(({ finding }) => isLeak(finding.kind)).map(({ finding }) => finding.test.file))];
}

/**
 * The judgement of both engines. Where memcheck saw the same error, its finding is reported; what only the scan saw, twice, stays the scan's.
 * @param looks memcheck's runs of the suspects, those among its own test files and those run for this.
 */
export function judgeTogether(scan: Judgement, memcheck: Judgement, looks: readonly TestRun[]): Judgement {
  const seenByMemcheck = new Set(
    [...memcheck.confirmed, ...memcheck.unconfirmed, ...memcheck.known, ...memcheck.changed, ...memcheck.accepted.map(comparedOf)].map(
      ({ finding }) => keyOf(finding),
    ),
  );
  const alone = <Entry>(entries: readonly Entry[], finding: (entry: Entry) => Finding): Entry[] =>
    entries.filter((entry) => !seenByMemcheck.has(keyOf(finding(entry))));
  const of = ({ finding }: Compared): Finding => finding;
  const gone = new Set(memcheck.fixed.map((entry) => `${entry.test} ${entry.signature}`));
  const unrecorded = new Set(memcheck.unrecorded.map(keyOf));
  return {
    confirmed: [...memcheck.confirmed, ...alone(scan.confirmed, of).map((compared) => asMemcheckSaw(compared, looks))],
    unconfirmed: [...memcheck.unconfirmed, ...alone(scan.unconfirmed, of)],
    flaky: [...memcheck.flaky, ...scan.flaky],
    known: [...memcheck.known, ...alone(scan.known, of)],
    changed: [...memcheck.changed, ...alone(scan.changed, of)],
    accepted: [...memcheck.accepted, ...alone(scan.accepted, ({ compared }) => compared.finding)],
    fixed: [...memcheck.fixed, ...scan.fixed.filter((entry) => !gone.has(`${entry.test} ${entry.signature}`))],
    unrecorded: [...memcheck.unrecorded, ...scan.unrecorded.filter((finding) => !unrecorded.has(keyOf(finding)))],
    missing: [...new Set([...scan.missing, ...memcheck.missing])],
    reasons: [...new Set([...scan.reasons, ...memcheck.reasons])],
    notes: [...new Set([...scan.notes, ...memcheck.notes, ...looks.flatMap((look) => notesOn(look, scan))])],
  };
}

function asMemcheckSaw(compared: Compared, looks: readonly TestRun[]): Compared {
  const seen = looks.flatMap((look) => look.findings).find((finding) => keyOf(finding) === keyOf(compared.finding));
  return seen === undefined ? compared : { ...compared, finding: seen };
}

/** What else memcheck's look at a suspect brought up. */
function notesOn(look: TestRun, scan: Judgement): readonly string[] {
  if (look.incomplete !== null) return [`${look.name}: memcheck could not confirm what the scan found in it: ${look.incomplete}.`];
  const seen = [...scan.confirmed, ...scan.known, ...scan.changed, ...scan.accepted.map(comparedOf), ...scan.flaky];
  const scanned = new Set(seen.map(({ finding }) => keyOf(finding)));
  const others = look.findings.filter((finding) => !isLeak(finding.kind) || !scanned.has(keyOf(finding)));
  if (others.length === 0) return [];
  const places = [...new Set(others.map(({ kind, site }) => `${kind} in ${site.function}`))].slice(0, 5).join(", ");
  return [`${look.name}: while confirming a leak of the scan, memcheck found other errors, which no baseline covers: ${places}.`];
}

function comparedOf({ compared }: Accepted): Compared {
  return compared;
}

function keyOf({ test, signature }: Finding): string {
  return `${test.file} ${signature}`;
}
