import assert from "node:assert/strict";
import { test } from "node:test";
import { seeded, shuffled } from "../../eval/random.ts";
import { packCorpus, type Side, unpackCorpus } from "../../eval/replay/corpus.ts";
import { type BuildErrors, MUTATIONS, type ReportedError, SOURCE } from "../../eval/replay/mutations.ts";
import { mutatedTrial, patchedTrial } from "../../eval/replay/planting.ts";
import { scoreAll, type Trial } from "../../eval/replay/trial.ts";
import type { Frame, MemoryError } from "../../src/model/memory-error.ts";
import { error, leak } from "../support/builders.ts";

const inTree = (frames: readonly Frame[]): readonly Frame[] =>
  frames.map((frame) => (frame.directory === undefined ? frame : { ...frame, directory: `${SOURCE}/Modules` }));
const KNOWN: MemoryError = leak(inTree(leak("malloc < field_new < reader_next < _PyEval_EvalFrameDefault").frames), 3);
const OTHER: MemoryError = leak(inTree(leak("malloc < row_new < writer_next < _PyEval_EvalFrameDefault").frames));

const reported = (one: MemoryError, isPlanted = false): ReportedError => ({ test: "test_x", error: one, isPlanted });
const buildErrors = (...all: readonly ReportedError[]): BuildErrors => ({
  reported: all,
  symbols: new Set(all.flatMap((one) => one.error.frames.flatMap((frame) => frame.function ?? []))),
  moves: new Map(),
});

test("a corpus is read as it was packed, but for addresses and numbers of records", () => {
  const side: Side = {
    name: "base",
    leakCheck: "exit",
    symbols: ["field_new"],
    ambiguous: [],
    errors: new Map([["test_x", [KNOWN, error({ auxiliary: [{ what: "freed", frames: OTHER.frames }] })]]]),
  };
  const [read] = unpackCorpus(packCorpus([side]));
  assert.deepEqual(unpackCorpus(packCorpus(read === undefined ? [] : [read])), [read]);
  const names = (one: Side | undefined): unknown =>
    one?.errors.get("test_x")?.map(({ kind, frames, leaked }) => [kind, leaked, frames.map((frame) => frame.function)]);
  assert.deepEqual(names(read), names(side));
});

test("a file that is not a corpus is refused", () => {
  assert.throws(() => unpackCorpus(packCorpus([]).subarray(0, 10)));
});

test("the same seed gives a replay the same order, and another seed another one", () => {
  const values = Array.from({ length: 20 }, (_, index) => index);
  assert.deepEqual(shuffled(values, seeded(1)), shuffled(values, seeded(1)));
  assert.notDeepEqual(shuffled(values, seeded(1)), shuffled(values, seeded(2)));
  assert.deepEqual(
    [...shuffled(values, seeded(1))].sort((a, b) => a - b),
    values,
  );
});

test("no mutation of a corpus makes or loses an error, or forgets which are planted", () => {
  const before = buildErrors(reported(KNOWN), reported(OTHER, true), reported(error()));
  for (const [name, mutation] of Object.entries(MUTATIONS)) {
    const after = mutation(before, seeded(1));
    const kinds = (one: BuildErrors): readonly string[] =>
      one.reported.map(({ error: { kind }, isPlanted }) => `${kind} ${isPlanted}`).sort();
    assert.deepEqual(kinds(after), kinds(before), name);
  }
});

test("a function that a mutation renames is renamed in the symbols as on the stacks", () => {
  const { reported: after, symbols } = MUTATIONS.rename(buildErrors(reported(KNOWN)), seeded(1));
  const names = after[0]?.error.frames.map((frame) => frame.function);
  assert.deepEqual(names, ["malloc", "renamed_field_new", "renamed_reader_next", "_PyEval_EvalFrameDefault"]);
  assert.ok(symbols.has("renamed_field_new") && !symbols.has("field_new"));
});

test("a replay's score counts planted errors that are reported, and reports without one", () => {
  const trial: Trial = {
    before: buildErrors(reported(KNOWN)),
    after: buildErrors(reported(KNOWN), reported(OTHER, true)),
    ambiguous: new Set(),
  };
  for (const [way, score] of scoreAll(trial)) assert.deepEqual(score, { planted: 1, found: 1, wrong: 0, right: 1, doubted: 0 }, way);
  const noisy: Trial = { ...trial, before: buildErrors(reported(OTHER)), after: buildErrors(reported(KNOWN), reported(OTHER)) };
  assert.deepEqual(scoreAll(noisy).get("ours"), { planted: 0, found: 0, wrong: 1, right: 0, doubted: 0 });
});

test("growth is found by blocks, which no simple method counts", () => {
  const grown = { ...KNOWN, leaked: { blocks: 4, bytes: 96 } };
  const scores = scoreAll({ before: buildErrors(reported(KNOWN)), after: buildErrors(reported(grown, true)), ambiguous: new Set() });
  assert.equal(scores.get("ours")?.found, 1);
  assert.equal(scores.get("all function names")?.found, 0);
});

const sideOf = (name: string, errors: readonly MemoryError[], leakCheck: Side["leakCheck"] = "exit"): Side => ({
  name,
  leakCheck,
  symbols: [],
  ambiguous: [],
  errors: new Map([["test_x", errors]]),
});
const many = Array.from({ length: 40 }, (_, index) =>
  leak(inTree(leak(`malloc < new_${index} < _PyEval_EvalFrameDefault`).frames), index + 1),
);
const bugs = [sideOf("a-bug", [KNOWN], "live"), sideOf("another", [OTHER], "live")];

test("a trial plants leaks that the earlier side lacks, some that grow, and half of the bugs", () => {
  const { before, after } = mutatedTrial({ base: sideOf("base", many), bugs }, MUTATIONS.nothing, seeded(1));
  assert.equal(after.reported.filter(({ isPlanted }) => isPlanted).length, 26);
  assert.equal(before.reported.length, many.length - 20 + 1);
  assert.ok(before.reported.every(({ isPlanted }) => !isPlanted));
});

test("a replay finds everything that a trial plants if nothing else changed, and nothing else", () => {
  const score = scoreAll(mutatedTrial({ base: sideOf("base", many), bugs }, MUTATIONS.nothing, seeded(1))).get("ours");
  assert.deepEqual(score, { planted: 26, found: 26, wrong: 0, right: 26, doubted: 0 });
});

test("beside a real patch, a replay plants leaks by hiding their stacks from the earlier side", () => {
  const { before, after } = patchedTrial({ base: sideOf("base", many), bugs }, sideOf("a-patch", many), seeded(1));
  assert.equal(after.reported.filter(({ isPlanted }) => isPlanted).length, 22);
  assert.equal(before.reported.length, many.length - 20);
});
