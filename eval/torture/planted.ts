import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import type { Python } from "../../src/build/build.ts";
import type { Processes } from "../../src/system/processes.ts";

/** The test file with planted faults. */
export const PLANTED_TESTS = "test_torture_planted";

/** What must be found in its tests, and nothing else: kind and function. */
export const PLANTED_FAULTS: readonly string[] = [
  "ErrorPathLeak forgets_block",
  "ErrorPathLeak forgets_object",
  "ErrorPathLeak forgets_argument",
  "ErrorPathLeak forgets_plain_malloc",
  "ErrorPathLeak forgets_far_out",
  "ErrorPathLeak forgets_in_second_failure",
  "ErrorPathCrash uses_null",
  "ErrorPathCrash gives_up",
  "LostError sets_no_error",
  "LostError succeeds_with_an_error",
];

/** Compiles the extension with planted faults for this interpreter, and puts it into a folder with its tests. */
export async function compilePlanted(python: Pick<Python, "tree">, folder: string, processes: Processes): Promise<void> {
  const source = join(import.meta.dirname, "torture_planted.c");
  const headers = [join(python.tree, "Include"), python.tree].flatMap((path) => ["-I", path]);
  const flags = ["-g", "-O2", "-fno-omit-frame-pointer", "-fno-optimize-sibling-calls", "-shared", "-fPIC"];
  const ended = await processes.run("gcc", [...flags, ...headers, "-o", join(folder, "torture_planted.so"), source]);
  if (ended.code !== 0) throw new Error(ended.stderr);
  await copyFile(join(import.meta.dirname, `${PLANTED_TESTS}.py`), join(folder, `${PLANTED_TESTS}.py`));
}
