import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type KnownTests, skipNotes } from "../../src/stages/skip-notes.ts";

const TODAY = "2026-06-01";

const NOWHERE = { folder: "", isElsewhere: () => false };

const collecting = (...collected: readonly string[]): KnownTests => ({ work: "suite", sources: new Set(), collected, ...NOWHERE });

suite("notes on entries that skip nothing", () => {
  const unknown = (test: string, known: KnownTests): readonly unknown[] => skipNotes([{ test, reason: "why" }], known, TODAY);

  test("notes on entries that skip nothing name the test files that a suite did not collect", () => {
    const known = collecting("packages/foo/tests/test_x.py");
    assert.deepEqual(unknown("packages/foo/tests/test_x.py", known), []);
    assert.deepEqual(unknown("tests/test_x.py", known), [{ code: "skip-unknown", test: "tests/test_x.py" }]);
    assert.deepEqual(unknown("packages/foo/tests/conftest.py", known).length, 1);
  });

  test("notes on entries that skip nothing say nothing if the suite's test files are unknown", () => {
    assert.deepEqual(unknown("tests/test_x.py", { ...collecting(), collected: undefined }), []);
  });

  test("notes on entries that skip nothing name what CPython's source does not have", () => {
    const sources = new Set(["Lib/test/test_gdb/__init__.py"]);
    const known: KnownTests = { work: "all-tests", sources, collected: undefined, ...NOWHERE };
    assert.deepEqual(unknown("test_gdb", known), []);
    assert.deepEqual(unknown("test_nope", known), [{ code: "skip-unknown", test: "test_nope" }]);
  });

  test("notes on entries that skip nothing know a file by its path in the repository, too, and leave alone those of other projects", () => {
    const isElsewhere = (name: string): boolean => name === "packages/bar/tests/test_y.py";
    const known = { ...collecting("tests/test_x.py"), folder: "packages/foo", isElsewhere };
    for (const name of ["tests/test_x.py", "packages/foo/tests/test_x.py", "packages/bar/tests/test_y.py"])
      assert.deepEqual(unknown(name, known), [], name);
    for (const name of ["packages/foo/tests/test_gone.py", "tests/test_gone.py", "packages/bar/tests/test_gone.py"])
      assert.deepEqual(unknown(name, known), [{ code: "skip-unknown", test: name }]);
  });

  test("notes on entries that skip nothing name those that have expired", () => {
    const skip = { test: "tests/test_x.py", reason: "why", expires: "2026-05-31" };
    assert.deepEqual(skipNotes([skip], collecting("tests/test_x.py"), TODAY), [
      { code: "skip-expired", test: skip.test, expires: skip.expires },
    ]);
    assert.deepEqual(skipNotes([{ ...skip, expires: TODAY }], collecting("tests/test_x.py"), TODAY), []);
  });
});
