import { UserError } from "../model/user-error.ts";
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

export function parseSource({ source, version, python }: SourceWords, path: (value: string) => string): Source | undefined {
  const given = Object.entries({ source, "python-version": version, python }).flatMap(([name, value]) =>
    value === undefined ? [] : [name],
  );
  if (given.length > 1) {
    throw new UserError(`Both \`${given[0]}\` and \`${given[1]}\` are given; give only one of them.`);
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
