import { existsSync } from "node:fs";
import { isAbsolute } from "node:path";
import { UserError } from "../../model/user-error.ts";
import type { Processes } from "../../system/processes.ts";
import type { RunContext } from "../job.ts";

/** The leak sanitizer's runtime as part of gcc. clang has it only in the address sanitizer, but can use gcc's. */
const RUNTIME = "liblsan.so.0";

/**
 * The path of the leak sanitizer's runtime, to preload into a build without it.
 * @throws UserError that names the package, if it is not installed.
 */
export async function findRuntime(compiler: string, processes: Processes): Promise<string> {
  // A compiler without the file prints the bare name.
  for (const program of new Set([compiler.split(/\s+/)[0] ?? "cc", "cc", "gcc"])) {
    const ended = await processes.run(program, [`-print-file-name=${RUNTIME}`]).catch(() => undefined);
    const path = ended?.stdout.trim() ?? "";
    if (ended?.code === 0 && isAbsolute(path) && existsSync(path)) return path;
  }
  throw new UserError(`The leak sanitizer's runtime, ${RUNTIME}, is not installed.`, {
    hint: "On Debian and Ubuntu it is in the package `liblsan0`. To check without the scan, use `scan: none`.",
  });
}

/** The libraries to preload into an interpreter to find leaks. */
export interface LeakFinder {
  /** Path of the library that finds leaks. If its content changes, the self-test runs again. */
  readonly library: string;
  /** Paths of libraries to preload before it. */
  readonly before: readonly string[];
}

/** The leak sanitizer's runtime, or the marker for a free-threaded interpreter. @throws UserError if it is missing. */
export async function findFinder(
  { freeThreaded, probe }: RunContext["python"],
  compiler: string,
  processes: Processes,
): Promise<LeakFinder> {
  if (!freeThreaded) return { library: await findRuntime(compiler, processes), before: [probe.preload] };
  if (existsSync(probe.marker)) return { library: probe.marker, before: [] };
  throw new UserError("The library that finds leaks in a free-threaded build (marker.c) does not compile here.", {
    hint: "Use `scan: none` to check without the scan.",
  });
}
