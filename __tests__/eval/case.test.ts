import assert from "node:assert/strict";
import { test } from "node:test";
import { expectedKind, isHarmless, parseCase, patternsOf } from "../../eval/cases/case.ts";

const HEADER = `# case: inj-04-csv-save-field
# group: injected
# issue: injected (no upstream issue)
# what: leak-nongc-object(str): missing Py_DECREF, normal path
# site: parse_save_field (Modules/_csv.c)
# expect: Leak_DefinitelyLost
# test file: test_csv
# match: test_read_quoting test_simple
# seen by memcheck: yes

diff --git a/Modules/_csv.c b/Modules/_csv.c
--- a/Modules/_csv.c
+++ b/Modules/_csv.c
@@ -1 +1 @@
-# expect: nothing
+# group: benign
`;

test("a case is described by its header, whatever its changes look like", () => {
  assert.deepEqual(parseCase(HEADER), {
    name: "inj-04-csv-save-field",
    group: "injected",
    what: "leak-nongc-object(str): missing Py_DECREF, normal path",
    site: "parse_save_field (Modules/_csv.c)",
    expect: "Leak_DefinitelyLost",
    test: "test_csv",
    match: ["test_read_quoting", "test_simple"],
    seen: "yes",
  });
});

test("a case's header may leave out which tests are enough and who saw the bug", () => {
  const short = parseCase("# case: a\n# group: real\n# test file: test_x\n");
  assert.deepEqual([short.match, short.seen], [[], "unknown"]);
});

test("a case's header without its name, or with a word that means nothing, is refused by the field", () => {
  assert.throws(() => parseCase(HEADER.replace("# case: inj-04-csv-save-field\n", "")), /no field `case`/);
  assert.throws(() => parseCase(HEADER.replace("# group: injected", "# group: bad")), /`group: bad`.*allowed: real, injected, benign/);
});

test("a word in a case's header may be followed by an explanation", () => {
  const explained = parseCase(HEADER.replace("memcheck: yes", "memcheck: no (predicted from the source)"));
  assert.equal(explained.seen, "no");
});

test("the tables of cases have leaks in one row, whatever else a leak may resemble", () => {
  const kindOf = (expect: string): string => expectedKind(parseCase(HEADER.replace("Leak_DefinitelyLost", expect)));
  assert.equal(kindOf("Leak_DefinitelyLost or Leak_StillReachable (GC container)"), "leak");
  assert.equal(kindOf("UninitCondition or UninitValue"), "uninitialised");
  assert.equal(kindOf("InvalidRead"), "InvalidRead");
  assert.equal(kindOf("crash (stack overflow)"), "crash");
});

test("a harmless change is harmless whatever its header expects", () => {
  const harmless = parseCase(HEADER.replace("# group: injected", "# group: benign"));
  assert.equal(isHarmless(harmless), true);
  assert.equal(expectedKind(harmless), "harmless");
});

test("for several cases the tests that any of them names are run, or all if one needs its whole file", () => {
  const csv = parseCase(HEADER);
  const whole = parseCase("# case: a\n# group: benign\n# test file: test_x\n");
  assert.deepEqual(patternsOf([csv, { ...csv, match: ["test_simple", "test_count"] }]), [
    "*test_count*",
    "*test_read_quoting*",
    "*test_simple*",
  ]);
  assert.deepEqual(patternsOf([csv, whole]), []);
});
