import { UserError } from "../../model/user-error.ts";

/** Documented in the sanitizers' wiki, SanitizerCommonFlags and AddressSanitizerLeakSanitizer. */
const LSAN_OPTIONS = [
  // Only the probe starts a check.
  "leak_check_at_exit=0",
  "report_objects=1",
  // CPython's tests ask for more memory than there is; malloc() must return null, as it does without the runtime.
  "allocator_may_return_null=1",
  // A crash is a signal. The runtime's handlers would print a report and exit with code 23.
  ...["abort", "segv", "sigbus", "sigfpe", "sigill", "sigtrap"].map((signal) => `handle_${signal}=0`),
];

/** As many frames as memcheck keeps, found by frame pointers. */
const FAST_STACKS = ["malloc_context_size=30", "fast_unwind_on_malloc=1"];

/** By the tables that exceptions are unwound by, which takes ten to twenty times as long: no more frames than lead to the eval loop as a rule. */
const SLOW_STACKS = ["malloc_context_size=16", "fast_unwind_on_malloc=0"];

/** glibc keeps the stack of a thread that has ended for the next one, and what is left on it would count as references. */
const NO_STALE_STACKS = "glibc.pthread.stack_cache_size=0";

/**
 * How the frames of each allocation are found. The leak sanitizer has two ways: without frame pointers in the interpreter the fast one ends at its
 * first function. The marker (marker.c) stands in for it in a free-threaded interpreter, and has the same two.
 */
export type Unwinder = "fast" | "slow" | "marker" | "slow marker";

/**
 * What an interpreter's environment has, for the leak sanitizer or the marker to be there.
 * @param stacks "bare" for addresses, whose names we ask for ourselves, once for all processes.
 */
export function scanEnvironment(preloads: string, stacks: "bare" | "with names", unwinder: Unwinder): Readonly<Record<string, string>> {
  if (unwinder === "marker") return { LD_PRELOAD: preloads, GLIBC_TUNABLES: NO_STALE_STACKS };
  if (unwinder === "slow marker") return { ...scanEnvironment(preloads, stacks, "marker"), CPYTHON_MEMCHECK_UNWIND: "tables" };
  const options = [...LSAN_OPTIONS, ...(unwinder === "fast" ? FAST_STACKS : SLOW_STACKS), `symbolize=${stacks === "bare" ? 0 : 1}`];
  return { LD_PRELOAD: preloads, LSAN_OPTIONS: options.join(":") };
}

/** The value of LD_PRELOAD. @throws UserError for a path that the dynamic linker would take for two (ld.so(8)). */
export function joinPreloads(...paths: readonly string[]): string {
  const bad = paths.find((path) => /[\s:]/.test(path));
  if (bad === undefined) return paths.join(":");
  throw new UserError(`${bad} cannot be preloaded: the dynamic linker takes blanks and colons for the end of a path.`, {
    hint: "Another `work-dir` helps, or `scan: none`.",
  });
}
