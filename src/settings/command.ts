import type { Suite } from "../model/suite.ts";
import { UserError } from "../model/user-error.ts";
import { type ChosenBy, withoutInterpreter } from "./named-interpreter.ts";
import { quoteWord } from "./shell-words.ts";

/** The meaning of a `command`: tests for one of our runners, or any other program for the checked interpreter. */
export type Command = ({ readonly kind: "suite" } & Suite) | { readonly kind: "command"; readonly words: readonly string[] };

/** They run tests in other environments, with other interpreters. */
const RUNS_ELSEWHERE = /^(.*\/)?(tox|nox|hatch|uv|uvx|poetry|pdm|pipenv|make|sh|bash|[^/]*\.sh)$/;

const MEASURES_COVERAGE = /^(.*\/)?coverage[\d.]*$/;

const PYTEST = /^(pytest|py\.test)$/;

/** Options with which pytest or unittest only prints something. */
const RUNS_NO_TEST = /^(--collect-only|--co|-h|--help|-V|--version|--fixtures|--markers|--setup-plan|--setup-only|--cache-show)$/;

/** Options with which Python only prints something. */
const RUNS_NOTHING = /^(-h|-\?|--help(-\w+)?|-V+|--version)$/;

/** The commands that can be checked, for messages. */
export const ALLOWED_COMMANDS = "`pytest …`, `-m MODULE …`, `-c CODE …` or a Python script";

/** What the meaning of a command depends on. */
export interface CommandPlace {
  /** Undefined if no setting chooses an interpreter. */
  readonly chosen?: ChosenBy | undefined;
  /** Makes a path absolute. */
  readonly absolute: (path: string) => string;
}

/**
 * Parses the words of a command; shell forms (`pytest`, `python -m pytest`) are accepted. @throws UserError for a command that can't be watched,
 * with an alternative.
 */
export function parseCommand(words: readonly string[], { chosen, absolute }: CommandPlace): Command {
  const own = withoutInterpreter(words, chosen, absolute);
  const [first = "", second = "", ...rest] = own;
  if (PYTEST.test(first)) return { ...parseSuite("pytest", own.slice(1)), isScript: true };
  const program = first === "-m" ? second : first;
  if (RUNS_ELSEWHERE.test(program)) throw runsElsewhere(program);
  if (MEASURES_COVERAGE.test(program)) throw measuresCoverage(program);
  if (first === "-m" && PYTEST.test(second)) return parseSuite("pytest", rest);
  if (first === "-m" && second === "unittest") return parseSuite("unittest", rest);
  if (RUNS_NOTHING.test(first))
    throw new UserError(`\`command\` contains \`${first}\`, with which Python runs nothing. Allowed: ${ALLOWED_COMMANDS}.`);
  if (!isProgram(first, second)) throw badStart(first, own);
  return { kind: "command", words: own };
}

/** The words as a user writes them. */
export function shellWords(command: Command): readonly string[] {
  return command.kind === "suite" && command.isScript ? [command.runner, ...command.args] : commandWords(command);
}

/** The words as the interpreter gets them. */
export function commandWords(command: Command): readonly string[] {
  return command.kind === "command" ? command.words : ["-m", command.runner, ...command.args];
}

/** `-m MODULE`, `-c CODE` or a script. */
function isProgram(first: string, second: string): boolean {
  return first.startsWith("-") ? /^-[mc]$/.test(first) && second !== "" : first !== "";
}

function parseSuite(runner: Suite["runner"], args: readonly string[]): { readonly kind: "suite" } & Suite {
  const idle = args.find((arg) => RUNS_NO_TEST.test(arg));
  if (idle !== undefined) throw new UserError(`\`command\` contains \`${idle}\`, with which ${runner} runs no test.`);
  return { kind: "suite", runner, args };
}

function runsElsewhere(program: string): UserError {
  return new UserError(`\`command\` starts ${program}, which runs tests in processes that the check can't watch.`, {
    hint: `Install the extension and its tests' packages first, then write what ${program} would run, such as \`pytest tests\`.`,
  });
}

function measuresCoverage(program: string): UserError {
  return new UserError(`\`command\` starts ${program}, which makes tests slower and adds nothing to the check.`, {
    hint: "Write what it would run, such as `pytest tests`.",
  });
}

function badStart(first: string, words: readonly string[]): UserError {
  return new UserError(`\`command\` is \`${words.map(quoteWord).join(" ")}\`; allowed: ${ALLOWED_COMMANDS}.`, {
    hint: first.startsWith("-")
      ? "Options of the interpreter can't be given. Most have an environment variable, such as PYTHONDEVMODE: set it and name it in `pass-env`."
      : "For tests write `pytest tests` or `-m unittest`.",
  });
}
