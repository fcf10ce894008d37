// The files of a probe.

import { fileURLToPath } from "node:url";

/** Files that are compiled separately. */
export const SOURCES = {
  module: "probe.c",
  layout: "layout.c",
  preload: "preload.c",
  footprint: "footprint.c",
  marker: "marker.c",
  torture: "torture.c",
  lifecycle: "lifecycle.c",
  children: "children.c",
  follow: "follow.c",
} as const;

const HEADERS = [
  "blocks.h",
  "children-check.h",
  "children-environment.h",
  "children-exec.h",
  "children-record.h",
  "children-report.h",
  "cpython.h",
  "footprint-breakpoints.h",
  "footprint-opens.h",
  "footprint-programs.h",
  "footprint-record.h",
  "footprint.h",
  "frames.h",
  "free-lists.h",
  "gil.h",
  "growth.h",
  "hide-code.h",
  "hide-heaps.h",
  "hide-lists.h",
  "hide.h",
  "leaks-memcheck.h",
  "leaks-sanitizer.h",
  "lost-objects.h",
  "marker-changes.h",
  "marker-find.h",
  "marker-libc.h",
  "marker-lost.h",
  "marker-python.h",
  "marker-report.h",
  "marker-roots.h",
  "marker-table.h",
  "marks.h",
  "method-cache.h",
  "objects.h",
  "planted.h",
  "readable.h",
  "sanitizer.h",
  "self-test-leaks.h",
  "survivors.h",
  "torture-calls.h",
  "torture.h",
  "unwind.h",
  "watched-functions.h",
  "worker.h",
] as const;

/** Copied again for each check. */
export const SCRIPTS = [
  "cpython_memcheck_children.py",
  "cpython_memcheck_command.py",
  "cpython_memcheck_descriptors.py",
  "cpython_memcheck_forks.py",
  "cpython_memcheck_growth.py",
  "cpython_memcheck_json.py",
  "cpython_memcheck_leaks.py",
  "cpython_memcheck_lifecycle.py",
  "cpython_memcheck_look.py",
  "cpython_memcheck_names.py",
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

/** All files of a probe. */
export const PROBE_FILES = [...Object.values(SOURCES), ...HEADERS, ...SCRIPTS] as const;

/** The sources are beside this file, or beside the bundle that contains it. */
export function sourcePath(name: (typeof PROBE_FILES)[number]): string {
  return fileURLToPath(new URL(`./${name}`, import.meta.url));
}
