// The interpreter that a command names. The check chooses the interpreter, so it refuses another one instead of dropping it.

import { posix } from "node:path";
import { UserError } from "../model/user-error.ts";
import { quoteWord } from "./shell-words.ts";

/** The setting that chooses the interpreter. */
export interface ChosenBy {
  readonly setting: "source" | "python-version" | "python";
  readonly value: string;
}

/** Names that stand for the checked interpreter. */
const ANY_PYTHON = ["python", "python3"];

const PYTHON = /^python(\d[\d.]*)?(t|d|-dbg)?$/;

const PYPY = /^pypy(\d[\d.]*)?(-c)?$/;

const PYTEST = /^(pytest|py\.test)$/;

/**
 * A command without the interpreter that it names: `python -m pytest` is `-m pytest`, and `bin/pytest` is `pytest`.
 * @param chosen undefined if no setting chooses an interpreter.
 * @param absolute makes a path absolute.
 * @throws UserError if the command names another interpreter than the one that is checked.
 */
export function withoutInterpreter(
  words: readonly string[],
  chosen: ChosenBy | undefined,
  absolute: (path: string) => string,
): readonly string[] {
  const [first = "", ...rest] = words;
  const { dir, base } = posix.parse(first);
  if (PYPY.test(base)) throw new UserError(`\`command\` names \`${first}\`, but the check runs CPython only. ${write(rest)}.`);
  if (PYTHON.test(base)) {
    if (ANY_PYTHON.includes(first) || isSame(first, chosen, absolute)) return rest;
    throw first === base ? versionInName(first) : otherInterpreter({ first, python: first, rest }, chosen);
  }
  if (!PYTEST.test(base) || first === base) return words;
  const own = ["pytest", ...rest];
  if (isInFolder(dir, chosen, absolute)) return own;
  throw otherInterpreter({ first, python: posix.join(dir, "python3"), rest: own }, chosen);
}

function isSame(first: string, chosen: ChosenBy | undefined, absolute: (path: string) => string): boolean {
  if (chosen?.setting !== "python") return false;
  return first === chosen.value || (first.includes("/") && chosen.value.includes("/") && absolute(first) === absolute(chosen.value));
}

/** The pytest of a virtual environment is beside its interpreter. */
function isInFolder(folder: string, chosen: ChosenBy | undefined, absolute: (path: string) => string): boolean {
  return chosen?.setting === "python" && chosen.value.includes("/") && posix.dirname(absolute(chosen.value)) === absolute(folder);
}

interface Named {
  readonly first: string;
  /** The interpreter that it stands for. */
  readonly python: string;
  /** The command without it. */
  readonly rest: readonly string[];
}

function otherInterpreter({ first, python, rest }: Named, chosen: ChosenBy | undefined): UserError {
  if (chosen !== undefined)
    return new UserError(`\`command\` names \`${first}\`, but \`${chosen.setting}\` chooses the interpreter. ${write(rest)}.`);
  return new UserError(
    `\`command\` names \`${first}\`, but the check chooses the interpreter. Set \`python: ${python}\` and \`command: ${lineOf(rest)}\`.`,
  );
}

function versionInName(first: string): UserError {
  return new UserError(
    `\`command\` begins with \`${first}\`. Begin it with \`python\`; \`python-version\` or \`python\` chooses the interpreter.`,
  );
}

function write(rest: readonly string[]): string {
  return `Write \`command: ${lineOf(rest)}\``;
}

function lineOf(rest: readonly string[]): string {
  return rest.length === 0 ? "pytest tests" : rest.map(quoteWord).join(" ");
}
