import assert from "node:assert/strict";
import { suite, test } from "node:test";
import * as v from "valibot";
import type { Compared } from "../../src/findings/compare.ts";
import { type Judgement, NOTHING } from "../../src/findings/judgement.ts";
import { NO_CHANGES } from "../../src/git/changes.ts";
import type { Finding } from "../../src/model/finding.ts";
import { assembleReport, type Facts } from "../../src/report/assemble.ts";
import { type Report, ReportSchema } from "../../src/report/report.ts";
import { baseline, counterpart, entry, finding, inTest, run } from "../support/builders.ts";
import { PREPARED } from "../support/prepared.ts";

const fresh = (one: Finding): Compared => ({ status: "new", finding: one });
const grown = (one: Finding, blocks: number): Compared => ({ status: "grown", finding: one, before: counterpart("f", { blocks }) });
const known = (one: Finding): Compared => ({ status: "known", finding: one, before: counterpart("f") });

function assemble(judgement: Partial<Judgement>, facts: Partial<Facts> = {}): Report {
  const reproduce: Facts["reproduce"] = (_, { file, id }) => `run ${file} ${id}`;
  const whole = { ...NOTHING, ...judgement };
  return assembleReport({
    prepared: PREPARED,
    runs: [run()],
    judgement: whole,
    baseline: baseline(),
    origin: null,
    recorded: false,
    notes: [],
    skipped: [],
    relaxations: [],
    changes: NO_CHANGES,
    burstLimit: 10,
    reproduce,
    ...facts,
  });
}

const functionsOf = ({ findings }: Report): string[] => findings.map(({ site }) => site.function);

suite("the verdict", () => {
  test("is clean when everything was checked and nothing is new", () => {
    assert.equal(assemble({ known: [known(finding("f"))], flaky: [fresh(finding("g"))], fixed: [entry("h")] }).verdict, "clean");
  });

  test("is new-errors as soon as one is confirmed, whatever else was not checked", () => {
    assert.equal(assemble({ confirmed: [fresh(finding("f"))] }).verdict, "new-errors");
    assert.equal(assemble({ confirmed: [grown(finding("f"), 1)], reasons: ["test_y: it was killed."] }).verdict, "new-errors");
  });

  test("is inconclusive when something was not checked, also where what is new could not be confirmed", () => {
    assert.equal(assemble({ reasons: ["test_y: it was killed."] }).verdict, "inconclusive");
    assert.equal(assemble({ unconfirmed: [fresh(finding("f"))], reasons: ["not confirmed"] }).verdict, "inconclusive");
  });
});

suite("an assembled report", () => {
  test("has the form that its schema asks for, after a round through JSON too", () => {
    const whole = assemble(
      {
        confirmed: [fresh(finding("f", { bytes: 100 }))],
        unconfirmed: [grown(finding("g"), 1)],
        flaky: [fresh(finding("h"))],
        known: [known(finding("i"))],
        fixed: [entry("j")],
        unrecorded: [finding("k")],
        reasons: ["because"],
        notes: ["a note"],
      },
      { runs: [run(), run({ name: "test_y", status: "timeout", incomplete: "it was killed" })], notes: ["another note"] },
    );
    assert.deepEqual(v.parse(ReportSchema, JSON.parse(JSON.stringify(whole))), whole);
    assert.deepEqual(
      whole.findings.map(({ status }) => status),
      ["new", "grown", "flaky", "unrecorded", "known", "fixed"],
    );
    assert.deepEqual(whole.notes, ["a note", "another note"]);
    assert.deepEqual(
      whole.tests.map(({ incomplete }) => incomplete),
      [null, "it was killed"],
    );
  });

  test("has the log of each test file that ran, and its last lines where they are kept", () => {
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

  test("has the worst first: what corrupts before what reads before what leaks, and the largest leak first", () => {
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
    const confirmed = kinds.map((kind) => fresh(finding(kind, { kind })));
    const big = fresh(finding("big_leak", { bytes: 1000 }));
    const order = functionsOf(assemble({ confirmed: [...confirmed, big] }));
    assert.deepEqual(order.slice(0, 5), ["InvalidWrite", "InvalidFree", "InvalidJump", "InvalidRead", "Overlap"]);
    assert.deepEqual(order.slice(5, 7).toSorted(), ["SomethingNew", "UninitCondition"]);
    assert.deepEqual(order.slice(7), ["big_leak", "Leak_DefinitelyLost"]);
  });

  test("has the same order whatever the order of what it is made of", () => {
    const all = ["a", "b", "c"].flatMap((name) => ["test_a", "test_b"].map((file) => fresh(finding(name, inTest(file)))));
    assert.deepEqual(assemble({ confirmed: all.toReversed() }).findings, assemble({ confirmed: all }).findings);
  });

  test("says how many blocks the baseline had of what is not new", () => {
    const { findings } = assemble({
      confirmed: [fresh(finding("f")), grown(finding("g", { blocks: 5 }), 2)],
      fixed: [entry("h", { blocks: 3 })],
    });
    assert.deepEqual(Object.fromEntries(findings.map(({ site, blocksBefore }) => [site.function, blocksBefore])), { f: null, g: 2, h: 3 });
  });

  test("calls findings without a record recorded once they are", () => {
    const status = (recorded: boolean): string | undefined => assemble({ unrecorded: [finding("f")] }, { recorded }).findings[0]?.status;
    assert.deepEqual([status(true), status(false)], ["recorded", "unrecorded"]);
  });

  test("shows what is fixed by all that the baseline kept of it", () => {
    const [gone] = assemble({ fixed: [entry("f", { stack: [["f"], ["g"]], test: "test_y" })] }).findings;
    assert.deepEqual(
      [gone?.site.function, gone?.stack.map((frame) => frame.function), gone?.test],
      ["f", ["f", "g"], { file: "test_y", id: null }],
    );
    assert.equal(gone?.reproduce, "run test_y null");
  });

  test("keeps known findings short", () => {
    const frame = { function: "f", file: null, line: null, object: null, role: "key" } as const;
    const long = finding("f", { stack: Array.from({ length: 30 }, () => frame), further: [{ what: "x", frames: [frame] }] });
    const [shown] = assemble({ known: [known(long)] }).findings;
    assert.deepEqual([shown?.stack.length, shown?.further, shown?.suppression], [12, [], null]);
    assert.equal(assemble({ confirmed: [fresh(long)] }).findings[0]?.stack.length, 30);
  });

  test("names the baseline only where there is one", () => {
    assert.equal(assemble({}, { baseline: null }).baseline, null);
    const { sha, recordedAt } = baseline();
    assert.deepEqual(assemble({}).baseline, { sha, recordedAt, origin: null });
    const origin = { commit: "c0ffee", mergeBase: "c0de", distance: 3, run: "https://github.test/o/r/actions/runs/5" };
    assert.deepEqual(assemble({}, { origin }).baseline, { sha, recordedAt, origin });
  });
});
