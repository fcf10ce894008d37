import type { LeakCheck } from "../running/process-report.ts";

/** Of each stack; functions that the compiler inlined come on top. */
export const MAX_STACK_FRAMES = 30;

/** How memcheck is asked to look. Pure. */
export interface MemcheckOptions {
  readonly leakCheck: LeakCheck;
  readonly suppressions: readonly string[];
  readonly extraArgs: readonly string[];
  /** Where each process writes its XML. */
  readonly xmlFolder: string;
}

/** valgrind's arguments before the program's own. */
export function memcheckArgs(options: MemcheckOptions): string[] {
  return [
    // What a project or a user set for valgrind elsewhere (VALGRIND_OPTS, .valgrindrc) must not change what is seen.
    "--command-line-only=yes",
    "--tool=memcheck",
    "--xml=yes",
    `--xml-file=${options.xmlFolder}/%p.xml`,
    ...leakArgs(options.leakCheck),
    // A signature needs no more (design, section 6), and each further frame makes every error slower.
    `--num-callers=${MAX_STACK_FRAMES}`,
    // Without this memcheck goes silent after 1,000 different errors.
    "--error-limit=no",
    // Extension modules are unloaded before the leak check at exit; their frames would be bare addresses.
    "--keep-debuginfo=yes",
    "--vgdb=no",
    ...options.suppressions.map((file) => `--suppressions=${file}`),
    ...options.extraArgs,
  ];
}

function leakArgs(leakCheck: LeakCheck): string[] {
  switch (leakCheck) {
    case "none":
      return ["--leak-check=no"];
    case "exit":
      return ["--leak-check=full", "--show-leak-kinds=definite,possible", "--errors-for-leak-kinds=definite,possible"];
    case "live":
      // The probe asks for each check itself; none is wanted when the process ends.
      return ["--leak-check=no", "--show-leak-kinds=definite", "--errors-for-leak-kinds=definite"];
  }
}
