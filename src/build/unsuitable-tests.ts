import type { EngineName } from "../model/engine-name.ts";

interface UnsuitableTest {
  readonly name: string;
  /** The engine under which it makes no sense; all if not given. */
  readonly under?: EngineName;
  readonly reason: string;
}

/** Test files that `all` leaves out, each with its reason. */
export const UNSUITABLE_TESTS: readonly UnsuitableTest[] = [
  { name: "test_math", under: "memcheck", reason: "takes over 10 minutes under memcheck, nearly all of it in Python loops" },
  { name: "test_genexps", reason: "asserts that a tuple's address is used again at once, which both engines' allocators do not" },
  { name: "test_gdb", reason: "debugs another Python with gdb, which is not followed" },
  { name: "test_perf_profiler", reason: "runs perf on another Python, which is not followed" },
  { name: "test_faulthandler", reason: "makes other Pythons crash on purpose, which is not followed" },
  { name: "test_regrtest", reason: "starts whole test runs in other processes, which are not followed" },
  { name: "test_tools", reason: "runs scripts in other processes, which are not followed" },
  { name: "test_freeze", reason: "copies and builds CPython itself" },
];
