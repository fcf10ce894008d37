import assert from "node:assert/strict";
import { suite, test } from "node:test";
import * as v from "valibot";
import { type JudgedFinding, type Judgement, NOTHING } from "../../src/findings/judgement.ts";
import { NO_CHANGES } from "../../src/git/changes.ts";
import type { Finding } from "../../src/model/finding.ts";
import type { Problem } from "../../src/model/problem.ts";
import { DEFAULT_BRANCH } from "../../src/model/recorder.ts";
import { assembleReport, type Facts } from "../../src/report/assemble.ts";
import { problemMessage } from "../../src/report/messages.ts";
import { noteMessage } from "../../src/report/notes.ts";
import { type Report, ReportSchema } from "../../src/report/report.ts";
import { baseline, CRASHED, counterpart, entry, finding, inTest, run } from "../support/builders.ts";
import { PREPARED } from "../support/prepared.ts";

const ofStatus = (status: JudgedFinding["status"], one: Finding, rest: Partial<JudgedFinding> = {}): JudgedFinding => ({
  status,
  finding: one,
  isConfirmed: false,
  ...rest,
});
const confirmed = (one: Finding): JudgedFinding => ofStatus("new", one, { isConfirmed: true });
const grown = (one: Finding, blocks: number): JudgedFinding => ofStatus("grown", one, { before: counterpart("f", { blocks }) });
const known = (one: Finding): JudgedFinding => ofStatus("known", one, { before: counterpart("f") });
const unrecorded = (one: Finding): JudgedFinding => ofStatus("unrecorded", one);

const PROBLEM: Problem = { code: "test-incomplete", test: "test_y", engine: "memcheck", incomplete: CRASHED };

function assemble(judgement: Partial<Judgement>, facts: Partial<Facts> = {}): Report {
  const reproduce: Facts["reproduce"] = (_, { file, id }) => `run ${file} ${id}`;
  return assembleReport({
    prepared: PREPARED,
    runs: [run()],
    judgement: { ...NOTHING, ...judgement },
    baseline: baseline(),
    origin: null,
    recorded: false,
    recorder: DEFAULT_BRANCH,
    notes: [],
    skipped: [],
    relaxations: [],
    changes: NO_CHANGES,
    affected: null,
    timeline: [],
    burstLimit: 10,
    reproduce,
    ...facts,
  });
}

const ACCEPTANCE = { signature: "0123456789abcdef", reason: "immortal", expires: "2027-03-01" };

const functionsOf = ({ findings }: Report): string[] => findings.map(({ site }) => site.function);

suite("the verdict", () => {
  test("the verdict is clean when everything was checked and nothing is new", () => {
    const quiet = (["known", "flaky", "changed", "accepted", "unrecorded"] as const).map((status) => ofStatus(status, finding(status)));
    assert.equal(assemble({ findings: quiet, fixed: [entry("h")] }).verdict, "clean");
  });

  test("the verdict is new-errors as soon as one is confirmed, whatever else was not checked", () => {
    assert.equal(assemble({ findings: [confirmed(finding("f"))] }).verdict, "new-errors");
    const more = { ...grown(finding("f"), 1), isConfirmed: true };
    assert.equal(assemble({ findings: [more], problems: [PROBLEM] }).verdict, "new-errors");
  });

  test("the verdict's problems come with a remedy for the branch that the check compares with", () => {
    const why = { code: "baseline-none", where: "artifact b of o/r" } as const;
    const { problems } = assemble(
      { problems: [{ code: "nothing-compared", why }] },
      { recorder: { code: "other-branch", branch: "3.13" } },
    );
    assert.match(problems[0]?.remedy ?? "", /^A push to `3\.13` records one, if/);
  });

  test("the verdict is inconclusive if something was not checked, or if new findings could not be confirmed", () => {
    assert.equal(assemble({ problems: [PROBLEM] }).verdict, "inconclusive");
    const doubtful: Problem = { code: "not-confirmed", test: "test_x", engine: "memcheck", doubt: null };
    assert.equal(assemble({ findings: [ofStatus("new", finding("f"))], problems: [doubtful] }).verdict, "inconclusive");
  });
});

