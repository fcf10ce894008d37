import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { UserError } from "../../src/model/user-error.ts";
import { commandWords, parseCommand, shellWords } from "../../src/settings/command.ts";

const parse = (line: string) => parseCommand(line.split(" "));

function refusalOf(line: string): string {
  try {
    parse(line);
  } catch (error) {
    if (error instanceof UserError) return `${error.message} ${error.hint ?? ""}`;
    throw error;
  }
  throw new Error(`${line} was not refused`);
}

suite("a command", () => {
  test("a command is a suite of pytest or unittest, however that is written", () => {
    for (const line of ["-m pytest -q tests", "python -m pytest -q tests", "/usr/bin/python3.13 -m pytest -q tests"])
      assert.deepEqual(parse(line), { kind: "suite", runner: "pytest", args: ["-q", "tests"] }, line);
    assert.deepEqual(parse("-m unittest discover -s tests"), { kind: "suite", runner: "unittest", args: ["discover", "-s", "tests"] });
    assert.deepEqual(parse("pytest tests"), { kind: "suite", runner: "pytest", args: ["tests"], isScript: true });
  });

  test("a command other than a suite is any program, without the interpreter's name", () => {
    for (const line of ["-c pass", "-m mypackage.selftest", "ci/check.py --fast"])
      assert.deepEqual(parse(line), { kind: "command", words: line.split(" ") });
    assert.deepEqual(parse("python3 ci/check.py"), { kind: "command", words: ["ci/check.py"] });
  });

  test("a command has words that the interpreter takes, and those that a person gives", () => {
    assert.deepEqual(shellWords(parse("pytest tests")), ["pytest", "tests"]);
    assert.deepEqual(shellWords(parse("python -m pytest tests")), ["-m", "pytest", "tests"]);
    assert.deepEqual(commandWords(parse("pytest tests")), ["-m", "pytest", "tests"]);
    assert.deepEqual(commandWords(parse("-c pass")), ["-c", "pass"]);
  });

  test("a command is refused with what to write instead if its tests would run in other processes", () => {
    for (const line of ["tox", "tox -e py313", "-m tox", "-m nox", "python -m nox -s tests", "uv run pytest", "make test"])
      assert.match(refusalOf(line), /processes that the check can't watch.*`-m pytest tests`/, line);
    assert.match(refusalOf("coverage run -m pytest"), /coverage.*`-m pytest tests`/);
    assert.match(refusalOf("-m coverage run -m pytest"), /coverage/);
  });

  test("a command is refused if it runs no test", () => {
    for (const line of ["-m pytest --collect-only", "pytest --co tests", "-m unittest --help"])
      assert.match(refusalOf(line), /runs no test/);
  });

  test("a command is refused if it begins with an option of the interpreter", () => {
    for (const line of ["-X dev -m pytest tests", "python -W error -m pytest", "-m", "-c", "python"])
      assert.match(refusalOf(line), /allowed: `-m MODULE …`, `-c CODE …` or a script/, line);
    assert.match(refusalOf("-X dev -m pytest tests"), /PYTHONDEVMODE.*`pass-env`/);
  });
});
