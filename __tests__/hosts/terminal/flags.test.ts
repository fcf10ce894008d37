import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { readFlags, readSubject } from "../../../src/hosts/terminal/flags.ts";
import { UserError } from "../../../src/model/user-error.ts";
import { helpText } from "../../../src/settings/help.ts";

function refusalOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    assert.ok(error instanceof UserError, String(error));
    return error.message;
  }
  return assert.fail("they are taken");
}

const refusalOfFlags = (...args: readonly string[]): string => refusalOf(() => readFlags(args));

suite("flags", () => {
  test("flags have their values attached or in the next argument", () => {
    assert.deepEqual(readFlags(["--tests", "test_csv test_json", "--jobs=2", "--scan", ""]), {
      tests: "test_csv test_json",
      jobs: "2",
      scan: "",
    });
  });

  test("flags of options and commands have values that begin with a dash", () => {
    const args = ["--command", "-m pytest", "--configure-args", "--with-pydebug", "--valgrind-args", "--leak-check=full"];
    assert.deepEqual(readFlags(args), { command: "-m pytest", "configure-args": "--with-pydebug", "valgrind-args": "--leak-check=full" });
  });

  test("flags that are given twice are refused, with one flag to write instead", () => {
    const args = ["--tests", "test_csv", "--jobs", "2", "--tests", "test_json test_struct"];
    assert.equal(refusalOfFlags(...args), '`--tests` is given twice; write `--tests "test_csv test_json test_struct"`.');
    assert.equal(refusalOfFlags("--install=a", "--install", "b[$X]"), "`--install` is given twice; write `--install 'a b[$X]'`.");
    assert.equal(refusalOfFlags("--jobs", "2", "--jobs=2"), "`--jobs` is given twice; give it once.");
  });

  test("flags without a value are refused, with what is allowed", () => {
    for (const args of [
      ["--children", "--tests", "test_csv"],
      ["--children", "--tests=test_csv"],
      ["--tests", "test_csv", "--children"],
    ])
      assert.equal(refusalOfFlags(...args), "`--children` has no value; allowed: `yes`, `no`.");
    assert.equal(refusalOfFlags("--tests", "--jobs", "2"), "`--tests` has no value.");
    assert.equal(refusalOfFlags("--command", "--tests", "test_csv"), "`--command` has no value.");
    assert.equal(refusalOfFlags("--color"), "Unknown flag `--color`.");
  });

  test("words after the value of a list are refused, with the flag to write instead", () => {
    assert.equal(
      refusalOfFlags("--scan", "test_csv", "test_json", "test_struct", "--jobs", "2"),
      'Unknown argument `test_json`. If it belongs to `--scan`, write `--scan "test_csv test_json test_struct"`.',
    );
    assert.equal(refusalOfFlags("--jobs", "2", "3"), "Unknown argument `3`.");
  });

  test("other arguments and inputs of the action are refused", () => {
    assert.equal(refusalOfFlags("test_csv"), "Unknown argument `test_csv`.");
    assert.equal(refusalOfFlags("--token", "x"), "`token` is an input of the action, not a flag.");
  });
});

suite("what to explain", () => {
  test("what to explain comes before the flags", () => {
    assert.deepEqual(readSubject(["test_csv", "--report", "x.json"]), { subject: "test_csv", flags: { report: "x.json" } });
  });

  test("what to explain must be given, and the message is the usage, as in --help", () => {
    const usage = "cpython-memcheck explain SIGNATURE or TEST [--report FILE]";
    for (const args of [[], [""], ["--report", "x.json"]])
      assert.equal(
        refusalOf(() => readSubject(args)),
        `Usage: ${usage}`,
      );
    assert.ok(helpText().includes(usage));
  });
});
