import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { noteMessage } from "../../src/report/notes.ts";
import { budgetNotes, type Choice, chooseForMemcheck, memcheckNotes, withinBudget } from "../../src/stages/memcheck-budget.ts";

const choice: Choice = { budget: 60, width: 1, recorded: new Map(), scanned: new Map(), onlyRecorded: false };
const names = ["a.py", "b.py", "c.py"];

suite("the test files for memcheck", () => {
  test("the test files for memcheck are all or none, as the budget says", () => {
    assert.deepEqual(chooseForMemcheck(names, { ...choice, budget: "all" }), names);
    assert.deepEqual(chooseForMemcheck(names, { ...choice, budget: "none" }), []);
  });

  test("the test files for memcheck are those that fit by how long they took in the scan, the shortest first", () => {
    const scanned = new Map([
      ["a.py", 1.2],
      ["b.py", 0.5],
      ["c.py", 0.5],
    ]);
    assert.deepEqual(chooseForMemcheck(names, { ...choice, scanned }), ["b.py", "c.py"]);
    assert.deepEqual(chooseForMemcheck(names, { ...choice, scanned, width: 2 }), names);
  });

  test("the test files for memcheck are first those that the baseline has, by how long memcheck took for them then", () => {
    const recorded = new Map([["c.py", 55]]);
    const scanned = new Map(names.map((name) => [name, 0.1]));
    assert.deepEqual(chooseForMemcheck(names, { ...choice, recorded, scanned }), ["a.py", "c.py"]);
  });

  test("the test files for memcheck are not fewer because one that the baseline has became too slow", () => {
    const recorded = new Map([["c.py", 90]]);
    const scanned = new Map(names.map((name) => [name, 0.1]));
    assert.deepEqual(chooseForMemcheck(names, { ...choice, recorded, scanned }), ["a.py", "b.py"]);
  });

  test("the test files for memcheck are only those that the baseline has where nothing is recorded", () => {
    assert.deepEqual(chooseForMemcheck(names, { ...choice, recorded: new Map([["b.py", 1]]), onlyRecorded: true }), ["b.py"]);
  });

  test("the test files for memcheck never exceed the budget, by their expected times", () => {
    const seconds = fc.double({ min: 0.1, max: 100, noNaN: true });
    fc.assert(
      fc.property(fc.array(seconds, { maxLength: 20 }), seconds, (times, budget) => {
        const files = times.map((_, index) => `${index}.py`);
        const recorded = new Map(times.map((time, index) => [`${index}.py`, time]));
        const chosen = chooseForMemcheck(files, { ...choice, budget, recorded });
        assert.ok(chosen.reduce((sum, name) => sum + (recorded.get(name) ?? 0), 0) <= budget + 1e-6);
      }),
    );
  });
});

suite("a budget for memcheck", () => {
  const ended = { name: "a.py", engine: "memcheck", status: "passed", seconds: 1, incomplete: null, ran: 1 } as const;
  const run = { ...ended, findings: [], suppressed: [], costs: { start: 0, leakChecks: 0, reading: 0 }, log: "" };
  const runner = { run: async () => run, stop: async () => {} };
  const job = { name: "a.py", args: [], cwd: "/", env: {} };

  test("no test file starts once the budget for memcheck is used up; without a limit, all do", async () => {
    const begun = async (budget: Choice["budget"]) => {
      const { status, incomplete } = await withinBudget(runner, budget).run(job);
      return [status, incomplete?.code];
    };
    assert.deepEqual(await begun(60), ["passed", undefined]);
    assert.deepEqual(await begun(-1), ["stopped", "not-begun"]);
    assert.deepEqual(await begun("all"), ["passed", undefined]);
  });

  test("a budget for memcheck that ran out before all chosen test files had begun says which did not, and not that they were checked", () => {
    const chosen = { code: "memcheck-chosen", looked: names, targets: 3, covered: 3, seconds: 60 } as const;
    const plan = { all: names, notes: [chosen] };
    assert.deepEqual(memcheckNotes(plan, names, 60), [chosen]);
    assert.deepEqual(memcheckNotes(plan, ["b.py"], 60), [{ code: "memcheck-budget", seconds: 60, looked: 1, leftOut: ["a.py", "c.py"] }]);
  });

  test("a budget for memcheck has a note with the test files left out, unless there were none or nothing was requested", () => {
    const notes = budgetNotes(names, ["b.py"], 300);
    assert.deepEqual(notes, [{ code: "memcheck-budget", seconds: 300, looked: 1, leftOut: ["a.py", "c.py"] }]);
    assert.deepEqual(notes.map(noteMessage), [
      "Memcheck checked 1 of 3 test files, as many as fit into `memcheck-budget` (5 min 0 s). Left out: a.py, c.py.",
    ]);
    assert.deepEqual(budgetNotes(names, names, 300), []);
    assert.deepEqual(budgetNotes(names, [], "none"), []);
  });
});
