import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { ObstacleSchema } from "../../src/model/child-counts.ts";
import { type Incomplete, IncompleteSchema, type ReportFault } from "../../src/model/incomplete.ts";
import { type Note, NoteSchema, type Rejection } from "../../src/model/note.ts";
import {
  type Incompatibility,
  type LookupFailure,
  type NoBaseline,
  type Problem,
  ProblemSchema,
  type RecordingFailure,
  RecordingFailureSchema,
  type Shortfall,
  type StoredFault,
} from "../../src/model/problem.ts";
import { DEFAULT_BRANCH, type Recorder } from "../../src/model/recorder.ts";
import type { WatchFault } from "../../src/model/watch-fault.ts";
import { noBaselineMessage, recordingRemedy } from "../../src/report/baseline-messages.ts";
import { incompleteInWords } from "../../src/report/incomplete-messages.ts";
import { NO_REMEDY, problemMessage } from "../../src/report/messages.ts";
import { noteMessage } from "../../src/report/notes.ts";
import { codeOf, optionsOf, uncovered } from "../support/schema-coverage.ts";

const SIGNATURE = "0123456789abcdef";
const SHA = "89abcdef89abcdef89abcdef89abcdef89abcdef";
const TEST = { test: "test_x", engine: "memcheck" } as const;

/** At least one value of each code. */
type Samples<Union extends { readonly code: string }> = {
  readonly [Code in Union["code"]]: readonly [Extract<Union, { code: Code }>, ...Extract<Union, { code: Code }>[]];
};

function all<Value>(samples: Readonly<Record<string, readonly Value[]>>): readonly Value[] {
  return Object.values(samples).flat();
}

const OTHER_WATCH_FAULTS: Samples<Exclude<WatchFault, { code: "tests-in-other-processes" }>> = {
  "leak-report-too-long": [{ code: "leak-report-too-long" }],
  "too-many-stacks": [{ code: "too-many-stacks", stacks: 6000 }],
  "children-not-followed": [{ code: "children-not-followed" }],
  "child-report-too-long": [{ code: "child-report-too-long" }],
  "too-many-stacks-of-children": [{ code: "too-many-stacks-of-children", stacks: 6000 }],
  "too-many-survivors": [{ code: "too-many-survivors" }],
  "too-much-growth": [
    { code: "too-much-growth", of: "kinds", found: 51, limit: 50 },
    { code: "too-much-growth", of: "references", found: 51, limit: 50 },
  ],
  "growth-proof-missing": [
    { code: "growth-proof-missing", of: "object" },
    { code: "growth-proof-missing", of: "reference" },
  ],
  "failure-proof-missing": [{ code: "failure-proof-missing", failed: 3, planted: 4 }],
  "threads-left": [{ code: "threads-left", threads: 2 }],
  "ends-in-fork": [{ code: "ends-in-fork", ending: "crash" }],
  "failures-not-tried": [{ code: "failures-not-tried", left: 3, planned: 400, seconds: 60 }],
};

const FAULTS: Samples<ReportFault> = {
  "watch-failed": [
    { code: "watch-failed", why: { code: "tests-in-other-processes" } },
    ...all<WatchFault>(OTHER_WATCH_FAULTS).map((why) => ({ code: "watch-failed", why }) as const),
  ],
  "report-damaged": [{ code: "report-damaged", detail: "it ends at line 7, before its root is closed" }],
  "report-too-large": [
    { code: "report-too-large", limit: 2000, unit: "frames" },
    { code: "report-too-large", limit: 5000, unit: "bytes" },
  ],
  "suppression-too-wide": [{ code: "suppression-too-wide", name: "all", file: "Misc/valgrind-python.supp", line: 3 }],
};