suite("an assembled report", () => {
  test("an assembled report has the form that its schema asks for, after a round through JSON too", () => {
    const whole = assemble(
      {
        findings: [
          known(finding("i")),
          unrecorded(finding("k")),
          ofStatus("accepted", finding("m"), { acceptance: ACCEPTANCE }),
          ofStatus("flaky", finding("h")),
          ofStatus("changed", finding("l")),
          grown(finding("g"), 1),
          confirmed(finding("f", { bytes: 100 })),
        ],
        fixed: [entry("j")],
        problems: [PROBLEM],
        notes: [{ code: "unconfined" }],
      },
      {
        runs: [run(), run({ name: "test_y", status: "crashed", incomplete: CRASHED })],
        notes: [{ code: "skip-unknown", test: "test_z" }],
      },
    );
    assert.deepEqual(v.parse(ReportSchema, JSON.parse(JSON.stringify(whole))), whole);
    assert.deepEqual(
      whole.findings.map(({ status, confirmed: isConfirmed }) => [status, isConfirmed]),
      [
        ["new", true],
        ["grown", false],
        ["changed", false],
        ["flaky", false],
        ["accepted", false],
        ["unrecorded", false],
        ["known", false],
        ["fixed", false],
      ],
    );
    assert.deepEqual(whole.findings.find(({ status }) => status === "accepted")?.acceptance, { reason: "immortal", expires: "2027-03-01" });
  });

  test("an assembled report has each problem, note and incomplete run as data, with its sentences", () => {
    const whole = assemble(
      { problems: [PROBLEM], notes: [{ code: "unconfined" }] },
      {
        runs: [run(), run({ name: "test_y", status: "crashed", incomplete: CRASHED })],
        notes: [{ code: "skip-unknown", test: "test_z" }],
      },
    );
    const { text, remedy } = problemMessage(PROBLEM);
    assert.deepEqual(whole.problems, [{ ...PROBLEM, message: text, remedy }]);
    assert.deepEqual(
      whole.notes.map(({ code, message }) => [code, message]),
      [
        ["unconfined", noteMessage({ code: "unconfined" })],
        ["skip-unknown", noteMessage({ code: "skip-unknown", test: "test_z" })],
      ],
    );
    const message = "its process was killed by SIGSEGV before the test file ended";
    assert.deepEqual(
      whole.tests.map(({ incomplete }) => incomplete),
      [null, { ...CRASHED, message }],
    );
  });

  test("an assembled report has the log of each test file that ran, and its last lines if they are kept", () => {
    const runs = [run({ log: "" }), run({ log: "/runs/y.log", lastWords: ["last"] }), run({ log: "/runs/z.log" })];
    assert.deepEqual(
      assemble({}, { runs }).tests.map(({ log, lastWords }) => [log, lastWords]),
      [
        [null, []],
        ["/runs/y.log", ["last"]],
        ["/runs/z.log", []],
      ],
    );
  });

  test("an assembled report has first what corrupts, then what reads, then what leaks, and the largest leak first", () => {
    const kinds = [
      "Leak_DefinitelyLost",
      "SomethingNew",
      "UninitCondition",
      "Overlap",
      "InvalidRead",
      "InvalidJump",
      "InvalidFree",
      "InvalidWrite",
    ];
    const each = kinds.map((kind) => confirmed(finding(kind, { kind })));
    const big = confirmed(finding("big_leak", { bytes: 1000 }));
    const order = functionsOf(assemble({ findings: [...each, big] }));
    assert.deepEqual(order.slice(0, 5), ["InvalidWrite", "InvalidFree", "InvalidJump", "InvalidRead", "Overlap"]);
    assert.deepEqual(order.slice(5, 7).toSorted(), ["SomethingNew", "UninitCondition"]);
    assert.deepEqual(order.slice(7), ["big_leak", "Leak_DefinitelyLost"]);
  });

  test("an assembled report has the same order for any order of its inputs", () => {
    const all = ["a", "b", "c"].flatMap((name) => ["test_a", "test_b"].map((file) => confirmed(finding(name, inTest(file)))));
    assert.deepEqual(assemble({ findings: all.toReversed() }).findings, assemble({ findings: all }).findings);
  });

  test("an assembled report has a bug that several tests show once, with each of them", () => {
    const files = ["test_a", "test_b"].map((file) => confirmed(finding("f", inTest(file))));
    const { findings } = assemble({ findings: [...files, confirmed(finding("g"))] });
    assert.deepEqual(
      findings.map(({ site, blocks, occurrences }) => [site.function, blocks, occurrences.map(({ test: { file } }) => file)]),
      [
        ["f", 2, ["test_a", "test_b"]],
        ["g", 1, ["test_x"]],
      ],
    );
  });

  test("an assembled report has the baseline's number of blocks for findings that are not new", () => {
    const { findings } = assemble({
      findings: [confirmed(finding("f")), grown(finding("g", { blocks: 5 }), 2)],
      fixed: [entry("h", { blocks: 3 })],
    });
    assert.deepEqual(Object.fromEntries(findings.map(({ site, blocksBefore }) => [site.function, blocksBefore])), { f: null, g: 2, h: 3 });
  });

  test("an assembled report calls findings without a record recorded once they are", () => {
    const status = (recorded: boolean): string | undefined =>
      assemble({ findings: [unrecorded(finding("f"))] }, { recorded }).findings[0]?.status;
    assert.deepEqual([status(true), status(false)], ["recorded", "unrecorded"]);
  });

  test("an assembled report shows fixed findings with everything that the baseline stored", () => {
    const [gone] = assemble({ fixed: [entry("f", { stack: [["f"], ["g"]], test: "test_y" })] }).findings;
    assert.deepEqual(
      [gone?.site.function, gone?.stack.map((frame) => frame.function), gone?.test],
      ["f", ["f", "g"], { file: "test_y", id: null }],
    );
    assert.equal(gone?.reproduce, "run test_y null");
  });

  test("an assembled report keeps known findings short", () => {
    const frame = { function: "f", file: null, line: null, object: null, role: "key" } as const;
    const long = finding("f", { stack: Array.from({ length: 30 }, () => frame), further: [{ what: "x", frames: [frame] }] });
    const [shown] = assemble({ findings: [known(long)] }).findings;
    assert.deepEqual([shown?.stack.length, shown?.further, shown?.suppression], [12, [], null]);
    assert.equal(assemble({ findings: [confirmed(long)] }).findings[0]?.stack.length, 30);
  });

  test("an assembled report names the baseline only if there is one", () => {
    assert.equal(assemble({}, { baseline: null }).baseline, null);
    const { sha, recordedAt } = baseline();
    assert.deepEqual(assemble({}).baseline, { sha, recordedAt, origin: null });
    const origin = { commit: "c0ffee", mergeBase: "c0de", distance: 3, run: "https://github.test/o/r/actions/runs/5" };
    assert.deepEqual(assemble({}, { origin }).baseline, { sha, recordedAt, origin });
  });
});
