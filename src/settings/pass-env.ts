import { UserError } from "../model/user-error.ts";
import { refuseArguments } from "./forbidden-arguments.ts";

/** Variables that no command gets, each with the reason to show. */
const FORBIDDEN: readonly (readonly [RegExp, string])[] = [
  [/^LD_(?!LIBRARY_PATH$)/, "the dynamic linker could load what memcheck does not see"],
  [/^(GLIBC_TUNABLES|MALLOC_\w+|PYTHONMALLOC\w*|PYTHONHASHSEED)$/, "the check sets it, or relies on its default"],
  [/^(VALGRIND_\w+|\w*SAN_OPTIONS)$/, "the check sets the options of valgrind and the sanitizer itself"],
  [/^(CPYTHON_MEMCHECK_|INPUT_)/, "it belongs to the check"],
  [/^(ACTIONS_|GITHUB_|RUNNER_)/, "it belongs to the runner; the step's `env` can give its value under another name"],
];

/**
 * The names of the variables that a command gets from the environment. CPython's own tests get the same variables everywhere, so that their
 * baselines can be compared. @throws UserError for an invalid name, or one that must not be passed.
 */
export function parsePassEnv(names: readonly string[], isCommand: boolean): readonly string[] {
  if (names.length > 0 && !isCommand) throw new UserError("`pass-env` is given without a `command`.");
  const wrong = names.find((name) => !/^[A-Za-z_]\w*$/.test(name));
  if (wrong !== undefined)
    throw new UserError(`\`pass-env\` is \`${wrong}\`; allowed: names of variables, such as \`DATABASE_URL\`, without values.`);
  return refuseArguments("pass-env", [...new Set(names)], FORBIDDEN);
}