const INCOMPLETE: Samples<Incomplete> = {
  ...FAULTS,
  timeout: [{ code: "timeout", seconds: 600 }],
  crashed: [
    { code: "crashed", signal: "SIGSEGV", exit: null },
    { code: "crashed", signal: null, exit: 3 },
  ],
  excess: [
    { code: "excess", of: "output" },
    { code: "excess", of: "disk" },
    { code: "excess", of: "processes" },
  ],
  "worker-lost": [{ code: "worker-lost" }],
  "not-started": [
    { code: "not-started", detail: "`python` cannot be started: it was not found." },
    { code: "not-started", detail: "no worker could be started" },
  ],
  stopped: [
    { code: "stopped", hadStarted: true },
    { code: "stopped", hadStarted: false },
  ],
  "not-begun": [{ code: "not-begun" }],
  "report-missing": [{ code: "report-missing" }],
  "report-partial": [{ code: "report-partial" }],
  "child-report-damaged": [
    { code: "child-report-damaged", report: "7.xml", fault: null },
    ...all<ReportFault>(FAULTS).map((fault) => ({ code: "child-report-damaged", report: "7.xml", fault }) as const),
  ],
  "proof-missing": [
    { code: "proof-missing", proof: "leak" },
    { code: "proof-missing", proof: "read" },
  ],
  "no-test-ran": [{ code: "no-test-ran" }],
  "no-test-watched": [{ code: "no-test-watched" }],
};

const SHORTFALLS: readonly Shortfall[] = [
  ...all<Incomplete>(INCOMPLETE).map((incomplete): Shortfall => ({ code: "test-incomplete", ...TEST, incomplete })),
  { code: "test-incomplete", test: "test_x", engine: "scan", incomplete: { code: "report-missing" } },
  { code: "test-incomplete", test: "test_x", engine: "lifecycle", incomplete: { code: "report-partial" } },
  { code: "test-skipped", ...TEST },
  { code: "test-failed", ...TEST },
  { code: "fewer-tests", ...TEST, ran: 1, ranBefore: 20 },
];

const LOOKUP_FAILURES: Samples<LookupFailure> = {
  "no-token": [{ code: "no-token" }],
  "no-branch": [{ code: "no-branch", branch: "mian", repository: "o/r" }],
  "no-commit": [{ code: "no-commit", sha: SHA }],
  "history-too-long": [{ code: "history-too-long", sha: SHA }],
  "too-many-candidates": [{ code: "too-many-candidates" }],
  "no-answer": [
    { code: "no-answer", status: 403, detail: "GitHub answered 403: Resource not accessible by integration" },
    { code: "no-answer", status: 500, detail: "GitHub answered 500: Server Error" },
    { code: "no-answer", status: null, detail: "GitHub did not answer: socket hang up" },
  ],
};

const INCOMPATIBILITIES: Samples<Incompatibility> = {
  "newer-signatures": [{ code: "newer-signatures", recorded: 9, known: 3 }],
  "other-identity": [
    { code: "other-identity", field: "valgrind", recorded: "3.19.0", current: "3.24.0" },
    { code: "other-identity", field: "interpreterBuild", recorded: "3.14.6 (main)", current: "3.14.7 (main)" },
  ],
};

const WHERE = { where: "/runs/baseline.json.gz" };
const NO_BASELINE: readonly NoBaseline[] = [
  { code: "baseline-none", ...WHERE },
  ...all<Incompatibility>(INCOMPATIBILITIES).map((why): NoBaseline => ({ code: "baseline-incompatible", ...WHERE, why })),
  { code: "baseline-unreadable", ...WHERE, detail: "it is not gzipped JSON" },
  ...all<LookupFailure>(LOOKUP_FAILURES).map((why): NoBaseline => ({ code: "baseline-unreachable", ...WHERE, why })),
];

const RECORDING_FAILURES: Samples<RecordingFailure> = {
  "other-commit": [{ code: "other-commit", sha: SHA, ofRun: "c0ffee" }],
  "earlier-attempt": [{ code: "earlier-attempt" }],
  "other-job": [{ code: "other-job" }],
  "other-recording": [{ code: "other-recording" }],
  upload: [{ code: "upload", detail: "GitHub took more than 300 seconds" }],
};

