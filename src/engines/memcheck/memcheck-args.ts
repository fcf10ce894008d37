import { isAtLeast, type Release } from "../../build/toolchain.ts";
import { MAX_STACK_FRAMES } from "../../findings/suppression-file.ts";
import type { LeakCheck } from "../process-report.ts";

/** Options for memcheck. Pure. */
export interface MemcheckOptions {
  /** Its version, such as `3.27.1`. */
  readonly valgrind: string;
  readonly leakCheck: LeakCheck;
  readonly suppressions: readonly string[];
  readonly extraArgs: readonly string[];
  /** Path pattern of each process's XML. */
  readonly xmlFolder: string;
}

/** valgrind's arguments, before the program's own. */
export function memcheckArgs(options: MemcheckOptions): string[] {
  return [
    // Other valgrind settings of the project or user (VALGRIND_OPTS, .valgrindrc) must not change the findings.
    "--command-line-only=yes",
    "--tool=memcheck",
    "--xml=yes",
    `--xml-file=${options.xmlFolder}/%p.xml`,
    ...leakArgs(options.leakCheck),
    // Signatures use no more frames, and each additional one makes every error slower.
    `--num-callers=${MAX_STACK_FRAMES}`,
    // By default, memcheck stops reporting after 1,000 different errors.
    "--error-limit=no",
    // Extension modules are unloaded before the leak check at exit; their frames would be bare addresses.
    "--keep-debuginfo=yes",
    "--vgdb=no",
    ...descriptorArgs(options.valgrind),
    ...guardPageArgs(options.valgrind),
    ...options.suppressions.map((file) => `--suppressions=${file}`),
    ...options.extraArgs,
  ];
}

/** The first release with `--track-fds=bad`: the modes before it also report every descriptor that is open at exit. */
const REPORTS_BAD_DESCRIPTORS: Release = [3, 26];

/** Options that report the use of closed file descriptors, if this valgrind has them. They change the findings. */
export function descriptorArgs(valgrind: string): readonly string[] {
  return isAtLeast(valgrind, REPORTS_BAD_DESCRIPTORS) ? ["--track-fds=bad"] : [];
}

/** The first release that keeps a list of the guard pages that glibc 2.42 gives the stacks of threads (`MADV_GUARD_INSTALL`). */
const LISTS_GUARD_PAGES: Release = [3, 27];

/** By default valgrind gives up after 500 pages, which 500 threads, including stacks that glibc keeps of ended ones, can exceed. */
function guardPageArgs(valgrind: string): readonly string[] {
  return isAtLeast(valgrind, LISTS_GUARD_PAGES) ? ["--max-guard-pages=10000"] : [];
}

function leakArgs(leakCheck: LeakCheck): string[] {
  switch (leakCheck) {
    case "none":
      return ["--leak-check=no"];
    case "exit":
      return ["--leak-check=full", "--show-leak-kinds=definite,possible", "--errors-for-leak-kinds=definite,possible"];
    case "live":
      // The probe requests each check itself; none is needed when the process ends.
      return ["--leak-check=no", "--show-leak-kinds=definite", "--errors-for-leak-kinds=definite"];
  }
}
