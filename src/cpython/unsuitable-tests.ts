/** Test files that `all` leaves out, each with its reason. */
export const UNSUITABLE_TESTS: readonly { readonly name: string; readonly reason: string }[] = [
  { name: "test_math", reason: "takes over 10 minutes under memcheck, nearly all of it in Python loops" },
  { name: "test_genexps", reason: "asserts that a tuple's address is used again at once, which memcheck delays" },
  { name: "test_gdb", reason: "debugs another Python with gdb, which memcheck does not follow" },
  { name: "test_perf_profiler", reason: "runs perf on another Python, which memcheck does not follow" },
  { name: "test_faulthandler", reason: "makes other Pythons crash on purpose, which memcheck does not follow" },
  { name: "test_regrtest", reason: "starts whole test runs in other processes, which memcheck does not follow" },
  { name: "test_tools", reason: "runs scripts in other processes, which memcheck does not follow" },
  { name: "test_freeze", reason: "copies and builds CPython itself" },
];
