import { UserError } from "./errors.ts";
import type { SettingName } from "./settings-table.ts";

/** Arguments that would take the ground from under the check, each with the reason that is shown. */
export const FORBIDDEN_CONFIGURE_ARGS: readonly (readonly [RegExp, string])[] = [
  [/^--disable-gil$/, "the free-threaded build uses an allocator of its own that memcheck cannot see into"],
  [/^--with-pymalloc(?!=no)/, "pymalloc hides single objects from memcheck"],
  [/^--(without-valgrind$|with-valgrind=no$)/, "the check needs a build `--with-valgrind`"],
  [/^--(prefix|exec-prefix|srcdir)\b/, "the build stays in the work folder"],
];

export const FORBIDDEN_VALGRIND_ARGS: readonly (readonly [RegExp, string])[] = [
  [/^--tool\b/, "the check is made for memcheck"],
  [/^--(xml|log)\b/, "the check reads memcheck's XML from a place of its own"],
  [/^--(error-limit|undef-value-errors|command-line-only|child-silent-after-fork)\b/, "memcheck has to tell all it sees"],
  [
    /^--(leak-check|show-leak-kinds|show-reachable|show-possibly-lost|errors-for-leak-kinds)\b/,
    "`leak-check` says which leaks are looked for",
  ],
  [/^--(suppressions|default-suppressions)\b/, "`suppressions` names further files"],
  [/^--trace-children\b/, "the programs that a test starts are not checked"],
  [/^(?!-)/, "only valgrind's options are allowed"],
];

/** Returns the words. @throws UserError that names the first forbidden one, and says why. */
export function refuseArguments(
  name: SettingName,
  words: readonly string[],
  forbidden: readonly (readonly [RegExp, string])[],
): readonly string[] {
  for (const word of words) {
    const reason = forbidden.find(([pattern]) => pattern.test(word))?.[1];
    if (reason !== undefined) throw new UserError(`\`${name}\` must not contain \`${word}\`: ${reason}.`);
  }
  return words;
}
