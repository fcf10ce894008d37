import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { shortHash } from "../../src/affected/code.ts";
import type { Footprints } from "../../src/affected/footprints.ts";
import type { Job } from "../../src/engines/job.ts";
import type { History } from "../../src/findings/history.ts";
import {
  type Affected,
  affectedNotes,
  type Choice,
  type Chooser,
  chooseAffected,
  recordsFootprints,
  reportAffected,
  whatToChooseBy,
  withoutUnaffected,
} from "../../src/stages/choose-affected.ts";
import { baseline } from "../support/builders.ts";
import { QuietProgress } from "../support/progress.ts";

const FOOTPRINTS: Footprints = {
  sha: null,
  code: { keys: [], kinds: "", hashes: "" },
  sources: { names: [], hashes: "" },
  tests: [],
  users: [],
  usersOfCode: [],
  usersOfSources: [],
};

const past = (footprints: Footprints | null): History => ({ kind: "comparable", where: "here", baseline: baseline({ footprints }) });

const NONE: History = { kind: "first-run", where: "here" };

/** A pull request's check of all test files, with these differences. */
function choice(
  change: { settings?: Partial<Choice["settings"]>; context?: Partial<Choice["context"]>; content?: string | null } = {},
): Choice {
  return {
    settings: { affected: "auto", scan: { kind: "all" }, work: { kind: "default-tests" }, ...change.settings },
    context: { scope: "nothing", past: past(FOOTPRINTS), ...change.context },
    content: change.content === undefined ? "other" : change.content,
  };
}

suite("test files are chosen by the change", () => {
  test("a selection is made if all test files are requested and the baseline has records", () => {
    assert.deepEqual(whatToChooseBy(choice()), FOOTPRINTS);
    assert.deepEqual(whatToChooseBy(choice({ context: { scope: "what-is-missing" }, content: null })), FOOTPRINTS);
    assert.deepEqual(whatToChooseBy(choice({ settings: { scan: { kind: "none" }, work: { kind: "all-tests" } } })), FOOTPRINTS);
  });

  test("a selection is not made if test files are named, or all are requested", () => {
    assert.equal(whatToChooseBy(choice({ settings: { affected: "all" } })), "asked");
    assert.equal(whatToChooseBy(choice({ settings: { scan: { kind: "names", names: ["test_csv"] } } })), "asked");
    assert.equal(whatToChooseBy(choice({ settings: { scan: { kind: "none" } } })), "asked");
  });

  test("a selection is not made if a baseline is recorded, has no records, or has the same content", () => {
    for (const scope of ["everything", "replace"] as const) assert.equal(whatToChooseBy(choice({ context: { scope } })), "records");
    assert.equal(whatToChooseBy(choice({ context: { past: past(null) } })), "no-record");
    assert.equal(whatToChooseBy(choice({ context: { past: NONE } })), "no-record");
    assert.equal(whatToChooseBy(choice({ content: baseline().content })), "unchanged");
  });
});

/** A project whose only source file has this hash, and no shared object. */
function chooser(hash: string): Chooser {
  const footprints: Footprints = {
    ...FOOTPRINTS,
    sources: { names: ["tox.ini"], hashes: shortHash("a".repeat(64)) },
    tests: ["tests/test_a.py"],
    users: [""],
    usersOfSources: [0],
  };
  const { context, ...others } = choice({ context: { past: past(footprints) }, content: null });
  const underTest = {
    code: () => ({ atoms: new Map() }),
    rules: () => ({ reached: () => [] }),
    sources: () => new Map([["tox.ini", hash]]),
  };
  return { ...others, context: { ...context, progress: new QuietProgress() }, underTest };
}

suite("the test files of a project are chosen by its change", () => {
  const list = async () => ({ scanned: ["tests/test_a.py"], others: [] });

  test("a change that no test file reaches leaves all of them out", async () => {
    const affected = await chooseAffected(chooser("b".repeat(64)), list);
    assert.ok(affected.kind === "some");
    assert.equal(affected.chosen.size, 0);
  });

  test("all test files run again if nothing in the project differs from the baseline", async () => {
    assert.deepEqual(await chooseAffected(chooser("a".repeat(64)), list), { kind: "any", why: "unchanged" });
  });
});

suite("what test files run is recorded", () => {
  test("footprints are recorded if all test files are scanned and their findings become the baseline", () => {
    for (const scope of ["everything", "replace"] as const) assert.ok(recordsFootprints(choice({ context: { scope } })));
    assert.ok(recordsFootprints(choice({ context: { scope: "what-is-missing", past: NONE } })));
  });

  test("footprints are not recorded beside older findings, without a recording, or if only some test files are scanned", () => {
    assert.ok(!recordsFootprints(choice({ context: { scope: "what-is-missing" } })));
    assert.ok(!recordsFootprints(choice({ context: { past: NONE } })));
    assert.ok(!recordsFootprints(choice({ context: { scope: "everything" }, settings: { affected: "all" } })));
    assert.ok(!recordsFootprints(choice({ context: { scope: "everything" }, settings: { scan: { kind: "names", names: ["test_csv"] } } })));
  });
});

suite("the test files that a change can reach", () => {
  const some: Affected = {
    kind: "some",
    chosen: new Map([
      ["test_a", [{ code: "function", name: "f" }]],
      ["test_not_scanned", [{ code: "unrecorded" }]],
    ]),
    functions: ["f"],
    rewritten: ["f"],
    scanned: ["test_a", "test_b"],
    footprints: { ...FOOTPRINTS, sha: "c0ffee" },
  };
  const jobs = ["test_a", "test_b", "test_not_scanned"].map((name): Job => ({ name, args: [], cwd: "/", env: {} }));
  const split = (...args: Parameters<typeof withoutUnaffected>) => {
    const { jobs: kept, rest } = withoutUnaffected(...args);
    return [kept.map(({ name }) => name), rest];
  };

  test("selected test files run, and the others are listed", () => {
    assert.deepEqual(split(jobs, some), [["test_a", "test_not_scanned"], ["test_b"]]);
    assert.deepEqual(split(jobs, { kind: "any", why: "asked" }), [["test_a", "test_b", "test_not_scanned"], []]);
  });

  test("selected test files are counted and listed among the scanned ones", () => {
    assert.deepEqual(reportAffected(some), [{ test: "test_a", causes: [{ code: "function", name: "f" }] }]);
    assert.deepEqual(affectedNotes(some, undefined), [{ code: "tests-chosen", chosen: 1, of: 2, sha: "c0ffee" }]);
  });

  test("a run of all test files is noted, with what changed", () => {
    const all = { kind: "all", functions: ["f"], rewritten: ["f"], scanned: ["test_a"], footprints: FOOTPRINTS } as const;
    const note = { code: "all-tests-affected", of: 1 } as const;
    assert.deepEqual(affectedNotes({ ...all, cause: { code: "shared-function", name: "f" } }, undefined), [
      { ...note, why: "shared-function", name: "f" },
    ]);
    assert.deepEqual(affectedNotes({ ...all, cause: { code: "most", count: 2 } }, undefined), [{ ...note, why: "most", name: null }]);
    assert.equal(reportAffected({ ...all, cause: { code: "most", count: 2 } }), null);
  });

  test("without a selection, there is no note", () => {
    const any = { kind: "any", why: "unchanged" } as const;
    assert.deepEqual([reportAffected(any), affectedNotes(any, undefined)], [null, []]);
  });
});
