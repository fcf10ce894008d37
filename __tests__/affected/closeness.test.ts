import assert from "node:assert/strict";
import { test } from "node:test";
import { changedCFiles, closestTests } from "../../src/affected/closeness.ts";
import { mergeAtoms, summarize } from "../../src/affected/code.ts";
import { makeFootprints } from "../../src/affected/footprints.ts";

const runs = (...functions: readonly string[]) => ({ functions: new Set(functions), files: new Set<string>() });

const KEYS = ["dictobject.c:clear", "dictobject.c:merge", "dictobject.c:new", "dictobject.c:rare", "setobject.c:add", "PyDict_Copy"];

const FOOTPRINTS = makeFootprints({
  sha: null,
  code: summarize(mergeAtoms([KEYS.map((key) => ({ key, kind: "function", hash: "aa", references: [] }))])),
  sources: new Map(),
  watched: new Set(KEYS),
  shared: runs("dictobject.c:new"),
  tests: new Map([
    ["test_dict", runs("dictobject.c:clear", "dictobject.c:merge", "dictobject.c:rare")],
    ["test_json", runs("dictobject.c:merge", "PyDict_Copy")],
    ["test_copy", runs("dictobject.c:clear", "dictobject.c:merge")],
    ["test_set", runs("setobject.c:add", "dictobject.c:merge")],
  ]),
});

test("the C files of a change are those of its static functions and its changed files", () => {
  assert.deepEqual(
    [...changedCFiles(["dictobject.c:clear", "PyDict_Copy"], ["Objects/setobject.c", "Include/object.h"])],
    ["dictobject.c", "setobject.c"],
  );
});

test("the closest test files are those that run functions which few others run", () => {
  assert.deepEqual(closestTests(new Set(["dictobject.c"]), FOOTPRINTS), ["test_dict", "test_copy"]);
  assert.deepEqual(closestTests(new Set(["setobject.c"]), FOOTPRINTS), ["test_set"]);
});

test("no test file is close to unknown C files, or to a change of very many", () => {
  assert.deepEqual(closestTests(new Set(["listobject.c"]), FOOTPRINTS), []);
  const many = ["dictobject.c", ...Array.from({ length: 8 }, (_, index) => `x${index}.c`)];
  assert.deepEqual(closestTests(new Set(many), FOOTPRINTS), []);
});
