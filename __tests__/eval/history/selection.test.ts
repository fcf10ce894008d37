import assert from "node:assert/strict";
import { test } from "node:test";
import { guessTests, isSameTest, resolveTest, sampleOthers, selectionOf, skipsFor } from "../../../eval/history/selection.ts";
import { DEFAULT_TESTS } from "../../../src/build/tests.ts";

const TREE = new Set(["test_csv", "test_io", "test_io.test_textio", "test_io.test_memoryio", "test_json", "test_ssl", "test_socket"]);
const OLD_TREE = new Set(["test_csv", "test_memoryio", "test_io"]);

test("a test file is found under the name that it has in the tree", () => {
  assert.equal(resolveTest("test_io.test_memoryio", TREE), "test_io.test_memoryio");
  assert.equal(resolveTest("test_io.test_memoryio", OLD_TREE), "test_memoryio");
  assert.equal(resolveTest("test_io.test_textio", OLD_TREE), "test_io");
  assert.equal(resolveTest("test_memoryio", TREE), "test_io.test_memoryio");
  assert.equal(resolveTest("test_gone", TREE), undefined);
});

test("test files are guessed from the names of C files", () => {
  assert.deepEqual(guessTests(["Modules/_json.c", "Modules/socketmodule.c", "Python/hamt.c"], TREE), ["test_json", "test_socket"]);
});

test("the sample of other test files is spread evenly, without packages of which a part is chosen", () => {
  const known = new Set([...Array.from({ length: 10 }, (_, index) => `test_${index}`), "test_io", "test_io.test_textio"]);
  assert.deepEqual(sampleOthers(known, ["test_io.test_textio"], 5), ["test_1", "test_3", "test_5", "test_7", "test_9"]);
  assert.deepEqual(sampleOthers(known, ["test_io"], 0), []);
  assert.equal(sampleOthers(known, [], 99).length, 11);
});

test("the sample of other test files has no slow ones, which a row can still name", () => {
  const known = new Set(["test_abc", "test_multiprocessing_fork", "test_concurrent_futures"]);
  assert.deepEqual(sampleOthers(known, [], 9), ["test_abc"]);
  assert.deepEqual(selectionOf(["test_multiprocessing_fork"], known, 0), ["test_multiprocessing_fork"]);
});

test("the selection has the row's test files and the default ones that the tree has", () => {
  const known = new Set([...TREE, "test_struct"]);
  const selection = selectionOf(["test_json"], known, 0);
  assert.deepEqual(selection, ["test_json", ...DEFAULT_TESTS.filter((name) => known.has(name))]);
  assert.deepEqual(selectionOf(["test_json"], known, "all"), [...known]);
});

test("test files that are not selected are skipped, packages as a whole unless a part is selected", () => {
  const names = (toml: string): readonly string[] => [...toml.matchAll(/^test = "(.*)"$/gm)].map(([, name = ""]) => name);
  assert.deepEqual(names(skipsFor(["test_csv"], TREE)), ["test_io", "test_json", "test_ssl", "test_socket"]);
  assert.deepEqual(names(skipsFor(["test_io.test_textio"], TREE)), [
    "test_csv",
    "test_io.test_memoryio",
    "test_json",
    "test_ssl",
    "test_socket",
  ]);
  assert.deepEqual(names(skipsFor(["test_io"], TREE)), ["test_csv", "test_json", "test_ssl", "test_socket"]);
  assert.equal(skipsFor([...TREE], TREE), "");
});

test("a listed name matches the test file itself, its parts, and its package", () => {
  assert.ok(isSameTest("test_io.test_textio", "test_io"));
  assert.ok(isSameTest("test_io", "test_io.test_textio"));
  assert.ok(!isSameTest("test_io.test_fileio", "test_io.test_textio"));
  assert.ok(!isSameTest("test_iox", "test_io"));
});
