import { existsSync } from "node:fs";
import { isAbsolute } from "node:path";
import { UserError } from "../../model/user-error.ts";
import type { Processes } from "../../system/processes.ts";

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
