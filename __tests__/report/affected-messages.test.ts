import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { affectedMessage, explainTest, type ReportedAffected } from "../../src/report/affected-messages.ts";

suite("the test files that were run", () => {
  test("selected test files are counted, with the commit on which the others were checked", () => {
    const some = { code: "tests-chosen", chosen: 37, of: 493 } as const;
    const rest = "This change can reach 37 of 493 test files; the rest was checked";
    assert.equal(affectedMessage({ ...some, sha: "0123456789abcdef" }), `${rest} on 0123456789, with the baseline.`);
    assert.equal(affectedMessage({ ...some, sha: null }), `${rest} when the baseline was recorded.`);
  });

  test("a run of all test files is noted with the reason", () => {
    const all = { code: "all-tests-affected", of: 493 } as const;
    assert.equal(
      affectedMessage({ ...all, why: "shared-function", name: "PyList_New" }),
      "All 493 test files were run: each of them runs PyList_New, which changed.",
    );
    assert.equal(affectedMessage({ ...all, why: "most", name: null }), "All 493 test files were run: the change reaches most of them.");
  });

  test("each selected test file is explained by what changed", () => {
    const affected: ReportedAffected = [
      {
        test: "test_csv",
        causes: [
          { code: "function", name: "_csv.c:parse_save_field" },
          { code: "file", name: "Lib/csv.py" },
        ],
      },
      { test: "test_new", causes: [{ code: "unrecorded", name: null }] },
    ];
    assert.deepEqual(explainTest("test_csv", affected), [
      "test_csv was run:",
      "  it runs _csv.c:parse_save_field, which changed",
      "  it depends on Lib/csv.py, which changed",
    ]);
    assert.deepEqual(explainTest("test_new", affected), ["test_new was run:", "  the baseline does not know what it runs"]);
    assert.deepEqual(explainTest("test_os", affected), ["test_os was left out: it runs and opens nothing that changed."]);
  });
});

test("suspects of a leak are named, with how many test files run them and do not leak", () => {
  const functions = [
    { name: "f", file: "a.c", line: 7 },
    { name: "g", file: null, line: null },
  ];
  const message = (signatures: string[], cleanTests: number): string =>
    affectedMessage({ code: "leak-suspects", signatures, functions, cleanTests });
  assert.equal(
    message(["c0ffee"], 0),
    "No function changed on the stack of the new leak c0ffee. These did, and run in each test file with it, and in no test file without it: f (a.c:7), g.",
  );
  assert.match(
    message(["c0ffee", "facade"], 2),
    /new leaks c0ffee, facade\. .* with them, and in the fewest test files without them \(2\): f/,
  );
});
