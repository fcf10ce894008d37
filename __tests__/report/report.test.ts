import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { suite, test } from "node:test";
import * as v from "valibot";
import { ChildCountsSchema } from "../../src/model/child-counts.ts";
import { IncompleteSchema } from "../../src/model/incomplete.ts";
import { NoteSchema } from "../../src/model/note.ts";
import { ProblemSchema } from "../../src/model/problem.ts";
import { TimelineSchema } from "../../src/model/timeline.ts";
import {
  countIncomplete,
  exitCode,
  failedReport,
  type Report,
  type ReportedProblem,
  ReportSchema,
  reportProblem,
  testsWithLastWords,
  withStatus,
} from "../../src/report/report.ts";
import { CRASHED } from "../support/builders.ts";
import { problem, report, reported, testOf } from "../support/reports.ts";
import { formOf } from "../support/schema-form.ts";

suite("the exit code", () => {
  const problems = [problem("test_x was not checked.")];
  const table: readonly (readonly [Report["verdict"], ReportedProblem[], "new" | "none", 0 | 1 | 2])[] = [
    ["clean", [], "new", 0],
    ["clean", [], "none", 0],
    ["new-errors", [], "new", 1],
    ["new-errors", problems, "new", 1],
    ["new-errors", [], "none", 0],
    ["new-errors", problems, "none", 2],
    ["inconclusive", problems, "new", 2],
    ["inconclusive", problems, "none", 2],
  ];
  for (const [verdict, why, failOn, code] of table) {
    test(`the exit code is ${code} for ${verdict}${why.length > 0 ? ", not all of it checked," : ""} with fail-on ${failOn}`, () => {
      assert.equal(exitCode(report({ verdict, problems: why }), failOn), code);
    });
  }
});

test("fail-on memcheck fails for what memcheck saw, and not for what only the scan saw", () => {
  const exit = (findings: Report["findings"], problems: ReportedProblem[] = []) =>
    exitCode(report({ verdict: "new-errors", findings, problems }), "memcheck");
  assert.equal(exit([reported("f", { engine: "scan" }), reported("g", { status: "flaky" })]), 0);
  assert.equal(exit([reported("f", { engine: "scan" }), reported("g", { status: "grown" })]), 1);
  assert.equal(exit([reported("f", { engine: "scan" }), reported("g", { confirmed: false })]), 0);
  assert.equal(exit([reported("f", { engine: "scan" })], [problem("test_x was killed.")]), 2);
});

test("the report of a check that could not be made says why, and has the form of a report", () => {
  const problemOfIt = { code: "check-failed", detail: "There is no `valgrind`.", hint: "Install it." } as const;
  const failed = failedReport(problemOfIt);
  const shown = { ...problemOfIt, message: "There is no `valgrind`.", remedy: "Install it." };
  assert.deepEqual([failed.verdict, failed.problems], ["inconclusive", [shown]]);
  assert.deepEqual(v.parse(ReportSchema, JSON.parse(JSON.stringify(failed))), failed);
});

test("findings are chosen by status in the order of the report", () => {
  const findings = [reported("f"), reported("g", { status: "known" }), reported("h", { status: "grown" })];
  const chosen = withStatus(report({ findings }), "grown", "new").map(({ site }) => site.function);
  assert.deepEqual(chosen, ["f", "h"]);
});

test("a test file that several engines did not complete counts once", () => {
  const crashed = { status: "crashed", incomplete: { ...CRASHED, message: "it crashed" } } as const;
  const tests = [testOf("test_a"), testOf("test_b", { ...crashed, engine: "scan" }), testOf("test_b", crashed)];
  assert.equal(countIncomplete(report({ tests })), 1);
  assert.equal(countIncomplete(report({ tests: [...tests, testOf("test_a", crashed)] })), 2);
});

