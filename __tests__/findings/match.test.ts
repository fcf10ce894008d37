import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import type { BaselineEntry } from "../../src/findings/baseline.ts";
import { compare } from "../../src/findings/compare.ts";
import { type Evidence, type Match, matchFindings, NO_EVIDENCE } from "../../src/findings/match.ts";
import type { Finding } from "../../src/model/finding.ts";
import { baseline, error, findingFrom, leak, stack } from "../support/builders.ts";

const lost = (text: string, blocks = 1): Finding => findingFrom(leak(`malloc < ${text} < _PyEval_EvalFrameDefault`, blocks));

/** What a baseline keeps of a finding. */
function kept({ engine, test: { file }, signature, kind, normalizedStack, blocks }: Finding): BaselineEntry {
  return { engine, test: file, signature, kind, stack: normalizedStack.map((group) => [...group]), blocks };
}

/** Builds of which one has the functions named before the arrow, the other those after it, and both all others. */
function builds(gone: string, fresh: string, both: string): Evidence {
  const names = (text: string): string[] => text.split(" ");
  return {
    functions: { before: new Set([...names(both), ...names(gone)]), now: new Set([...names(both), ...names(fresh)]) },
    moves: new Map(),
  };
}

const match = (before: readonly Finding[], now: readonly Finding[], evidence = NO_EVIDENCE): readonly Match[] =>
  matchFindings(before.map(kept), now, evidence);
const passes = (matches: readonly Match[]): string[] => matches.map(({ pass, amount }) => `${pass} ${amount}`);

suite("functions of only one of two builds", () => {
  const evidence = builds("helper", "aid", "parse load caller other");

  test("functions that only one build has are ignored: a rename, a helper merged into its caller or split off", () => {
    assert.deepEqual(passes(match([lost("helper < parse")], [lost("aid < parse")], evidence)), ["renamed 1"]);
    assert.deepEqual(passes(match([lost("helper < parse")], [lost("parse")], evidence)), ["renamed 1"]);
    assert.deepEqual(passes(match([lost("parse < load")], [lost("parse < aid < load")], evidence)), ["renamed 1"]);
  });

  test("functions that only one build has are ignored if one is a new helper of an allocator", () => {
    const split = findingFrom(leak("malloc < aid < PyMem_Malloc < parse < load"));
    assert.deepEqual(passes(match([findingFrom(leak("malloc < PyMem_Malloc < parse < load"))], [split], evidence)), ["renamed 1"]);
  });

  test("findings match only if they differ in nothing but functions that one build has", () => {
    assert.deepEqual(match([lost("helper < parse")], [lost("aid < load")], evidence), []);
    assert.deepEqual(match([lost("caller < parse")], [lost("other < parse")], evidence), []);
    assert.deepEqual(match([lost("caller < parse")], [lost("aid < parse")], evidence), []);
  });

  test("a stack with only functions that one build has needs the same amount and the same other frames", () => {
    assert.deepEqual(passes(match([lost("helper", 3)], [lost("aid", 3)], evidence)), ["renamed 3"]);
    assert.deepEqual(match([lost("helper", 3)], [lost("aid", 2)], evidence), []);
    assert.deepEqual(match([lost("helper < type_call", 3)], [lost("aid", 3)], evidence), []);
  });

  test("a stack that only shows which object is made needs the same amount, too", () => {
    assert.deepEqual(passes(match([lost("PyList_New < helper", 3)], [lost("PyList_New < aid", 3)], evidence)), ["renamed 3"]);
    assert.deepEqual(match([lost("PyList_New < helper", 3)], [lost("PyList_New < aid", 2)], evidence), []);
  });

  test("functions that only one build has are not known if a build's functions are not", () => {
    const unknown: Evidence = { ...evidence, functions: { before: null, now: evidence.functions.now } };
    assert.deepEqual(match([lost("helper < parse")], [lost("aid < parse")], unknown), []);
  });

  test("functions that only one build has push the outermost frame of an invalid read out of the stored frames", () => {
    const read = (text: string): Finding => findingFrom(error({ frames: stack(text) }));
    assert.deepEqual(passes(match([read("helper < parse < load < caller")], [read("parse < load < caller < other")], evidence)), [
      "renamed 1",
    ]);
    assert.deepEqual(passes(match([read("helper < parse < load < caller")], [read("parse < other < caller < load")], evidence)), []);
  });

  test("a finding takes over as many blocks of another build's as are left, each once", () => {
    const before = [lost("parse < load", 10), lost("helper < parse < load", 5)];
    const now = [lost("parse < load", 12), lost("aid < parse < load", 3)];
    assert.deepEqual(passes(match(before, now, evidence)).toSorted(), ["exact 10", "renamed 2", "renamed 3"]);
    const [grown] = compare(baseline({ findings: before.map(kept) }), ["test_x"], [lost("parse < load", 16)], evidence).compared;
    assert.deepEqual([grown?.status, grown?.status === "grown" ? grown.before.blocks : 0], ["grown", 15]);
    const [known] = compare(baseline({ findings: before.map(kept) }), ["test_x"], [lost("parse < load", 15)], evidence).compared;
    assert.deepEqual([known?.status, known?.status === "known" ? known.before.blocks : 0], ["known", 15]);
  });
});

test("each stack of many that match nothing exactly is looked up once, not once for each pair", () => {
  class Counted extends Set<string> {
    times = 0;
    override has(name: string): boolean {
      this.times++;
      return super.has(name);
    }
  }
  const timesFor = (count: number): number => {
    const errors = (name: string) => Array.from({ length: count }, (_, index) => lost(`${name}${index} < load`));
    const functions = { before: new Counted(["load"]), now: new Counted(["load"]) };
    match(errors("f"), errors("g"), { functions, moves: new Map() });
    return functions.before.times + functions.now.times;
  };
  assert.equal(timesFor(20), 2 * timesFor(10));
});

