import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { UserError } from "../../src/model/user-error.ts";
import { refuseShellSyntax } from "../../src/settings/shell-syntax.ts";

function refusalOf(line: string): string {
  try {
    refuseShellSyntax(line);
  } catch (error) {
    assert.ok(error instanceof UserError, String(error));
    return `${error.message} ${error.hint ?? ""}`;
  }
  return assert.fail(`${line} is taken`);
}

suite("syntax of a shell", () => {
  test("syntax of a shell that starts or connects programs is refused by name", () => {
    for (const [line, operator] of [
      ["pip install x && pytest tests", "&&"],
      ["pytest tests&& echo done", "&&"],
      ["pytest a&&pytest b", "&&"],
      ["pytest tests || true", "||"],
      ["pytest tests; echo", ";"],
      ["pytest tests | tee log", "|"],
      ["pytest tests > log", ">"],
      ["pytest tests >log", ">"],
      ["pytest tests >> log", ">>"],
      ["pytest tests 2>&1", "2>&1"],
      ["pytest tests < input", "<"],
      ["pytest tests &", "&"],
    ] as const)
      assert.ok(
        refusalOf(line).startsWith(
          `\`command\` contains \`${operator}\`, but no shell runs it. Give one command; use earlier steps for the rest.`,
        ),
        `${line}: ${refusalOf(line)}`,
      );
  });

  test("syntax of a shell is part of an argument in quotes, after a backslash and inside a word", () => {
    for (const line of [
      `-c "import x; x.run() > 1"`,
      "pytest -k 'a and b' -m 'not (slow | fast)'",
      "pytest 'tests/test_x.py::test_f[<lambda>]'",
      "pytest tests/test_x.py::test_f[a|b;c]",
      "pytest tests/test_x.py::test_f[<lambda>]",
      "-c pass\\;pass",
      `-c "x = '''\n'''"`,
      "pytest \\\n  tests",
      "pytest -k 'a$'",
      "pytest '$HOME' \\$HOME \"\\$HOME\"",
      "pytest -k test_5$",
    ])
      assert.doesNotThrow(() => refuseShellSyntax(line), line);
  });

  test("a second line is refused", () => {
    assert.match(refusalOf("pip install x\npytest tests"), /`command` has more than one line, but no shell runs it\. Give one command/);
  });

  test("a variable that is set before the program is refused, with the settings to write instead", () => {
    for (const line of ["DEBUG=1 pytest tests", "env DEBUG=1 pytest", "export DEBUG=1\npytest tests", "DEBUG='a b' pytest"])
      assert.match(refusalOf(line), /sets the variable DEBUG.* Set DEBUG in the step's `env`, and name it in `pass-env`\./, line);
  });

  test("another folder is refused, with what to write instead", () => {
    for (const line of ["cd python && pytest tests", "cd python\npytest", "cd"])
      assert.match(refusalOf(line), /`command` begins with `cd`, but no shell runs it\. Write paths from the folder of the check/, line);
    assert.doesNotThrow(() => refuseShellSyntax("cd.py"));
  });

  test("what a shell would replace is refused", () => {
    for (const [line, what] of [
      ["pytest $FOLDER/tests", "`$FOLDER`"],
      ['pytest "$FOLDER/tests"', "`$FOLDER`"],
      ["pytest -n $(nproc)", "`$(`"],
      [`pytest "\${FOLDER}"`, "`${`"],
      ["pytest `cat list`", "a backtick"],
    ] as const)
      assert.ok(refusalOf(line).startsWith(`\`command\` contains ${what}, but no shell replaces it.`), line);
  });
});
