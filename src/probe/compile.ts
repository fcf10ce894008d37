import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { UserError } from "../errors.ts";
import type { Processes } from "../system/processes.ts";

/** Our only code inside the checked interpreter: an extension that speaks to memcheck, and the script that runs a test through it. */
export interface Probe {
  readonly runner: string;
}

/** The names under which memcheck must report the two errors that the probe plants. */
export const PLANTED = { leak: "cpython_memcheck_planted_leak", read: "cpython_memcheck_planted_read" } as const;

/** What the runner's marks begin with. */
export const MARK = "cpython-memcheck ";

const MODULE = "cpython_memcheck_probe";

export interface ProbeParts {
  /** Where the sources and headers of the interpreter are. */
  readonly tree: string;
  readonly into: string;
  readonly compiler: string;
  readonly extensionSuffix: string;
}

export function probeAt(folder: string): Probe {
  return { runner: join(folder, "runner.py") };
}

/** Compiles the probe with the interpreter's own headers. The sources stand beside this file, and beside the bundle that it becomes. */
export async function compileProbe(parts: ProbeParts, processes: Processes): Promise<Probe> {
  await mkdir(parts.into, { recursive: true });
  const probe = probeAt(parts.into);
  await copyFile(fileURLToPath(new URL("./runner.py", import.meta.url)), probe.runner);
  const [program = "cc", ...args] = parts.compiler.split(/\s+/);
  const source = fileURLToPath(new URL("./probe.c", import.meta.url));
  const output = join(parts.into, `${MODULE}${parts.extensionSuffix}`);
  const headers = ["-I", parts.tree, "-I", join(parts.tree, "Include")];
  const ended = await processes.run(program, [...args, "-g", "-O1", "-Wall", "-shared", "-fPIC", ...headers, "-o", output, source]);
  if (ended.code !== 0) throw new UserError("The probe cannot be compiled for this CPython.", { hint: ended.stderr.slice(-2000) });
  return probe;
}
