import assert from "node:assert/strict";
import { test } from "node:test";
import { SIMPLE_WAYS, type WayName } from "../../eval/cases/simple-ways.ts";
import type { MemoryError } from "../../src/model/memory-error.ts";
import { error, leak, stack } from "../support/builders.ts";

const KNOWN = leak("malloc < PyMem_Malloc < field_new < reader_next < main");

/** The ways for which an error is known. */
function knownBy(other: MemoryError, base: readonly MemoryError[] = [KNOWN]): readonly string[] {
  return Object.entries(SIMPLE_WAYS).flatMap(([name, way]) => (way(base)(other) ? [name] : []));
}

const ALL = Object.keys(SIMPLE_WAYS);
const allBut = (...names: readonly WayName[]): readonly string[] => ALL.filter((name) => !names.some((one) => one === name));

test("every simple way recognizes the same error with other addresses and amounts", () => {
  const frames = KNOWN.frames.map((frame, index) => ({ ...frame, address: `0x${index}` }));
  assert.deepEqual(knownBy(leak(frames, 9)), ALL);
});

test("no simple way knows an error without a base", () => {
  assert.deepEqual(knownBy(KNOWN, []), []);
});

test("a line that moved is another error only to the simple ways that compare lines", () => {
  const frames = KNOWN.frames.map((frame) => (frame.line === undefined ? frame : { ...frame, line: frame.line + 30 }));
  assert.deepEqual(knownBy(leak(frames)), allBut("full stack with lines"));
});

test("another function far out on the stack is another error to all simple ways that look that far", () => {
  assert.deepEqual(knownBy(leak("malloc < PyMem_Malloc < field_new < reader_next < start")), ["top 3 frames"]);
});

test("another function among the first three frames is another error to all simple ways", () => {
  assert.deepEqual(knownBy(leak("malloc < PyMem_Malloc < row_new < reader_next < main")), []);
});

test("a suppression, as a simple way, matches a stack that continues beyond its own frames", () => {
  const longer = leak([...KNOWN.frames, ...stack("a < b < c < d < e < f").slice(-1)]);
  assert.deepEqual(knownBy(longer), ["top 3 frames", "suppression file"]);
  assert.deepEqual(knownBy(KNOWN, [longer]), ["top 3 frames"]);
});

test("definitely and possibly lost blocks are one kind to a suppression, as a simple way", () => {
  assert.deepEqual(knownBy({ ...KNOWN, kind: "Leak_PossiblyLost" }), ["suppression file"]);
});

test("the way by all function names also compares where a block was freed", () => {
  const read = (freed: string): MemoryError => error({ auxiliary: [{ what: "Address is inside a block free'd", frames: stack(freed) }] });
  assert.deepEqual(knownBy(read("free < field_clear"), [read("free < row_clear")]), allBut("all function names"));
});
