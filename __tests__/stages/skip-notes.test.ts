import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type KnownTests, skipNotes } from "../../src/stages/skip-notes.ts";

const TODAY = "2026-06-01";

const collecting = (...collected: readonly string[]): KnownTests => ({ work: "suite", sources: new Set(), collected });

suite("notes on entries that skip nothing", () => {
  const unknown = (test: string, known: KnownTests): readonly unknown[] => skipNotes([{ test, reason: "why" }], known, TODAY);

  test("notes on entries that skip nothing name what a suite did not collect under that name", () => {
    const known = collecting("packages/foo/tests/test_x.py");
    assert.deepEqual(unknown("packages/foo/tests/test_x.py", known), []);
    assert.deepEqual(unknown("tests/test_x.py", known), [{ code: "skip-unknown", test: "tests/test_x.py" }]);
    assert.deepEqual(unknown("packages/foo/tests/conftest.py", known).length, 1);
  });

  test("notes on entries that skip nothing say nothing if the suite's test files are unknown", () => {
    assert.deepEqual(unknown("tests/test_x.py", { ...collecting(), collected: undefined }), []);
  });

  test("notes on entries that skip nothing name what CPython's source does not have", () => {
    const known: KnownTests = { work: "all-tests", sources: new Set(["Lib/test/test_gdb/__init__.py"]), collected: undefined };
    assert.deepEqual(unknown("test_gdb", known), []);
    assert.deepEqual(unknown("test_nope", known), [{ code: "skip-unknown", test: "test_nope" }]);
  });

  test("notes on entries that skip nothing name those that have expired", () => {
    const skip = { test: "tests/test_x.py", reason: "why", expires: "2026-05-31" };
    assert.deepEqual(skipNotes([skip], collecting("tests/test_x.py"), TODAY), [
      { code: "skip-expired", test: skip.test, expires: skip.expires },
    ]);
    assert.deepEqual(skipNotes([{ ...skip, expires: TODAY }], collecting("tests/test_x.py"), TODAY), []);
  });
});
