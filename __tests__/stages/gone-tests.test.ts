import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { goneTests, type Present } from "../../src/stages/gone-tests.ts";

/** A folder, or a source, with these files. */
const withFiles = (work: Present["work"], files: readonly string[], ran: readonly string[] = []): Present => ({
  work,
  sources: new Set(files),
  isBelow: (path) => files.includes(path),
  ran,
});

suite("recorded test files that are gone", () => {
  test("of CPython, only test files that its source lacked when it was read are gone", () => {
    const files = ["Lib/test/test_csv.py", "Lib/test/test_asyncio/__init__.py", "Lib/test/test_asyncio/test_events.py"];
    const recorded = [
      "test_csv",
      "test_asyncio",
      "test_asyncio.test_events",
      "test_asyncio.test_gone",
      "test_gone",
      "lifecycle.interpreter",
    ];
    assert.deepEqual(goneTests(recorded, withFiles("all-tests", files)), ["test_asyncio.test_gone", "test_gone"]);
    assert.deepEqual(goneTests(["test_gone"], withFiles("command", files)), []);
  });

  test("of a suite, files that are not there any more are gone", () => {
    const present = withFiles("suite", ["tests/test_x.py"], ["tests/test_x.py"]);
    assert.deepEqual(goneTests(["tests/test_x.py", "tests/test_gone.py"], present), ["tests/test_gone.py"]);
  });

  test("of a suite, a test file is not gone because its name does not begin in the command's folder", () => {
    const recorded = ["sub/tests/test_x.py", "sub/tests/test_y.py"];
    assert.deepEqual(goneTests(recorded, withFiles("suite", ["tests/test_x.py", "tests/test_y.py"], ["sub/tests/test_x.py"])), []);
    assert.deepEqual(goneTests(["package.tests.test_x"], withFiles("suite", ["test_y.py"], ["test_y.py", "package.tests.test_x"])), []);
  });
});
