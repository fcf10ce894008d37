import { minorVersion } from "../model/python-version.ts";
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
  if (python !== undefined && /^\d[\d.]*t?$/.test(python))
    throw new UserError(
      `\`python\` is \`${python}\`; allowed: the path or name of an interpreter, such as \`python3.14\`. To test a release, use \`python-version\`.`,
    );
  if (python !== undefined) return { kind: "interpreter", program: /[/~]/.test(python) ? path(python) : python };
  if (source !== undefined) return { kind: "checkout", path: path(source) };
  if (version === undefined) return undefined;
  return { kind: "release", version: parseRelease(version) };
}

function parseRelease(version: string): string {
  if (isRelease(version)) return version;
  const allowed = "a release from 3.11 on, such as `3.13` or `3.13.5`";
  const withGil = version.replace(/t$/, "");
  const hint = `For a free-threaded build, set \`python-version: "${withGil}"\` and \`configure-args: --disable-gil\``;
  throw bad("python-version", version, isRelease(withGil) ? `${allowed}. ${hint}` : allowed);
}

/** Whether a release of that version can be built: `3.13` or `3.13.5`. */
function isRelease(version: string): boolean {
  return Number(/^3\.(\d+)(\.\d+)?$/.exec(version)?.[1]) >= 11;
}

/** The setting that chooses the interpreter; undefined if none is given. */
export function chosenBy(words: SourceWords): ChosenBy | undefined {
  return givenIn(words)[0];
}

function givenIn({ source, version, python }: SourceWords): readonly ChosenBy[] {
  const settings = [["source", source] as const, ["python-version", version] as const, ["python", python] as const];
  return settings.flatMap(([setting, value]) => (value === undefined ? [] : [{ setting, value }]));
}

/** The installed interpreter that PATH names. */
export type FoundInterpreter =
  | { readonly kind: "usable"; readonly program: string }
  /** `name` is `python3`. */
  | { readonly kind: "too-old"; readonly name: string; readonly version: string }
  | { readonly kind: "unsuitable"; readonly name: string; readonly reason: string }
  | { readonly kind: "missing" };

/**
 * With a command, CPython is not under test: an installed interpreter saves a build. Nobody asked for another release, so none is built instead.
 * @throws UserError if the installed interpreter can't be used.
 */
export function defaultSource(
  takesInstalled: boolean,
  { interpreter, source }: { readonly interpreter?: FoundInterpreter | undefined; readonly source: Source },
): Source {
  if (!takesInstalled || interpreter === undefined) return source;
  if (interpreter.kind === "usable") return { kind: "interpreter", program: interpreter.program };
  throw notUsable(interpreter);
}

function notUsable(found: Exclude<FoundInterpreter, { kind: "usable" }>): UserError {
  switch (found.kind) {
    case "too-old": {
      const { name, version } = found;
      const release = isRelease(minorVersion(version)) ? `\`python-version: "${minorVersion(version)}"\`` : "`python-version`";
      return new UserError(`\`${name}\` is CPython ${version}. ${FROM_3_14} Set ${release} to have one built, or install 3.14 or newer.`);
    }
    case "unsuitable":
      return new UserError(
        `\`${found.name}\` cannot be checked: ${found.reason}. Set \`python\` to another CPython 3.14 or newer, or \`python-version\` to have one built.`,
      );
    case "missing":
      return new UserError(`There is no \`python3\` in PATH. ${FROM_3_14} Install one, or set \`python-version\` to have one built.`);
  }
}

const FROM_3_14 = "The check uses an installed CPython from 3.14 on.";

export function refuseForInstalled(hasCommand: boolean, configureArgs: readonly string[]): void {
  if (!hasCommand) throw new UserError("`python` names an installed interpreter for a `command`; CPython's own `tests` need its source.");
  if (configureArgs.length > 0)
    throw new UserError("Both `python` and `configure-args` are given; an installed interpreter is not configured.");
}