const STORED_FAULTS: readonly StoredFault[] = [
  { code: "missing" },
  { code: "damaged", detail: "it is not gzipped JSON" },
  ...all<LookupFailure>(LOOKUP_FAILURES).map((why): StoredFault => ({ code: "unreachable", why })),
];

const SHARD = { shard: "3/8", tests: 12 } as const;
const MISMATCH = { field: "valgrind", planned: "3.19.0", current: "3.24.0" } as const;

const PROBLEMS: readonly Problem[] = [
  ...STORED_FAULTS.map((why): Problem => ({ code: "plan-unusable", where: "artifact memcheck-plan", why })),
  { code: "plan-mismatch", ...MISMATCH },
  { code: "shard-not-planned", shard: "9/9", shards: 8 },
  ...STORED_FAULTS.map((why): Problem => ({ code: "shard-unusable", ...SHARD, where: "artifact memcheck-shard-3-of-8", why })),
  { code: "shard-of-other-plan", ...SHARD },
  { code: "shard-mismatch", ...SHARD, ...MISMATCH },
  { code: "shard-failed", ...SHARD, detail: "CPython does not build.", hint: "Look at its log." },
  { code: "shard-failed", ...SHARD, detail: "The disk is full.", hint: null },
  { code: "shard-stopped", shard: "3/8", why: { code: "signal", signal: "SIGINT" }, unfinished: [] },
  { code: "shard-stopped", shard: "3/8", why: { code: "time-limit", seconds: 90 }, unfinished: ["test_x"] },
  { code: "tests-not-run", tests: [TEST] },
  { code: "tests-not-compared", tests: [TEST] },
  ...SHORTFALLS,
  { code: "test-missing", test: "test_x" },
  { code: "test-not-in-baseline", ...TEST },
  { code: "not-confirmed", ...TEST, doubt: null },
  ...SHORTFALLS.map((doubt): Problem => ({ code: "not-confirmed", ...TEST, doubt })),
  { code: "nothing-checked" },
  ...NO_BASELINE.map((why): Problem => ({ code: "nothing-compared", why })),
  ...all<RecordingFailure>(RECORDING_FAILURES).map((why): Problem => ({ code: "baseline-not-recorded", why })),
  { code: "engine-dropped", engine: "scan", setting: "scan", tests: 1 },
  { code: "engine-dropped", engine: "memcheck", setting: "tests", tests: 2 },
  { code: "engine-dropped", engine: "memcheck", setting: "memcheck-budget", tests: 2 },
  { code: "engine-dropped", engine: "memcheck", setting: "tests", tests: 3 },
  { code: "engine-failed", engine: "scan", detail: "There is no liblsan.so.", hint: "Install it." },
  { code: "engine-failed", engine: "memcheck", detail: "There is no `valgrind`.", hint: null },
  { code: "engine-failed", engine: "torture", detail: "There is no liblsan.so.", hint: "Install it." },
  { code: "stopped", why: { code: "signal", signal: "SIGTERM" }, unfinished: [] },
  { code: "stopped", why: { code: "time-limit", seconds: 90 }, unfinished: ["test_x", "test_y"] },
  { code: "check-failed", detail: "CPython does not build.", hint: "Look at its log." },
  { code: "check-failed", detail: "The disk is full.", hint: null },
];

