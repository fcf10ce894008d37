import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import type { Baseline } from "../../src/findings/baseline.ts";
import { mergeBaselines } from "../../src/findings/merge-baselines.ts";
import { baseline, entry, IDENTITY } from "../support/builders.ts";

/** A baseline of tests, each with findings of these functions. */
function of(records: Readonly<Record<string, readonly string[]>>, overrides: Partial<Baseline> = {}): Baseline {
  const findings = Object.entries(records).flatMap(([test, names]) => names.map((name) => entry(name, { test })));
  return baseline({ findings, ...overrides }, Object.keys(records));
}

/** What it has, by test. */
function shown(merged: Baseline | undefined): unknown {
  assert.ok(merged);
  const findings = (name: string) => merged.findings.filter((one) => one.test === name).flatMap((one) => one.stack.flat());
  return Object.fromEntries(merged.tests.map(({ name }) => [name, findings(name).sort()]));
}

const anyRecords = fc.dictionary(
  fc.constantFrom("test_a", "test_b", "test_c", "test_d"),
  fc.uniqueArray(fc.constantFrom("f", "g", "h", "i"), { maxLength: 3 }),
);

suite("two baselines that were made of one", () => {
  test("merged baselines have what either of them recorded", () => {
    const base = of({ test_a: ["f"], test_b: ["g"] });
    const ours = of({ test_a: ["f", "new"], test_b: ["g"], test_c: [] });
    const theirs = of({ test_a: ["f"], test_b: [], test_d: ["x"] });
    assert.deepEqual(shown(mergeBaselines(base, ours, theirs)), { test_a: ["f", "new"], test_b: [], test_c: [], test_d: ["x"] });
  });

  test("merged baselines have what both first checks recorded if there was none before", () => {
    assert.deepEqual(shown(mergeBaselines(undefined, of({ test_a: ["f"] }), of({ test_b: ["g"] }))), { test_a: ["f"], test_b: ["g"] });
  });

  test("merged baselines keep all findings of a test file of the same content, and the later one's of another", () => {
    const [ours, theirs] = [of({ test_a: ["f"] }), of({ test_a: ["g"] })];
    assert.deepEqual(shown(mergeBaselines(undefined, ours, theirs)), { test_a: ["f", "g"] });
    assert.deepEqual(shown(mergeBaselines(undefined, ours, { ...theirs, content: "other" })), { test_a: ["f"] });
    assert.deepEqual(shown(mergeBaselines(undefined, { ...ours, content: null }, { ...theirs, content: null })), { test_a: ["f"] });
  });

  test("merged baselines keep the record of the run that got further, whichever was later", () => {
    const [passed, failed] = (["passed", "failed"] as const).map((status) => {
      const recorded = of({ test_a: status === "passed" ? ["f"] : [] }, { content: null });
      return { ...recorded, tests: recorded.tests.map((one) => ({ ...one, status })) };
    });
    assert.ok(passed && failed);
    for (const [ours, theirs] of [
      [passed, failed],
      [failed, passed],
    ] as const) {
      assert.deepEqual(shown(mergeBaselines(undefined, ours, theirs)), { test_a: ["f"] });
    }
  });

  test("merged baselines do not bring back a test file that one of them renamed", () => {
    const base = of({ test_old: ["f"] });
    assert.deepEqual(shown(mergeBaselines(base, of({ test_new: ["f"] }), base)), { test_new: ["f"] });
  });

  test("merged baselines have the functions of the later one's build, and how the other's findings differ", () => {
    const [ours, theirs] = [of({ test_a: ["f"] }, { functions: ["a", "c"] }), of({ test_b: ["g"] }, { functions: ["b", "c"] })];
    const merged = mergeBaselines(undefined, ours, theirs);
    assert.deepEqual(merged?.functions, ["a", "c"]);
    assert.deepEqual(merged?.otherBuilds, [{ had: ["b"], lacked: ["a"], moves: [] }]);
    assert.deepEqual(
      merged?.findings.map(({ test, build }) => [test, build]),
      [
        ["test_a", undefined],
        ["test_b", 0],
      ],
    );
    const clean = mergeBaselines(undefined, of({ test_a: [] }), theirs);
    assert.deepEqual([clean?.functions, clean?.otherBuilds], [["b", "c"], []]);
  });

  test("merged baselines have a record that one of them renewed, though the other noted something on it", () => {
    const base = of({ test_a: ["f"] });
    const [ours, theirs] = [of({ test_a: ["f"] }), of({ test_a: ["f", "g"] })];
    const noted = {
      ...ours,
      tests: ours.tests.map((one) => ({ ...one, outdated: true as const })),
      findings: ours.findings.map((one) => ({ ...one, build: 0 })),
      otherBuilds: [{ had: ["x"], lacked: [], moves: [] }],
    };
    assert.deepEqual(shown(mergeBaselines(base, noted, theirs)), { test_a: ["f", "g"] });
  });

  test("merged baselines have footprints of what both recorded in full", () => {
    const footprints = (...tests: readonly string[]) => ({
      ...{ sha: "f00d", code: { keys: [], kinds: "", hashes: "" }, sources: { names: [], hashes: "" } },
      ...{ tests: [...tests], users: [], usersOfCode: [], usersOfSources: [] },
    });
    const [ours, theirs] = [of({}, { footprints: footprints("test_a", "test_b") }), of({}, { footprints: footprints("test_a", "") })];
    assert.deepEqual(mergeBaselines(undefined, ours, theirs)?.footprints, footprints("test_a", ""));
  });

  test("two baselines are not merged if they cannot be compared", () => {
    const other = of({ test_b: ["g"] }, { identity: { ...IDENTITY, valgrind: "3.99" } });
    assert.equal(mergeBaselines(undefined, of({ test_a: [] }), other), undefined);
    assert.equal(mergeBaselines(undefined, of({ test_a: [] }), of({ test_b: [] }, { signatureVersion: 99 })), undefined);
  });

  test("merged baselines are ours if the other check changed nothing, and the other way round", () => {
    fc.assert(
      fc.property(anyRecords, anyRecords, (before, after) => {
        const [base, changed] = [of(before), of(after)];
        assert.deepEqual(shown(mergeBaselines(base, changed, base)), shown(changed));
        assert.deepEqual(shown(mergeBaselines(base, base, changed)), shown(changed));
      }),
    );
  });
});
