import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { UserError } from "../errors.ts";
import type { Processes } from "../system/processes.ts";

/** Our only code inside the checked interpreter: an extension that speaks to memcheck, and the script that runs a test through it. */
export interface Probe {
  readonly runner: string;
  /** What is preloaded before the leak sanitizer's runtime. */
  readonly preload: string;
}

/** The functions from which memcheck must report the errors that the probe plants. A leaked list is only seen by a live check that works. */
export const PLANTED = {
  leaks: ["cpython_memcheck_planted_leak", "cpython_memcheck_planted_list"],
  read: "cpython_memcheck_planted_read",
} as const;

/** What the runner's marks begin with. */
export const MARK = "cpython-memcheck ";

/** The extension, and its scripts. The runner is copied last: a folder with it in it is whole. */
export const PROBE_FILES = [
  "probe.c",
  "preload.c",
  "cpython_memcheck_leaks.py",
  "cpython_memcheck_references.py",
  "selftest.py",
  "runner.py",
] as const;

const MODULE = "cpython_memcheck_probe";

export interface ProbeParts {
  /** Where the sources and headers of the interpreter are. */
  readonly tree: string;
  /** Where compiled probes are kept, one for each version of the probe. */
  readonly folder: string;
  readonly compiler: string;
  readonly extensionSuffix: string;
}

/**
 * The probe for an interpreter: compiled with the interpreter's own headers, or as it was compiled before. The sources stand beside this
 * file, and beside the bundle that it becomes.
 * @throws UserError when it does not compile: the probe refuses a CPython whose structures it does not know.
 */
export async function provideProbe(parts: ProbeParts, processes: Processes): Promise<Probe> {
  const sources = PROBE_FILES.map((name) => fileURLToPath(new URL(`./${name}`, import.meta.url)));
  const [code = "", preload = "", ...scripts] = sources;
  const texts = await Promise.all(sources.map((path) => readFile(path)));
  const digest = texts.reduce((hash, text) => hash.update(text), createHash("sha256")).digest("hex");
  const folder = join(parts.folder, digest.slice(0, 16));
  const probe = { runner: join(folder, "runner.py"), preload: join(folder, "preload.so") };
  if (existsSync(probe.runner)) return probe;
  await mkdir(folder, { recursive: true });
  await compile(code, join(folder, `${MODULE}${parts.extensionSuffix}`), parts, processes);
  await compile(preload, probe.preload, parts, processes);
  for (const script of scripts) await copyFile(script, join(folder, basename(script)));
  return probe;
}

async function compile(code: string, output: string, parts: ProbeParts, processes: Processes): Promise<void> {
  const [program = "cc", ...args] = parts.compiler.split(/\s+/);
  // As system headers: their warnings are CPython's. Internal ones name each other without a folder.
  const headers = [parts.tree, join(parts.tree, "Include"), join(parts.tree, "Include", "internal")].flatMap((folder) => [
    "-isystem",
    folder,
  ]);
  const flags = ["-std=c11", "-g", "-O1", "-Wall", "-Wextra", "-shared", "-fPIC"];
  const ended = await processes.run(program, [...args, ...flags, ...headers, "-o", output, code]);
  if (ended.code === 0) return;
  const refusal = /#error "?([^"\n]*)"?/.exec(ended.stderr)?.[1];
  throw new UserError("The probe cannot be compiled for this CPython.", { hint: refusal ?? ended.stderr.slice(-2000) });
}
