import assert from "node:assert/strict";
import { resolve } from "node:path";
import { suite, test } from "node:test";
import { UserError } from "../../src/model/user-error.ts";
import { commandWords, parseCommand, shellWords } from "../../src/settings/command.ts";
import type { ChosenBy } from "../../src/settings/named-interpreter.ts";

const absolute = (path: string): string => resolve("/project", path);

const parse = (line: string, chosen?: ChosenBy) => parseCommand(line.split(" "), { chosen, absolute });

function refusalOf(line: string, chosen?: ChosenBy): string {
  try {
    parse(line, chosen);
  } catch (error) {
    if (error instanceof UserError) return `${error.message} ${error.hint ?? ""}`;
    throw error;
  }
  throw new Error(`${line} was not refused`);
}

suite("a command", () => {
  test("a command is a suite of pytest or unittest, however that is written", () => {
    for (const line of ["-m pytest -q tests", "python -m pytest -q tests", "python3 -m pytest -q tests"])
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
    for (const line of ["tox", "-m tox", "-m nox", "python -m nox -s tests", "uv run pytest", "make test", "ci/test.sh --fast"])
      assert.match(refusalOf(line), /processes that the check can't watch.*`pytest tests`/, line);
    assert.match(refusalOf("coverage run -m pytest"), /coverage.*`pytest tests`/);
    assert.match(refusalOf("-m coverage run -m pytest"), /coverage/);
  });

  test("a command is refused if it runs no test", () => {
    for (const line of ["-m pytest --collect-only", "pytest --co tests", "-m unittest --help", "pytest -h", "pytest -V"])
      assert.match(refusalOf(line), /runs no test/);
    for (const option of ["-h", "-V", "-VV", "--version", "--help-all"])
      assert.equal(
        refusalOf(`python ${option}`).trim(),
        `\`command\` contains \`${option}\`, with which Python runs nothing. Allowed: \`pytest …\`, \`-m MODULE …\`, \`-c CODE …\` or a Python script.`,
      );
  });

  test("a command is refused if it begins with an option of the interpreter", () => {
    for (const line of ["-X dev -m pytest tests", "python -W error -m pytest", "-m", "-c", "python"])
      assert.match(refusalOf(line), /allowed: `pytest …`, `-m MODULE …`, `-c CODE …` or a Python script/, line);
    assert.match(refusalOf("-X dev -m pytest tests"), /PYTHONDEVMODE.*`pass-env`/);
  });
});

suite("a command that names an interpreter", () => {
  const python = (value: string): ChosenBy => ({ setting: "python", value });

  test("a command that names an interpreter by its path is refused, with the settings to write instead", () => {
    for (const [line, message] of [
      [
        ".venv/bin/python -m pytest tests",
        "`command` names `.venv/bin/python`, but the check chooses the interpreter. Set `python: .venv/bin/python` and `command: -m pytest tests`.",
      ],
      [
        ".venv/bin/pytest tests",
        "`command` names `.venv/bin/pytest`, but the check chooses the interpreter. Set `python: .venv/bin/python3` and `command: pytest tests`.",
      ],
      [
        "/opt/bin/python3.14t",
        "`command` names `/opt/bin/python3.14t`, but the check chooses the interpreter. Set `python: /opt/bin/python3.14t` and `command: pytest tests`.",
      ],
    ] as const)
      assert.equal(refusalOf(line).trim(), message);
  });

  test("a command that names an interpreter by its path is refused by the name of the setting that chooses another one", () => {
    for (const chosen of [python("python3.14"), { setting: "python-version", value: "3.13" }, { setting: "source", value: "." }] as const)
      assert.equal(
        refusalOf("./venv/bin/python -m pytest tests", chosen).trim(),
        `\`command\` names \`./venv/bin/python\`, but \`${chosen.setting}\` chooses the interpreter. Write \`command: -m pytest tests\`.`,
      );
  });

  test("a command that names the interpreter of `python` is accepted, and so is the pytest beside it", () => {
    for (const [line, value] of [
      [".venv/bin/python -m pytest tests", ".venv/bin/python"],
      ["./.venv/bin/python -m pytest tests", "/project/.venv/bin/python"],
      ["python3.14 -m pytest tests", "python3.14"],
    ] as const)
      assert.deepEqual(parse(line, python(value)), parse("-m pytest tests"), line);
    assert.deepEqual(parse(".venv/bin/pytest tests", python(".venv/bin/python")), parse("pytest tests"));
  });

  test("a command that names another version than `python` or `python3` is refused, and so is PyPy", () => {
    for (const name of ["python3.12", "python2", "python3.14t", "python3-dbg"])
      assert.equal(
        refusalOf(`${name} -m pytest`).trim(),
        `\`command\` begins with \`${name}\`. Begin it with \`python\`; \`python-version\` or \`python\` chooses the interpreter.`,
      );
    for (const name of ["pypy3", "/opt/pypy3.11/bin/pypy"])
      assert.equal(
        refusalOf(`${name} -m pytest`).trim(),
        `\`command\` names \`${name}\`, but the check runs CPython only. Write \`command: -m pytest\`.`,
      );
  });

  test("a command that only looks as if it named an interpreter is a script", () => {
    for (const line of ["python_checks.py", "ci/python-tests.py --fast", "tests/pytest_all.py"])
      assert.deepEqual(parse(line), { kind: "command", words: line.split(" ") });
  });
});