const REJECTIONS: Samples<Rejection> = {
  "no-run": [{ code: "no-run" }],
  "other-repository": [{ code: "other-repository" }],
  "other-branch": [
    { code: "other-branch", branch: "feature" },
    { code: "other-branch", branch: null },
  ],
  "other-workflow": [{ code: "other-workflow", path: ".github/workflows/other.yml" }],
  "other-event": [{ code: "other-event", event: "pull_request" }],
  unfinished: [
    { code: "unfinished", status: "in_progress" },
    { code: "unfinished", status: null },
  ],
  conclusion: [
    { code: "conclusion", conclusion: "cancelled" },
    { code: "conclusion", conclusion: null },
  ],
  expired: [{ code: "expired" }],
  "too-large": [{ code: "too-large", limit: 64 }],
  "no-digest": [{ code: "no-digest" }],
  deleted: [{ code: "deleted" }],
  "merged-commit": [{ code: "merged-commit" }],
  "foreign-commit": [
    { code: "foreign-commit", sha: SHA },
    { code: "foreign-commit", sha: null },
  ],
  broken: [{ code: "broken", detail: "it is not an archive" }],
};

const NOT_PUBLISHED = { code: "not-published" } as const;
const NOTES: readonly Note[] = [
  ...SHORTFALLS.map((shortfall): Note => ({ code: "known-shortfall", shortfall })),
  ...SHORTFALLS.map((shortfall): Note => ({ code: "retried", shortfall })),
  ...NO_BASELINE.map((why): Note => ({ code: "first-comparison", why })),
  { code: "acceptance-expired", signature: SIGNATURE, function: "f", expires: "2027-03-01", reason: "immortal" },
  { code: "baseline-recorded", ...WHERE, tests: ["test_x"], findings: 1 },
  ...all<RecordingFailure>(RECORDING_FAILURES).flatMap((why): Note[] => [
    { code: "previous-baseline-stays", why },
    { code: "recording-refused", why },
  ]),
  { code: "tests-chosen", chosen: 3, of: 493, sha: null },
  { code: "objects-whole", objects: ["pkg/_x.so"] },
  { code: "tests-chosen", chosen: 3, of: 493, sha: "0123456789abcdef" },
  ...(["shared-function", "shared-file", "unwatched-function", "unreferenced-data", "most"] as const).map(
    (why): Note => ({ code: "all-tests-affected", of: 493, why, name: why === "most" ? null : "f" }),
  ),
  {
    code: "leak-suspects",
    signatures: ["0123456789abcdef", "fedcba9876543210"],
    functions: [
      { name: "f", file: "a.c", line: 7 },
      { name: "g", file: null, line: null },
    ],
    cleanTests: 0,
  },
  { code: "leak-suspects", signatures: ["0123456789abcdef"], functions: [{ name: "f", file: "a.c", line: 7 }], cleanTests: 2 },
  { code: "left-out", ...TEST, reason: "starts other processes" },
  { code: "left-out", test: "test_x", engine: "torture", reason: "starts other processes" },
  { code: "tortured", slice: null, sites: 20, failures: 40, unjudged: 3, untried: 4, leftOut: { slow: 1, failing: 2 }, others: 5 },
  { code: "tortured", slice: "3/14", sites: 20, failures: 40, unjudged: 3, untried: 4, leftOut: { slow: 1, failing: 2 }, others: 5 },
  { code: "interpreters-running", tests: ["test_x"] },
  { code: "children", started: 3, looked: 3, missed: [], others: 0 },
  { code: "children", started: 10, looked: 0, missed: ObstacleSchema.options.map((why) => ({ why, count: 1 })), others: 2 },
  { code: "memcheck-budget", seconds: 300, looked: 1, leftOut: ["test_x"] },
  { code: "memcheck-chosen", looked: ["test_x"], targets: 2, covered: 1, seconds: 60 },
  { code: "memcheck-partly", test: "test_x", leftOut: 2 },
  { code: "memcheck-chosen", looked: ["test_x"], targets: 2, covered: 2, seconds: null },
  ...all<Incomplete>(INCOMPLETE).map((incomplete): Note => ({ code: "reached-incomplete", test: "test_x", engine: "torture", incomplete })),
  { code: "reached-errors", test: "test_x", engine: "torture", errors: [{ kind: "ErrorPathLeak", function: "f" }] },
  { code: "torture-chosen", looked: ["test_x"], functions: 2, covered: 1 },
  { code: "torture-chosen", looked: ["test_x"], functions: 1, covered: 1 },
  { code: "torture-chosen", looked: [], functions: 1, covered: 0 },
  ...(["records", "no-record", "unchanged", "unreadable-objects", "no-function", "many-functions"] as const).map(
    (why): Note => ({ code: "torture-idle", why }),
  ),
  { code: "left-by-interpreter", test: "demo.py", sites: 147, blocks: 1020 },
  ...all<Incomplete>(INCOMPLETE).map((incomplete): Note => ({ code: "suspect-incomplete", test: "test_x", incomplete })),
  { code: "uncovered-errors", test: "test_x", errors: [{ kind: "InvalidRead", function: "f" }] },
  { code: "no-lifecycle", version: "3.12.14" },
  { code: "free-threaded" },
  { code: "memcheck-sees-no-objects" },
  { code: "slow-stacks" },
  { code: "object-without", object: "/venv/ext/_x.so", lacks: ["lines", "frame pointers"] },
  { code: "object-without", object: "/venv/ext/_x.so", lacks: ["symbols"] },
  { code: "change-unknown", sha: SHA },
  { code: "newer-python", version: "3.17.0" },
  { code: "skip-unknown", test: "test_x" },
  { code: "skip-expired", test: "test_x", expires: "2027-03-01" },
  { code: "unconfined" },
  ...all<Rejection>(REJECTIONS).map((why): Note => ({ code: "baselines-rejected", why, runs: [7, null] })),
  { code: "baseline-in-file", why: "enterprise-server", path: "/runs/baseline.json.gz" },
  { code: "baseline-in-file", why: "unknown-job", path: "/runs/baseline.json.gz" },
  { ...NOT_PUBLISHED, what: "check-run", why: { code: "no-token" } },
  { ...NOT_PUBLISHED, what: "comment", why: { code: "refused", permission: "pull-requests", detail: "GitHub answered 403: no" } },
  { ...NOT_PUBLISHED, what: "comment", why: { code: "failed", detail: "socket hang up" } },
];