test("the last words of a test file are shown if it is incomplete or if a problem is about it", () => {
  const lastWords = ["FAILED"];
  const tests = [
    testOf("test_a", { lastWords, incomplete: { ...CRASHED, message: "it crashed" } }),
    testOf("test_b", { lastWords, status: "failed" }),
    testOf("test_c", { lastWords, status: "failed" }),
    testOf("test_d", { incomplete: { ...CRASHED, message: "it crashed" } }),
  ];
  const problems = [reportProblem({ code: "test-failed", test: "test_b", engine: "memcheck" }), problem("test_c is not named as data.")];
  assert.deepEqual(
    testsWithLastWords(report({ tests, problems })).map(({ name }) => name),
    ["test_a", "test_b"],
  );
});

/** When this fails, report.json changed its form: REPORT_VERSION must go up, since others read it. */
test("a report has the form of its version", () => {
  const status = "new | grown | warning | known | fixed | flaky | recorded | unrecorded | changed | accepted";
  const role = "key | inlined | allocator | library | call | repeated | caller | beyond";
  const frame = "{function: string, file: string | null, line: number | null, object: string | null, role: ROLE | null}".replace(
    "ROLE",
    role,
  );
  const site = "{function: string, file: string | null, line: number | null}";
  const object = "{type: string, refcount: number | null, length?: number, repr?: string, python?: string[]}";
  const finding = [
    `{status: ${status}, confirmed: boolean, engine: memcheck | scan | torture | lifecycle, signature: string, kind: string, what: string, test: {file: string, id: string | null}, inChild: boolean`,
    `site: ${site}, owner: project | extension | interpreter | unknown, place: {file: string, line: number} | null, excerpt: {first: number, lines: string[]} | null, stack: ${frame}[], further: {what: string, frames: ${frame}[]}[], blocks: number, bytes: number`,
    "references: number, blocksBefore: number | null",
    "match: {pass: exact | renamed | moved | similar, similarity: number, signature: string, segment: string[]} | null",
    "acceptance: {reason: string, expires: string} | null",
    `roots: {signature: string, kind: string, site: ${site}, blocks: number, bytes: number}[]`,
    "occurrences: {engine: memcheck | scan | torture | lifecycle, test: {file: string, id: string | null}, signature: string, path: string[], blocks: number, bytes: number, blocksBefore: number | null}[]",
    `objects: ${object}[], suppression: string | null, reproduce: string}`,
  ];
  const costs = "{start: number, leakChecks: number, reading: number}";
  const affected = "{test: string, causes: {code: function | file | unrecorded, name: string | null}[]}[] | null";
  const ended = "passed | failed | skipped | timeout | crashed | stopped";
  const toolchain = "{python: string | null, version: string, valgrind: string, compiler: string, libc: string, architecture: string";
  const form = [
    "{schemaVersion: 11, verdict: clean | new-errors | inconclusive",
    `problems: (${formOf(ProblemSchema)} & {message: string, remedy: string | null})[], notes: (${formOf(NoteSchema)} & {message: string})[]`,
    `toolchain: ${toolchain}, configureArgs: string[]} | null, build: {kind: cold | warm | restored | installed, seconds: number} | null`,
    "baseline: {sha: string | null, recordedAt: string, origin: {commit: string, mergeBase: string, distance: number, run: string} | null} | null",
    `affected: ${affected}`,
    `tests: {name: string, engine: memcheck | scan | torture | lifecycle, status: ${ended}, seconds: number, incomplete: (${formOf(IncompleteSchema)} & {message: string}) | null`,
    `ran: number | null, children: ${formOf(ChildCountsSchema)} | null, log: string | null, lastWords: string[], costs: ${costs}}[]`,
    "skipped: {test: string, engine: memcheck | scan | torture | lifecycle, reason: string, expires: string | null}[]",
    "relaxations: {kind: suppression | accept | skip, title: string, file: string, line: number}[]",
    "suppressed: {engine: memcheck | scan | torture | lifecycle, name: string, tests: number, testsBefore: number | null}[]",
    `findings: ${finding.join(", ")}[], timeline: ${formOf(TimelineSchema)}}`,
  ];
  assert.equal(formOf(ReportSchema), form.join(", "));
  // Too long to list here: docs/report.schema.json shows what changed in them.
  const codes = createHash("sha256").update([ProblemSchema, NoteSchema, IncompleteSchema].map(formOf).join("\n"));
  assert.equal(codes.digest("hex").slice(0, 16), "4ad43149ec6c6264");
});
