import { UserError } from "../model/user-error.ts";
import type { ChosenBy } from "./named-interpreter.ts";
import { bad } from "./setting-values.ts";

/** What is checked. */
export type Source =
  | { readonly kind: "checkout"; readonly path: string }
  | { readonly kind: "release"; readonly version: string }
  /** An installed interpreter, used as it is. */
  | { readonly kind: "interpreter"; readonly program: string };

interface SourceWords {
  readonly source: string | undefined;
  readonly version: string | undefined;
  readonly python: string | undefined;
}

export function parseSource(words: SourceWords, path: (value: string) => string): Source | undefined {
  const { source, version, python } = words;
  const [first, second] = givenIn(words);
  if (first !== undefined && second !== undefined) {
    throw new UserError(`Both \`${first.setting}\` and \`${second.setting}\` are given; give only one of them.`);
  }
  if (python !== undefined) return { kind: "interpreter", program: /[/~]/.test(python) ? path(python) : python };
  if (source !== undefined) return { kind: "checkout", path: path(source) };
  if (version === undefined) return undefined;
  const minor = /^3\.(\d+)(\.\d+)?$/.exec(version)?.[1];
  if (minor === undefined || Number(minor) < 11) {
    throw bad("python-version", version, "a release from 3.11 on, such as `3.13` or `3.13.5`");
  }
  return { kind: "release", version };
}

/** The setting that chooses the interpreter; undefined if none is given. */
export function chosenBy(words: SourceWords): ChosenBy | undefined {
  return givenIn(words)[0];
}

function givenIn({ source, version, python }: SourceWords): readonly ChosenBy[] {
  const settings = [["source", source] as const, ["python-version", version] as const, ["python", python] as const];
  return settings.flatMap(([setting, value]) => (value === undefined ? [] : [{ setting, value }]));
}

/** With a command, CPython is not under test: an installed interpreter saves a build. */
export function defaultSource(
  takesInstalled: boolean,
  { interpreter, source }: { readonly interpreter?: string | undefined; readonly source: Source },
): Source {
  return takesInstalled && interpreter !== undefined ? { kind: "interpreter", program: interpreter } : source;
}

export function refuseForInstalled(hasCommand: boolean, configureArgs: readonly string[]): void {
  if (!hasCommand) throw new UserError("`python` names an installed interpreter for a `command`; CPython's own `tests` need its source.");
  if (configureArgs.length > 0)
    throw new UserError("Both `python` and `configure-args` are given; an installed interpreter is not configured.");
}