const RECORDERS: readonly Recorder[] = [
  { code: "terminal" },
  DEFAULT_BRANCH,
  { code: "default-branch", branch: "main", own: null },
  { code: "default-branch", branch: "main", own: "3.13" },
  { code: "other-branch", branch: "3.13" },
  { code: "file" },
];

/** Names that a sentence may begin with, as they are. */
const NAMES = ["test_x", SIGNATURE, ".memcheck.toml", "setpriv"];

/** Asserts whole sentences, without traces of forgotten values. */
function assertSentences(text: string): void {
  assert.ok(/^[A-Z`]/.test(text) || NAMES.some((name) => text.startsWith(`${name} `) || text.startsWith(`${name}:`)), text);
  assert.match(text, /[^.\s]\.$/);
  assert.doesNotMatch(text, /undefined|\bnull\b|NaN|\[object|\.\.|\s\s|: \.|\n/);
  assert.doesNotMatch(text, /[.:] ?,|,\./);
}

suite("the samples of this test have each code of each union", () => {
  test("the samples of messages have each code of a problem", () => assert.deepEqual(uncovered(ProblemSchema, PROBLEMS), []));
  test("the samples of messages have each code of a note", () => assert.deepEqual(uncovered(NoteSchema, NOTES), []));
  test("the samples of messages have each code of what makes a run incomplete", () =>
    assert.deepEqual(uncovered(IncompleteSchema, all<Incomplete>(INCOMPLETE)), []));
  test("the samples of messages have each code of what hinders a recording", () => {
    assert.deepEqual(uncovered(RecordingFailureSchema, all<RecordingFailure>(RECORDING_FAILURES)), []);
  });

  test("a code that the samples of messages lack is noticed, also within others", () => {
    const without = PROBLEMS.filter(
      (problem) => !("why" in problem) || !problem.code.endsWith("stopped") || problem.why?.code !== "signal",
    );
    assert.deepEqual(uncovered(ProblemSchema, without), ["signal"]);
    assert.deepEqual(
      uncovered(
        ProblemSchema,
        PROBLEMS.filter(({ code }) => code !== "nothing-checked"),
      ),
      ["nothing-checked"],
    );
  });
});

suite("the message of a problem", () => {
  for (const problem of PROBLEMS) {
    test(`the message of a problem is whole sentences, with what helps: ${JSON.stringify(problem)}`, () => {
      const { text, remedy } = problemMessage(problem);
      assertSentences(text);
      if (remedy === null) assert.ok(Object.hasOwn(NO_REMEDY, problem.code), problem.code);
      else assertSentences(remedy);
    });
  }

  test("each problem has a different message", () => {
    const texts = PROBLEMS.filter(({ code }) => code !== "not-confirmed").map((problem) => problemMessage(problem).text);
    assert.deepEqual(
      texts.filter((text, index) => texts.indexOf(text) !== index),
      [],
    );
  });
});

test("each code without a remedy is a problem's, and has a reason for that", () => {
  const codes = optionsOf(ProblemSchema).map(codeOf);
  for (const [code, reason] of Object.entries(NO_REMEDY)) {
    assert.ok(codes.includes(code), code);
    assertSentences(reason);
  }
});

suite("the message of a note", () => {
  for (const note of NOTES) {
    test(`the message of a note is whole sentences: ${JSON.stringify(note)}`, () => assertSentences(noteMessage(note)));
  }
});

test("a test file's part of the report says in the same words why it is incomplete, without the sentence's end", () => {
  for (const incomplete of all<Incomplete>(INCOMPLETE)) {
    const words = incompleteInWords(incomplete);
    assert.equal(problemMessage({ code: "test-incomplete", ...TEST, incomplete }).text, `test_x was not checked by memcheck: ${words}.`);
  }
});

suite("the remedy", () => {
  const remedyFor = (why: LookupFailure) => noBaselineMessage({ code: "baseline-unreachable", ...WHERE, why }).remedy ?? "";

  for (const recorder of RECORDERS) {
    test(`the remedy is whole sentences, whichever runs record the baseline: ${JSON.stringify(recorder)}`, () => {
      for (const problem of PROBLEMS) assertSentences(problemMessage(problem, recorder).remedy ?? "Nothing.");
    });
  }

  test("the remedy of a missing baseline names the branch that records one, and how", () => {
    const none = { code: "nothing-compared", why: { code: "baseline-none", ...WHERE } } as const;
    assert.deepEqual(
      RECORDERS.map((recorder) => problemMessage(none, recorder).remedy),
      [
        "Run once with `--record-baseline always`, or give `--baseline FILE`.",
        "A run on the default branch records one.",
        "A run on `main` records one.",
        "A run on `main` records one. With `record-baseline: always`, a push to `3.13` records one of its own.",
        "A push to `3.13` records one, if its run has `record-baseline: always`.",
        "A push with `record-baseline: always` writes one to that file, which must then be in the checkout.",
      ],
    );
  });

  test("the remedy of a baseline that can't be used names the branch too", () => {
    const other = { code: "other-branch", branch: "3.13" } as const;
    const remedyOf = (problem: Problem) => problemMessage(problem, other).remedy;
    const unreadable = { code: "baseline-unreadable", ...WHERE, detail: "it is damaged" } as const;
    const unreachable = { code: "baseline-unreachable", ...WHERE, why: { code: "too-many-candidates" } } as const;
    const ifAlways = ", if its run has `record-baseline: always`.";
    assert.equal(remedyOf({ code: "nothing-compared", why: unreadable }), `A push to \`3.13\` records a new one${ifAlways}`);
    assert.match(remedyOf({ code: "nothing-compared", why: unreachable }) ?? "", /^One push to `3\.13` with `record-baseline: always`/);
    assert.equal(remedyOf({ code: "test-skipped", ...TEST }), `If that is intended, a push to \`3.13\` records it${ifAlways}`);
    assert.match(
      problemMessage({ code: "nothing-compared", why: unreadable }, { code: "terminal" }).remedy ?? "",
      /^It stays as it is\. Run once/,
    );
  });

  test("the remedy of a refusal is a permission, and that of a failure another try", () => {
    for (const status of [401, 403, 404])
      assert.match(remedyFor({ code: "no-answer", status, detail: "no" }), /`actions: read`.*`contents: read`/);
    assert.match(remedyFor({ code: "no-token" }), /`actions: read`/);
    for (const status of [500, null]) assert.match(remedyFor({ code: "no-answer", status, detail: "no" }), /again/);
  });

  test("the remedy of a history that cannot be read to its end is a recording without a comparison", () => {
    assert.match(remedyFor({ code: "history-too-long", sha: SHA }), /`record-baseline: always`/);
    assert.match(remedyFor({ code: "too-many-candidates" }), /`record-baseline: always`/);
  });

  test("the remedy of a test file that is no longer listed names the flag in a terminal, and the input in a workflow", () => {
    const remedyOf = (recorder: Recorder) => problemMessage({ code: "test-missing", test: "test_x" }, recorder).remedy ?? "";
    assert.match(remedyOf({ code: "terminal" }), /run once with `--record-baseline always` to drop it; or/);
    assert.match(remedyOf(DEFAULT_BRANCH), /a run with `record-baseline: always` drops it; or/);
  });

  test("the remedy of an error is its own hint", () => {
    const problem = { code: "engine-failed", engine: "scan", detail: "There is no liblsan.so.", hint: "Install it." } as const;
    assert.deepEqual(problemMessage(problem), {
      text: "Nothing was checked by the scan: There is no liblsan.so.",
      remedy: "Install it.",
    });
  });

  test("the remedy of a plan or shard that can't be read is not to make it again", () => {
    const unreadable = (status: number | null): StoredFault => ({ code: "unreachable", why: { code: "no-answer", status, detail: "no" } });
    const remediesFor = (why: StoredFault) =>
      [
        problemMessage({ code: "plan-unusable", where: "artifact plan", why }),
        problemMessage({ code: "shard-unusable", where: "artifact shard", why, shard: "1/2", tests: 1 }),
      ].map(({ remedy }) => remedy ?? "");
    for (const remedy of remediesFor(unreadable(403))) assert.match(remedy, /`actions: read`/);
    for (const remedy of remediesFor(unreadable(null))) assert.equal(remedy, "Running the job again may help.");
    assert.match(remediesFor({ code: "missing" }).join(), /Run `plan`.*Run the job of this shard again/);
  });

  test("the remedy of a shard that checked something else says what must be the same", () => {
    const { remedy } = problemMessage({ code: "shard-mismatch", shard: "1/2", field: "commit", planned: "a", current: "b", tests: 1 });
    assert.match(remedy ?? "", /the same commit.*Run the job of this shard again/);
  });

  test("the remedy of jobs with one baseline is a setting that differs", () =>
    assert.match(recordingRemedy({ code: "other-job" }), /a setting/));
});

