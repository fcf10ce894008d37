// The outcome of a row's two checks. Pure.
import * as v from "valibot";
import { EngineNameSchema } from "../../src/model/engine-name.ts";
import type { Report, ReportedProblem, ReportedTest } from "../../src/report/report.ts";
import type { ReportedFinding } from "../../src/report/reported-finding.ts";
import { isSameTest } from "./selection.ts";

const text = v.string();

const FoundSchema = v.object({
  /** The engines that reported it; memcheck confirms findings of the scan. `crash`: a test file crashed that did not crash before. */
  by: v.pipe(v.array(v.picklist([...EngineNameSchema.options, "crash"])), v.readonly()),
  kind: text,
  function: text,
  file: v.nullable(text),
  line: v.nullable(v.number()),
  /** Whether the change touches a function of the stack. */
  isInChange: v.boolean(),
  test: text,
});

export type Found = v.InferOutput<typeof FoundSchema>;

/** Why a row says nothing about the quality of the check. */
const NotReachedSchema = v.picklist([
  "no-test",
  "needs-torture",
  "no-c-change",
  "no-commit",
  "not-built",
  "test-skipped",
  "test-incomplete",
  "check-failed",
]);

export type NotReached = v.InferOutput<typeof NotReachedSchema>;

export const OutcomeSchema = v.variant("code", [
  v.object({ code: v.literal("found"), findings: v.pipe(v.array(FoundSchema), v.readonly()) }),
  /** `not-chosen`: the check left out the test files that show the bug. `test-failed`: they fail without a memory error. */
  v.object({ code: v.literal("missed"), why: v.picklist(["nothing-new", "not-chosen", "test-failed", "unconfirmed"]), detail: text }),
  v.object({ code: v.literal("quiet") }),
  v.object({ code: v.literal("false-alarm"), findings: v.pipe(v.array(FoundSchema), v.readonly()) }),
  /** A harmless commit whose check was inconclusive. */
  v.object({ code: v.literal("inconclusive"), detail: text }),
  v.object({ code: v.literal("not-reached"), why: NotReachedSchema, detail: text }),
]);

export type Outcome = v.InferOutput<typeof OutcomeSchema>;

export function notReached(why: NotReached, detail: string): Outcome {
  return { code: "not-reached", why, detail };
}

/** A row's two reports. */
export interface Checks {
  readonly isHarmless: boolean;
  /** The row's test files, by their names in the checked tree. */
  readonly tests: readonly string[];
  /** The report of the check that recorded the baseline. */
  readonly base: Report;
  readonly change: Report;
}

export function outcomeOf(checks: Checks): Outcome {
  const { base, change, isHarmless } = checks;
  const failed = failureOf(base) ?? failureOf(change);
  const findings = foundIn(change, base);
  if (isHarmless) {
    if (findings.length > 0) return { code: "false-alarm", findings };
    const problems = failed ?? detailOf(change.problems);
    return problems === "" ? { code: "quiet" } : { code: "inconclusive", detail: problems };
  }
  if (findings.length > 0) return { code: "found", findings };
  return failed === undefined ? missOf(checks) : notReached("check-failed", failed);
}

/** The problems that make a whole report useless, as text; undefined without one. */
function failureOf({ problems }: Report): string | undefined {
  const failures = problems.filter(({ code }) =>
    ["check-failed", "stopped", "engine-failed", "nothing-checked", "nothing-compared"].includes(code),
  );
  return failures.length === 0 ? undefined : detailOf(failures);
}

function detailOf(problems: readonly ReportedProblem[]): string {
  return [...new Set(problems.map(({ message }) => firstLine(message)))].join("; ");
}

function firstLine(message: string): string {
  return (message.split("\n")[0] ?? "").slice(0, 200);
}

/** Findings that fail the check, and test files that crash only with the change. */
function foundIn(change: Report, base: Report): readonly Found[] {
  const fresh = change.findings.filter(({ status }) => status === "new" || status === "grown");
  return [...fresh.map(foundOf), ...change.tests.filter((test) => isCrash(test, base)).map(crashOf)];
}

function foundOf({ engine, occurrences, kind, site, place, test }: ReportedFinding): Found {
  const { file, line } = place ?? site;
  const by = [...new Set([engine, ...occurrences.map((one) => one.engine)])].toSorted();
  return { by, kind, function: site.function, file, line, isInChange: place !== null, test: test.id ?? test.file };
}

function isCrash({ name, engine, status }: ReportedTest, { tests }: Report): boolean {
  const hadCrashed = tests.some((test) => test.name === name && test.engine === engine && test.status === "crashed");
  return status === "crashed" && !hadCrashed;
}

function crashOf({ name, engine }: ReportedTest): Found {
  return { by: ["crash"], kind: `crash in the ${engine}`, function: "", file: null, line: null, isInChange: false, test: name };
}

function missOf({ tests, base, change }: Checks): Outcome {
  const own = (report: Report) => report.tests.filter(({ name }) => tests.some((test) => isSameTest(name, test)));
  const before = own(base);
  const after = own(change);
  if (before.length === 0) return notReached("no-test", "none of its test files ran on the base");
  if (before.every(({ status, ran }) => status === "skipped" || ran === 0)) return notReached("test-skipped", namesOf(before));
  if (after.length === 0) return { code: "missed", why: "not-chosen", detail: namesOf(before) };
  const cut = after.filter(({ incomplete }) => incomplete !== null);
  if (cut.length === after.length) return notReached("test-incomplete", cut.map(({ incomplete }) => incomplete?.message ?? "").join("; "));
  return missWithRuns(change, after);
}

/** Why the check missed the bug although its test files ran to their end. */
function missWithRuns(change: Report, after: readonly ReportedTest[]): Outcome {
  const failed = after.filter(({ status }) => status === "failed");
  const unconfirmed = change.findings.filter(({ status }) => ["flaky", "unrecorded", "changed", "warning"].includes(status));
  if (unconfirmed.length > 0) {
    const detail = unconfirmed.map(({ status, engine, kind, site }) => `${status}: ${engine} ${kind} in ${site.function}`).join("; ");
    return { code: "missed", why: "unconfirmed", detail };
  }
  if (failed.length > 0) return { code: "missed", why: "test-failed", detail: namesOf(failed) };
  return { code: "missed", why: "nothing-new", detail: namesOf(after) };
}

function namesOf(tests: readonly ReportedTest[]): string {
  return [...new Set(tests.map(({ name, engine }) => `${name} (${engine})`))].slice(0, 6).join(", ");
}
