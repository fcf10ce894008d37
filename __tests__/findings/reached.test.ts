import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { judgeReached, reachedToConfirm } from "../../src/findings/reached.ts";
import type { Finding } from "../../src/model/finding.ts";
import { CRASHED, finding, run } from "../support/builders.ts";

const GROUNDS = { changed: ["_csv.c:parse_save_field"], acceptances: [], today: "2026-11-27" };

const read = (name: string, kind = "InvalidRead"): Finding => finding(name, { kind });

const OWN = read("parse_save_field");
const OTHER = read("list_sort");

const summaryOf = ({ findings }: ReturnType<typeof judgeReached>) =>
  findings.map(({ status, isConfirmed, finding: { site } }) => [site.function, status, isConfirmed]);

suite("errors of a test file that memcheck never saw on the default branch", () => {
  test("errors without a baseline are new if a changed function is on the stack and a second run has them, too", () => {
    const first = run({ findings: [OWN] });
    assert.deepEqual(reachedToConfirm([first], GROUNDS), ["test_x"]);
    assert.deepEqual(summaryOf(judgeReached([first], [first], GROUNDS)), [["parse_save_field", "new", true]]);
    assert.deepEqual(summaryOf(judgeReached([first], [run()], GROUNDS)), [["parse_save_field", "flaky", false]]);
  });

  test("errors without a baseline are new if a changed function freed the memory in use", () => {
    const further = [{ what: "Address is inside a block that was freed", frames: OWN.stack }];
    const used = { ...OTHER, further };
    assert.deepEqual(summaryOf(judgeReached([run({ findings: [used] })], [run({ findings: [used] })], GROUNDS)), [
      ["list_sort", "new", true],
    ]);
  });

  test("errors without a baseline are new only if a changed function is involved, if the engine knows which are", () => {
    const judged = (part: readonly string[]) => {
      const first = run({ findings: [{ ...OWN, part }] });
      return summaryOf(judgeReached([first], [first], GROUNDS)).length;
    };
    assert.equal(judged(["list_sort", "parse_save_field"]), 1);
    assert.equal(judged(["list_sort"]), 0);
  });

  test("errors without a baseline are new if a changed function that every test file runs is among the innermost frames", () => {
    const frame = (name: string, role: "key" | "beyond") => ({ function: name, file: "Modules/_csv.c", line: 7, object: null, role });
    const everywhere = new Set(GROUNDS.changed);
    const judged = (role: "key" | "beyond") => {
      const first = run({ findings: [{ ...OTHER, stack: [frame("list_sort", "key"), frame("parse_save_field", role)] }] });
      return summaryOf(judgeReached([first], [first], { ...GROUNDS, everywhere })).length;
    };
    assert.equal(judged("key"), 1);
    assert.equal(judged("beyond"), 0);
  });

  test("errors without a baseline are only noted if the function on the stack only has the name of a changed one", () => {
    const judged = (file: string) => {
      const frame = { function: "parse_save_field", file, line: 7, object: null, role: "key" } as const;
      const first = run({ findings: [{ ...OTHER, stack: [frame] }] });
      return summaryOf(judgeReached([first], [first], { ...GROUNDS, namesakes: new Set(["_json.c:parse_save_field"]) })).length;
    };
    assert.deepEqual([judged("Modules/_csv.c"), judged("Modules/clinic/_csv.c.h"), judged("Modules/_json.c")], [1, 1, 0]);
  });

  test("errors without a baseline are only noted if no changed function is involved", () => {
    const judged = judgeReached([run({ findings: [OTHER] })], [], GROUNDS);
    assert.deepEqual(reachedToConfirm([run({ findings: [OTHER] })], GROUNDS), []);
    assert.deepEqual(judged.findings, []);
    assert.deepEqual(judged.notes, [
      { code: "reached-errors", test: "test_x", engine: "memcheck", errors: [{ kind: "InvalidRead", function: "list_sort" }] },
    ]);
  });

  test("errors without a baseline are left to the scan if they are leaks, and ignored if they are accepted", () => {
    const leak = finding("parse_save_field");
    assert.deepEqual(judgeReached([run({ findings: [leak] })], [], GROUNDS).findings, []);
    const acceptances = [{ signature: OWN.signature, reason: "known upstream", expires: "2027-01-01" }];
    assert.deepEqual(judgeReached([run({ findings: [OWN] })], [], { ...GROUNDS, acceptances }).findings, []);
  });

  test("errors without a baseline are not confirmed by a second run that got less far", () => {
    const judged = judgeReached([run({ findings: [OWN] })], [run({ status: "crashed", incomplete: CRASHED })], GROUNDS);
    assert.deepEqual(summaryOf(judged), [["parse_save_field", "new", false]]);
    assert.deepEqual(
      judged.problems.map(({ code }) => code),
      ["not-confirmed"],
    );
  });

  test("errors without a baseline are never ignored if the run was cut short: a second run confirms them, or they are a problem", () => {
    const cut = run({ status: "crashed", incomplete: CRASHED, findings: [OWN] });
    assert.deepEqual(reachedToConfirm([cut], GROUNDS), ["test_x"]);
    const problemsOf = ({ problems }: ReturnType<typeof judgeReached>) =>
      problems.map((problem) => [problem.code, "doubt" in problem && problem.doubt !== null]);
    const judgedBy = (...again: ReturnType<typeof run>[]) => judgeReached([cut], again, GROUNDS);
    assert.deepEqual(summaryOf(judgedBy(cut)), [["parse_save_field", "new", true]]);
    assert.deepEqual(summaryOf(judgedBy(run())), [["parse_save_field", "flaky", false]]);
    assert.deepEqual([judgedBy(cut), judgedBy(run())].map(problemsOf), [[], []]);
    const crashedEarlier = judgedBy(run({ status: "crashed", incomplete: CRASHED }));
    assert.deepEqual(summaryOf(crashedEarlier), [["parse_save_field", "new", false]]);
    assert.deepEqual(problemsOf(crashedEarlier), [["not-confirmed", true]]);
    assert.deepEqual(crashedEarlier.notes, [{ code: "reached-incomplete", test: "test_x", engine: "memcheck", incomplete: CRASHED }]);
  });

  test("errors without a baseline are a problem if the run timed out, as a second run would too", () => {
    const late = run({ status: "timeout", incomplete: { code: "timeout", seconds: 60 }, findings: [OWN] });
    assert.deepEqual(reachedToConfirm([late], GROUNDS), []);
    const judged = judgeReached([late], [], GROUNDS);
    assert.deepEqual(summaryOf(judged), [["parse_save_field", "new", false]]);
    assert.deepEqual(judged.problems, [{ code: "not-confirmed", test: "test_x", engine: "memcheck", doubt: null }]);
  });
});
