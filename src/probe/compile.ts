import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, mkdir, readdir, readFile, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
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

/** What stands beside a probe that has found what was planted: it begins with this. */
export const SELF_TEST_PASSED = "self-test-passed";

/** The compiler's list of the files that a probe was made of, beside it. */
const MADE_OF = "made-of.d";

export interface ProbeParts {
  /** Where the sources and headers of the interpreter are. */
  readonly tree: string;
  /** What debug information calls it. */
  readonly virtualTree: string;
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
  const module = join(folder, `${MODULE}${parts.extensionSuffix}`);
  const outputs = [module, probe.preload, ...scripts.map((script) => join(folder, basename(script)))];
  // A test can take them away one by one.
  if (outputs.every((path) => existsSync(path))) return probe;
  await mkdir(folder, { recursive: true });
  await compile(preload, probe.preload, parts, processes);
  await compile(code, module, parts, processes);
  for (const script of scripts) await copyFile(script, join(folder, basename(script)));
  return probe;
}

/**
 * Takes away the probes that are stale by the compiler's list of what they were made of. The others are tested again, with the interpreter that
 * there is now.
 */
export async function forgetProbes(folder: string, isStale: (rule: string) => boolean): Promise<void> {
  if (!existsSync(folder)) return;
  for (const version of await readdir(folder)) {
    const probe = join(folder, version);
    const rule = await readFile(join(probe, MADE_OF), "utf8").catch(() => undefined);
    if (rule === undefined || isStale(rule)) await rm(probe, { recursive: true });
    else await removeSelfTest(probe);
  }
}

async function removeSelfTest(probe: string): Promise<void> {
  for (const name of await readdir(probe)) if (name.startsWith(SELF_TEST_PASSED)) await rm(join(probe, name));
}

async function compile(code: string, output: string, parts: ProbeParts, processes: Processes): Promise<void> {
  const [program = "cc", ...args] = parts.compiler.split(/\s+/);
  // As system headers: their warnings are CPython's. Internal ones name each other without a folder.
  const headers = [parts.tree, join(parts.tree, "Include"), join(parts.tree, "Include", "internal")].flatMap((folder) => [
    "-isystem",
    folder,
  ]);
  const origin = [`-ffile-prefix-map=${parts.tree}=${parts.virtualTree}`, "-MD", "-MF", join(dirname(output), MADE_OF)];
  const flags = ["-std=c11", "-g", "-O1", "-Wall", "-Wextra", "-shared", "-fPIC", ...origin];
  const ended = await processes.run(program, [...args, ...flags, ...headers, "-o", output, code]);
  if (ended.code === 0) return;
  const refusal = /#error "?([^"\n]*)"?/.exec(ended.stderr)?.[1];
  throw new UserError("The probe cannot be compiled for this CPython.", { hint: refusal ?? ended.stderr.slice(-2000) });
}