test("a message names the build of an installed interpreter in words", () => {
  const builds = { recorded: "3.14.6 (main)", current: "3.14.7 (main)" };
  const why = { code: "other-identity", field: "interpreterBuild", ...builds } as const;
  const { text } = noBaselineMessage({ code: "baseline-incompatible", ...WHERE, why });
  assert.match(text, /: it was recorded with interpreter build `3\.14\.6 \(main\)`, and this check has `3\.14\.7 \(main\)`\.$/);
  const mismatch = { code: "plan-mismatch", field: "interpreterBuild", planned: "a", current: "b" } as const;
  assert.match(problemMessage(mismatch).text, /: interpreter build is b, and a in the plan\.$/);
});

test("if a shard and its plan differ in a hash, the message says what was hashed", () => {
  const words = (field: string): string => problemMessage({ code: "plan-mismatch", field, planned: "a", current: "b" }).text;
  assert.match(words("content"), /: the hash of the source is b, and a in the plan\.$/);
  assert.match(words("build"), /: the hash of the build is b, and a in the plan\.$/);
});

test("a message about interpreters that tests started is right for one of them", () => {
  const message = (started: number, looked: number) => noteMessage({ code: "children", started, looked, missed: [], others: 0 });
  assert.deepEqual(
    [message(1, 1), message(1, 0), message(3, 3), message(3, 1)],
    [
      "Tests started one interpreter, which was looked at.",
      "Tests started one interpreter, which was not looked at.",
      "Tests started 3 interpreters, of which all were looked at.",
      "Tests started 3 interpreters, of which 1 was looked at.",
    ],
  );
});