suite("files that moved", () => {
  const inFile = (file: string): Finding =>
    findingFrom(leak(stack("malloc < exec < load").map((frame) => (frame.function === "exec" ? { ...frame, file } : frame))), "test_x");

  test("files that moved are followed if git says so, and do not matter if a name is in one file only", () => {
    const before = kept(inFile("old.c"));
    const moved: BaselineEntry = { ...before, signature: "0".repeat(16), stack: [["malloc"], ["exec@old.c"], ["load"]] };
    const now = { ...inFile("new.c"), segment: ["exec@new.c", "load"], normalizedStack: [["malloc"], ["exec@new.c"], ["load"]] };
    const follow = (moves: [string, string][]): string[] =>
      passes(matchFindings([moved], [now], { ...NO_EVIDENCE, moves: new Map(moves) }));
    assert.deepEqual(follow([["Modules/old.c", "Modules/_x/new.c"]]), ["moved 1"]);
    assert.deepEqual(follow([["Modules/old.c", "Modules/other.c"]]), []);
    assert.deepEqual(passes(matchFindings([moved], [{ ...now, segment: ["exec", "load"] }], NO_EVIDENCE)), ["moved 1"]);
  });
});

test("a function that was renamed when its caller's file moved is followed, too", () => {
  const inFile = (file: string, text: string): Finding => {
    const frames = stack(`malloc < ${text}`).map((frame) => (frame.function === "exec" ? { ...frame, file } : frame));
    return findingFrom(leak(frames), "test_x", null, new Set(["exec"]));
  };
  const evidence = { ...builds("helper", "aid", "exec load"), moves: new Map([["Modules/old.c", "Modules/_x/new.c"]]) };
  const [before, now] = [inFile("old.c", "helper < exec < load"), inFile("new.c", "aid < exec < load")];
  assert.deepEqual(passes(match([before], [now], evidence)), ["renamed 1"]);
  assert.deepEqual(passes(match([before], [inFile("other.c", "aid < exec < load")], evidence)), []);
});

suite("what only looks alike", () => {
  const long = "alloc_node < build_tree < parse_file < load_module";

  test("a finding that only looks like another is changed if all of both is left, and not more than there was", () => {
    const before = baseline({ findings: [kept(lost(long, 2))] });
    const status = (text: string, blocks: number): string | undefined =>
      compare(before, ["test_x"], [lost(text, blocks)]).compared[0]?.status;
    assert.equal(status("make_node < build_tree < parse_file < load_module", 2), "changed");
    assert.equal(status("make_node < build_tree < parse_file < load_module", 3), "new");
    assert.equal(status("make_node < build_list < parse_file < load_module", 2), "new");
  });

  test("a finding that only looks like a known one is new if the known one is still there", () => {
    const twin = "make_node < build_tree < parse_file < load_module";
    const { compared } = compare(baseline({ findings: [kept(lost(long, 5))] }), ["test_x"], [lost(long, 3), lost(twin, 1)]);
    assert.deepEqual(
      compared.map(({ status }) => status),
      ["known", "new"],
    );
  });

  test("a finding is not matched by similarity with an error of another kind", () => {
    const read = findingFrom(error({ frames: stack(long) }));
    assert.deepEqual(match([lost(long)], [read]), []);
  });
});

suite("matching", () => {
  const names = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e"), { minLength: 1, maxLength: 5 });
  const side = fc
    .uniqueArray(fc.tuple(names, fc.integer({ min: 1, max: 4 })), { selector: ([chosen]) => chosen.join(), maxLength: 6 })
    .map((list) => list.map(([chosen, blocks]) => lost(chosen.join(" < "), blocks)));
  const evidence = fc
    .tuple(fc.subarray(["a", "b", "c", "d", "e"]), fc.subarray(["a", "b", "c", "d", "e"]))
    .map(([before, now]): Evidence => ({ functions: { before: new Set(before), now: new Set(now) }, moves: new Map() }));

  test("matching takes no block twice on either side", () => {
    fc.assert(
      fc.property(side, side, evidence, (before, now, known) => {
        const entries = before.map(kept);
        const matches = matchFindings(entries, now, known);
        const taken = (of: (one: Match) => unknown, item: unknown): number =>
          matches.filter((one) => of(one) === item).reduce((sum, { amount }) => sum + amount, 0);
        assert.ok(entries.every((entry) => taken((one) => one.entry, entry) <= entry.blocks));
        assert.ok(now.every((finding) => taken((one) => one.finding, finding) <= finding.blocks));
      }),
    );
  });

  test("matching pairs equal signatures on both sides, whatever else is similar", () => {
    fc.assert(
      fc.property(side, side, evidence, (before, now, known) => {
        for (const { entry, finding, pass } of matchFindings(before.map(kept), now, known)) {
          const own = before.find(({ signature }) => signature === finding.signature);
          if (own !== undefined && own.blocks >= finding.blocks) assert.deepEqual([pass, entry.signature], ["exact", finding.signature]);
        }
      }),
    );
  });

  test("matching does not depend on the order of findings and entries", () => {
    fc.assert(
      fc.property(side, side, evidence, (before, now, known) => {
        const said = (matches: readonly Match[]): string[] =>
          matches.map(({ entry, finding, pass, amount }) => `${entry.signature} ${finding.signature} ${pass} ${amount}`).toSorted();
        const entries = before.map(kept);
        assert.deepEqual(said(matchFindings(entries.toReversed(), now.toReversed(), known)), said(matchFindings(entries, now, known)));
      }),
    );
  });
});
