import { UserError } from "../model/user-error.ts";
import type { SettingName } from "./settings-table.ts";

/** Arguments that the check does not support, each with the reason to show. configure also takes them with one dash. */
export const FORBIDDEN_CONFIGURE_ARGS: readonly (readonly [RegExp, string])[] = [
  [/^--?with-pymalloc(?!=no)/, "pymalloc hides single objects from memcheck"],
  [/^--?with-freelists(?!=no)/, "an object from a free list carries the stack of the block's first owner"],
  [/^--?with-trace-refs(?!=no)/, "it keeps every object in a list, so nothing is ever lost"],
  [/^--?(without-valgrind$|with-valgrind=no$)/, "the check needs a build `--with-valgrind`"],
  [/^--?with-\w+(-\w+)*-sanitizer(?!=no)|-fsanitize\b/, "a sanitizer and valgrind cannot watch the same process"],
  [
    /^--?enable-experimental-jit(?!=no)/,
    "references in the JIT's machine code are invisible to both engines, so living objects would be reported",
  ],
  [/^--?enable-(optimizations|bolt)(?!=no)/, "a profile decides what is inlined, so stacks would differ from build to build"],
  [
    /^--?with-lto(?!=no)|-flto\b/,
    "link-time optimization inlines and renames functions across files, so stacks would differ after any change",
  ],
  [
    /^--?enable-profiling(?!=no)|-fprofile-|(^|[= ])-pg\b/,
    "profiling changes what is compiled, so stacks would differ from build to build",
  ],
  [/-fomit-frame-pointer\b/, "stacks are found by frame pointers"],
  [/(^|[= ])(-g0|-s)\b/, "stacks are named by debug information"],
  [/^--?enable-shared(?!=no)/, "the interpreter runs from its build folder, where a shared library is not found"],
  [/^--?host\b/, "the build runs on this machine"],
  [/^(CC|CXX|CPP)=/, "the compiler is named by the environment variable CC"],
  [/^OPT=/, "it would replace `-g -O2`; `CFLAGS` adds to the flags instead"],
  [/^--?(prefix|exec-prefix|srcdir)\b/, "the build stays in the work folder"],
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

/** Returns the words. @throws UserError that names the first forbidden one, with the reason. */
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