test("a message about a test file that no shard ran does not say that the check was stopped", () => {
  assert.equal(incompleteInWords({ code: "stopped", hadStarted: false }), "the check ended before it ran");
});

test("a message about failures that were not tried is right for one of them", () => {
  const words = (left: number) =>
    incompleteInWords({ code: "watch-failed", why: { code: "failures-not-tried", left, planned: 9, seconds: 60 } });
  assert.match(words(1), /: 1 of 9 failures of allocations was not tried in 60 s$/);
  assert.match(words(2), /: 2 of 9 failures of allocations were not tried in 60 s$/);
});

test("a message names errors by the words of other outputs, each once, and says how many it leaves out", () => {
  const errors = ["f", "f", "g", "h", "i", "j", "k", "l"].map((name) => ({ kind: "Leak_DefinitelyLost", function: name }));
  const leaks = /: memory leak in f, memory leak in g, .* in h, .* in i, .* in j and 2 more\.$/;
  assert.match(noteMessage({ code: "reached-errors", ...TEST, errors }), leaks);
  assert.match(noteMessage({ code: "uncovered-errors", test: "test_x", errors }), leaks);
});

test("a message does not call shared objects test files if there are many", () => {
  const objects = Array.from({ length: 12 }, (_, index) => `_x${index}.so`);
  assert.match(noteMessage({ code: "objects-whole", objects }), /^Could not split _x0\.so, .*_x4\.so and 7 more into functions/);
});

test("a message counts many test files and errors, and does not list them", () => {
  const names = (number: number): string[] => Array.from({ length: number }, (_, index) => `test_${index}`);
  const recorded = (number: number) => noteMessage({ code: "baseline-recorded", ...WHERE, tests: names(number), findings: 2 });
  assert.match(recorded(10), /: test_0, .*test_9, with 2 entries\.$/);
  assert.match(recorded(11), /: 11 test files, with 2 entries\.$/);
  // The verdict counts errors: one that three test files found has three entries.
  assert.match(noteMessage({ code: "baseline-recorded", ...WHERE, tests: ["test_0"], findings: 1 }), /: test_0, with 1 entry\.$/);
  const stopped = problemMessage({ code: "stopped", why: { code: "signal", signal: "SIGINT" }, unfinished: names(8) });
  assert.match(stopped.text, /: it received SIGINT\. It did not finish test_0, .*test_4 and 3 more\.$/);
  const rejected = noteMessage({ code: "baselines-rejected", why: { code: "expired" }, runs: [1, 2, 3, 4, 5, 6, null] });
  assert.equal(rejected, "Skipped baseline candidates because it has expired: run 1, run 2, run 3, run 4, run 5 and 2 more.");
});
