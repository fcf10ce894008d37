// The files that the probe is made of: C, which is compiled for each interpreter, and Python, which runs in it.

export const MODULE_SOURCE = "probe.c";
export const LAYOUT_SOURCE = "layout.c";
export const PRELOAD_SOURCE = "preload.c";
export const TORTURE_SOURCE = "torture.c";
export const LIFECYCLE_SOURCE = "lifecycle.c";
export const CHILDREN_SOURCE = "children.c";
export const FOLLOW_SOURCE = "follow.c";

const HEADERS = [
  "blocks.h",
  "children-check.h",
  "children-environment.h",
  "children-exec.h",
  "children-record.h",
  "children-tell.h",
  "cpython.h",
  "free-lists.h",
  "gil.h",
  "growth.h",
  "hide.h",
  "leaks-memcheck.h",
  "leaks-sanitizer.h",
  "lost-objects.h",
  "marks.h",
  "method-cache.h",
  "objects.h",
  "planted.h",
  "sanitizer.h",
  "self-test-leaks.h",
  "survivors.h",
  "torture-calls.h",
  "torture.h",
  "watched-functions.h",
  "worker.h",
] as const;

/** Copied anew for each check. */
export const SCRIPTS = [
  "cpython_memcheck_children.py",
  "cpython_memcheck_command.py",
  "cpython_memcheck_descriptors.py",
  "cpython_memcheck_forks.py",
  "cpython_memcheck_growth.py",
  "cpython_memcheck_leaks.py",
  "cpython_memcheck_lifecycle.py",
  "cpython_memcheck_look.py",
  "cpython_memcheck_objects.py",
  "cpython_memcheck_owners.py",
  "cpython_memcheck_pytest.py",
  "cpython_memcheck_references.py",
  "cpython_memcheck_regrtest.py",
  "cpython_memcheck_suites.py",
  "cpython_memcheck_symbols.py",
  "cpython_memcheck_tests.py",
  "cpython_memcheck_torture.py",
  "cpython_memcheck_torture_child.py",
  "cpython_memcheck_torture_file.py",
  "cpython_memcheck_torture_plan.py",
  "cpython_memcheck_torture_turns.py",
  "cpython_memcheck_unittest.py",
  "cpython_memcheck_worker.py",
  "selftest.py",
  "runner.py",
] as const;

/** Everything that a probe is made of. */
export const PROBE_FILES = [
  MODULE_SOURCE,
  LAYOUT_SOURCE,
  PRELOAD_SOURCE,
  TORTURE_SOURCE,
  LIFECYCLE_SOURCE,
  CHILDREN_SOURCE,
  FOLLOW_SOURCE,
  ...HEADERS,
  ...SCRIPTS,
] as const;
