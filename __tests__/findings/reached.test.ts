import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { judgeReached, reachedToConfirm } from "../../src/findings/reached.ts";
import type { Finding } from "../../src/model/finding.ts";
import { CRASHED, finding, run } from "../support/builders.ts";

const GROUNDS = { changed: ["_csv.c:parse_save_field"], acceptances: [], today: "2026-11-27" };

const read = (name: string, kind = "InvalidRead"): Finding => finding(name, { kind });

const OWN = read("parse_save_field");
const OTHER = read("list_sort");

const told = ({ findings }: ReturnType<typeof judgeReached>) =>
  findings.map(({ status, isConfirmed, finding: { site } }) => [site.function, status, isConfirmed]);

suite("errors of a test file that memcheck never saw on the default branch", () => {
  test("are new where a changed function is on the stack and a second run has them, too", () => {
    const first = run({ findings: [OWN] });
    assert.deepEqual(reachedToConfirm([first], GROUNDS), ["test_x"]);
    assert.deepEqual(told(judgeReached([first], [first], GROUNDS)), [["parse_save_field", "new", true]]);
    assert.deepEqual(told(judgeReached([first], [run()], GROUNDS)), [["parse_save_field", "flaky", false]]);
  });

  test("are new where a changed function freed what is used", () => {
    const further = [{ what: "Address is inside a block that was freed", frames: OWN.stack }];
    const used = { ...OTHER, further };
    assert.deepEqual(told(judgeReached([run({ findings: [used] })], [run({ findings: [used] })], GROUNDS)), [["list_sort", "new", true]]);
  });

  test("are new only where a changed function had a part in them, if the engine tells who had", () => {
    const judged = (part: readonly string[]) => {
      const first = run({ findings: [{ ...OWN, part }] });
      return told(judgeReached([first], [first], GROUNDS)).length;
    };
    assert.equal(judged(["list_sort", "parse_save_field"]), 1);
    assert.equal(judged(["list_sort"]), 0);
  });

  test("are new where a changed function that every test file runs is one of the innermost", () => {
    const frame = (name: string, role: "key" | "beyond") => ({ function: name, file: "Modules/_csv.c", line: 7, object: null, role });
    const everywhere = new Set(GROUNDS.changed);
    const judged = (role: "key" | "beyond") => {
      const first = run({ findings: [{ ...OTHER, stack: [frame("list_sort", "key"), frame("parse_save_field", role)] }] });
      return told(judgeReached([first], [first], { ...GROUNDS, everywhere })).length;
    };
    assert.equal(judged("key"), 1);
    assert.equal(judged("beyond"), 0);
  });

  test("are but told where no changed function has a part in them", () => {
    const judged = judgeReached([run({ findings: [OTHER] })], [], GROUNDS);
    assert.deepEqual(reachedToConfirm([run({ findings: [OTHER] })], GROUNDS), []);
    assert.deepEqual(judged.findings, []);
    assert.deepEqual(judged.notes, [
      { code: "reached-errors", test: "test_x", engine: "memcheck", errors: [{ kind: "InvalidRead", function: "list_sort" }] },
    ]);
  });

  test("are left to the scan where they are leaks, and to nobody where they were accepted", () => {
    const leak = finding("parse_save_field");
    assert.deepEqual(judgeReached([run({ findings: [leak] })], [], GROUNDS).findings, []);
    const acceptances = [{ signature: OWN.signature, reason: "known upstream", expires: "2027-01-01" }];
    assert.deepEqual(judgeReached([run({ findings: [OWN] })], [], { ...GROUNDS, acceptances }).findings, []);
  });

  test("are not confirmed by a second run that did not get as far", () => {
    const judged = judgeReached([run({ findings: [OWN] })], [run({ status: "crashed", incomplete: CRASHED })], GROUNDS);
    assert.deepEqual(told(judged), [["parse_save_field", "new", false]]);
    assert.deepEqual(
      judged.problems.map(({ code }) => code),
      ["not-confirmed"],
    );
  });

  test("are shown with a note where the run was cut short", () => {
    const judged = judgeReached([run({ status: "crashed", incomplete: CRASHED, findings: [OWN] })], [], GROUNDS);
    assert.deepEqual(told(judged), [["parse_save_field", "new", false]]);
    assert.deepEqual(judged.notes, [{ code: "reached-incomplete", test: "test_x", engine: "memcheck", incomplete: CRASHED }]);
    assert.deepEqual(judged.problems, []);
  });
});
