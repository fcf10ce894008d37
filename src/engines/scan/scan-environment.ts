import { UserError } from "../../model/user-error.ts";

/** Documented in the sanitizers' wiki, SanitizerCommonFlags and AddressSanitizerLeakSanitizer. */
const LSAN_OPTIONS = [
  // Only the probe starts a leak check.
  "leak_check_at_exit=0",
  "report_objects=1",
  // CPython's tests request more memory than there is; malloc() must return null, as it does without the runtime.
  "allocator_may_return_null=1",
  // A crash must remain a signal. The runtime's handlers would print a report and exit with code 23.
  ...["abort", "segv", "sigbus", "sigfpe", "sigill", "sigtrap"].map((signal) => `handle_${signal}=0`),
];

/**
 * Frames of a stack. By frame pointers, as many as memcheck keeps. By the tables that exceptions are unwound by, which takes ten to twenty times as
 * long, no more than lead to the eval loop as a rule.
 */
export const MAX_FRAMES: Readonly<Record<Unwinder, number>> = { fast: 30, slow: 16, marker: 30, "slow marker": 30 };

/** Frames that tracemalloc puts between an object and its memory, at most; the journal's reader takes them away again. */
const TRACING_FRAMES = 4;

/** glibc reuses the stack of an ended thread for the next one. Leftovers on it would count as references. */
const NO_STALE_STACKS = "glibc.pthread.stack_cache_size=0";

/**
 * How the stack of each allocation is unwound. The leak sanitizer has two methods: without frame pointers in the interpreter, the fast one ends at
 * the first function. In a free-threaded interpreter, the marker (marker.c) replaces the leak sanitizer. It has the same two methods.
 */
export type Unwinder = "fast" | "slow" | "marker" | "slow marker";

/**
 * The environment of an interpreter under the leak sanitizer or the marker.
 * @param isTracing whether tracemalloc runs, too: a stack then reaches as far as without.
 * @param stacks "bare" for addresses without names, which we look up ourselves, once for all processes.
 */
export function scanEnvironment(
  preloads: string,
  stacks: "bare" | "with names",
  unwinder: Unwinder,
  isTracing = false,
): Readonly<Record<string, string>> {
  if (unwinder === "marker") return { LD_PRELOAD: preloads, GLIBC_TUNABLES: NO_STALE_STACKS };
  if (unwinder === "slow marker") return { ...scanEnvironment(preloads, stacks, "marker"), CPYTHON_MEMCHECK_UNWIND: "tables" };
  const frames = MAX_FRAMES[unwinder] + (isTracing ? TRACING_FRAMES : 0);
  const unwinding = [`malloc_context_size=${frames}`, `fast_unwind_on_malloc=${unwinder === "fast" ? 1 : 0}`];
  const options = [...LSAN_OPTIONS, ...unwinding, `symbolize=${stacks === "bare" ? 0 : 1}`];
  return { LD_PRELOAD: preloads, LSAN_OPTIONS: options.join(":") };
}

/** The value of LD_PRELOAD. @throws UserError for a path that the dynamic linker would split in two (ld.so(8)). */
export function joinPreloads(...paths: readonly string[]): string {
  const bad = paths.find((path) => /[\s:]/.test(path));
  if (bad === undefined) return paths.join(":");
  throw new UserError(`${bad} cannot be preloaded: the dynamic linker takes blanks and colons for the end of a path.`, {
    hint: "Another `work-dir` helps, or `scan: none`.",
  });
}
