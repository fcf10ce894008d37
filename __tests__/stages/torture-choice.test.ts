import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { mergeAtoms, summarize } from "../../src/affected/code.ts";
import { makeFootprints } from "../../src/affected/footprints.ts";
import type { Cause } from "../../src/affected/selection.ts";
import type { KnownChange } from "../../src/stages/choose-affected.ts";
import { changeToTorture, chooseTorture, type TortureCosts } from "../../src/stages/torture-choice.ts";

const runs = (...functions: readonly string[]) => ({ functions: new Set(functions), files: new Set<string>() });

const FUNCTIONS = ["f", "g", "shared", "unused"];
const TESTS = new Map([
  ["test_both", runs("f", "g")],
  ["test_f", runs("f")],
  ["test_g", runs("g")],
]);

function change(rewritten: readonly string[], chosen: Readonly<Record<string, readonly Cause[]>> = {}): KnownChange {
  return {
    kind: "some",
    chosen: new Map(Object.entries(chosen)),
    functions: rewritten,
    rewritten,
    scanned: [...TESTS.keys(), "test_zz"],
    footprints: makeFootprints({
      sha: null,
      code: summarize(mergeAtoms([FUNCTIONS.map((key) => ({ key, kind: "function", hash: "aa", references: [] }))])),
      sources: new Map(),
      watched: new Set(FUNCTIONS),
      shared: runs("shared"),
      tests: TESTS,
    }),
  };
}

const COSTS: TortureCosts = {
  width: 1,
  scanned: new Map([
    ["test_both", 15],
    ["test_f", 1],
    ["test_g", 2],
    ["test_zz", 0],
  ]),
};

const choose = (of: KnownChange, costs: Partial<TortureCosts> = {}, isSuitable = (_: string): boolean => true) =>
  chooseTorture(of, isSuitable, { ...COSTS, ...costs });

suite("the test files in which allocations of changed functions fail", () => {
  test("torture of a change takes the fastest test files that run all changed functions, then others that do", () => {
    assert.deepEqual(choose(change(["f", "g"])), { names: ["test_f", "test_g", "test_both"], covered: 2 });
    assert.deepEqual(choose(change(["g"])), { names: ["test_g", "test_both"], covered: 1 });
  });

  test("torture of a change takes as many test files as there is time for", () => {
    const scanned = new Map([...COSTS.scanned, ["test_both", 18], ["test_g", 100]] as const);
    assert.deepEqual(choose(change(["f", "g"]), { scanned }), { names: ["test_f"], covered: 1 });
    assert.deepEqual(choose(change(["f", "g"]), { scanned, width: 2 }).names, ["test_f", "test_both"]);
  });

  test("torture of a change takes only suitable test files", () => {
    assert.deepEqual(
      choose(change(["f"]), {}, (name) => name === "test_both"),
      { names: ["test_both"], covered: 1 },
    );
    assert.deepEqual(
      choose(change(["f"]), {}, () => false),
      { names: [], covered: 0 },
    );
  });

  test("torture of a change takes any test file for a function that runs before all of them", () => {
    assert.deepEqual(choose(change(["shared"])).names, ["test_zz", "test_f"]);
  });

  test("torture of a change takes, for a new function, edited test files and those that run the rest of the change", () => {
    const edited = { test_zz: [{ code: "file", name: "Lib/test/test_zz.py" }] } as const;
    assert.deepEqual(choose(change(["new"], edited)).names, ["test_zz"]);
    assert.deepEqual(choose(change(["unused"], { test_zz: [{ code: "unrecorded" }] })).names, ["test_zz"]);
    assert.deepEqual(choose(change(["f", "new"])).names, ["test_f", "test_both"]);
    const read = { test_zz: [{ code: "file", name: "Lib/csv.py" }] } as const;
    assert.deepEqual(choose(change(["new"], read)).names, ["test_zz", "test_f"]);
  });
});

suite("torture of a change", () => {
  test("torture of a change needs changed functions, and not too many", () => {
    assert.equal(changeToTorture(change([])), "no-function");
    const many = Array.from({ length: 1000 }, (_, index) => `f${index}`);
    assert.equal(changeToTorture(change(many)), "many-functions");
    const one = change(["f"]);
    assert.equal(changeToTorture(one), one);
  });

  test("torture of a change needs a baseline with records of functions", () => {
    for (const why of ["records", "no-record", "unchanged", "unreadable-objects"] as const)
      assert.equal(changeToTorture({ kind: "any", why }), why);
  });
});
