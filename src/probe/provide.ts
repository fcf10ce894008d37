import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { UserError } from "../model/user-error.ts";
import type { Ended, Processes } from "../system/processes.ts";
import { ALWAYS, findLayout, type LayoutFlags } from "./layout.ts";
import { PROBE_FILES, SCRIPTS, SOURCES, sourcePath } from "./probe-files.ts";
import { placeScripts, restoreProbe, sealProbe } from "./seal.ts";

/** The only code of ours inside the checked interpreter: an extension module that talks to memcheck, and the script that runs a test with it. */
export interface Probe {
  readonly runner: string;
  /** Library to preload before the leak sanitizer's runtime. */
  readonly preload: string;
  /** Library to preload instead of both into a free-threaded interpreter. The file is missing for others, and if it does not compile here. */
  readonly marker: string;
  /** Library to preload before that if the scan records which functions run. The file is missing if it does not compile here. */
  readonly footprint: string;
  /** Library to preload before that if allocations are made to fail. The file is missing if it does not compile here. */
  readonly torture: string;
  /**
   * For following interpreters that tests start: the library to preload before that, and the one for those interpreters; either may not
   * compile here.
   */
  readonly children: { readonly follow: string; readonly look: string };
  /** For starting and ending interpreters: the library that replaces their main(), and the script for each. */
  readonly lifecycle: { readonly library: string; readonly script: string };
  /** Why this interpreter has no live leak check; undefined if the whole probe was compiled. */
  readonly liveRefusal?: string;
}

/** The functions from which memcheck must report the planted errors. Only a working live check finds a leaked list. */
export const PLANTED = {
  leaks: ["cpython_memcheck_planted_leak", "cpython_memcheck_planted_list"],
  read: "cpython_memcheck_planted_read",
} as const;

const MODULE = "cpython_memcheck_probe";

/** Prefix of the files beside a probe that record a passed self-test. */
export const SELF_TEST_PASSED = "self-test-passed";

/** File beside a probe without the live leak check, with the reason. */
const LIVE_REFUSAL = "no-live-check";

/** The compiler's list of the files that a probe depends on, beside it. */
const MADE_OF = "made-of.d";

export interface ProbeParts {
  /** Folders of the interpreter's headers. Internal headers include each other without a folder. */
  readonly headers: readonly string[];
  /** CPython's build folder and its name in debug information; undefined for an installed CPython. */
  readonly origin?: readonly [tree: string, virtualTree: string];
  /** Folder of compiled probes, one for each version of the probe. */
  readonly folder: string;
  readonly compiler: string;
  readonly extensionSuffix: string;
  readonly freeThreaded: boolean;
  /** Compiler flags of the interpreter that change the layout of structs in its headers. */
  readonly layoutFlags?: readonly string[];
}

/** The header folders of a CPython built from source. */
export function headersIn(tree: string): readonly string[] {
  return [tree, join(tree, "Include"), join(tree, "Include", "internal")];
}

/**
 * The probe for an interpreter: compiled with the interpreter's own headers, or reused. The sources are beside this file, or beside the bundle
 * that contains it. If the headers lack something that the live leak check needs, the probe is compiled without it.
 * @throws UserError if not even that compiles.
 */
export async function provideProbe(parts: ProbeParts, processes: Processes): Promise<Probe> {
  const texts = await Promise.all(PROBE_FILES.map((name) => readFile(sourcePath(name))));
  const digest = texts.reduce((hash, text) => hash.update(text), createHash("sha256")).digest("hex");
  const folder = join(parts.folder, digest.slice(0, 16));
  const module = join(folder, `${MODULE}${parts.extensionSuffix}`);
  const preload = join(folder, "preload.so");
  const marker = join(folder, "marker.so");
  const footprint = join(folder, "footprint.so");
  const torture = join(folder, "torture.so");
  const children = { follow: join(folder, "follow.so"), look: join(folder, "children.so") };
  const library = join(folder, "lifecycle.so");
  const compiled = [module, preload, marker, footprint, torture, children.follow, children.look, library, join(folder, LIVE_REFUSAL)];
  const scripts = SCRIPTS.map(sourcePath);
  if (!(await restoreProbe(folder, compiled, scripts))) {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    await compile(SOURCES.preload, ["-o", preload], parts, processes).then(requireCompiled);
    if (parts.freeThreaded) await compile(SOURCES.marker, ["-O2", "-o", marker], parts, processes);
    // Without it nothing is recorded.
    await compile(SOURCES.footprint, ["-o", footprint], parts, processes);
    // Only torture needs it, and reports if it does not compile.
    await compile(SOURCES.torture, ["-O2", "-fno-omit-frame-pointer", "-o", torture], parts, processes);
    await compile(SOURCES.lifecycle, ["-o", library], parts, processes).then(requireCompiled);
    const layout = await findOutLayout(parts, processes);
    await compileModule(module, layout, parts, processes);
    await compile(SOURCES.follow, ["-o", children.follow], parts, processes).then(requireCompiled);
    if (layout !== undefined && !parts.freeThreaded) await compile(SOURCES.children, ["-o", children.look, ...layout], parts, processes);
    await placeScripts(folder, scripts);
    await sealProbe(folder, compiled);
  }
  const liveRefusal = await readFile(join(folder, LIVE_REFUSAL), "utf8").catch(() => undefined);
  const lifecycle = { library, script: join(folder, "cpython_memcheck_lifecycle.py") };
  return {
    runner: join(folder, "runner.py"),
    preload,
    marker,
    footprint,
    torture,
    children,
    lifecycle,
    ...(liveRefusal === undefined ? {} : { liveRefusal }),
  };
}

/**
 * Removes probes whose dependencies, as listed by the compiler, have changed. The others are tested again with the current interpreter.
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

function ask(question: string, parts: ProbeParts, processes: Processes): Promise<Ended> {
  return compile(SOURCES.layout, ["-fsyntax-only", `-DQUESTION=${question}`], parts, processes);
}

function findOutLayout(parts: ProbeParts, processes: Processes): Promise<LayoutFlags | undefined> {
  return findLayout(async (question) => (await ask(question, parts, processes)).code === 0);
}

async function compileModule(module: string, layout: LayoutFlags | undefined, parts: ProbeParts, processes: Processes): Promise<void> {
  const output = ["-o", module, "-MD", "-MF", join(dirname(module), MADE_OF)];
  const whole =
    layout === undefined ? await ask(ALWAYS, parts, processes) : await compile(SOURCES.module, [...output, ...layout], parts, processes);
  if (whole.code === 0) return;
  await compile(SOURCES.module, [...output, "-DNO_LIVE_CHECK"], parts, processes).then(requireCompiled);
  await writeFile(join(dirname(module), LIVE_REFUSAL), firstError(whole));
}

function compile(
  code: (typeof SOURCES)[keyof typeof SOURCES],
  options: readonly string[],
  parts: ProbeParts,
  processes: Processes,
): Promise<Ended> {
  const [program = "cc", ...args] = parts.compiler.split(/\s+/);
  // lifecycle.c unwinds stacks by frame pointers, through its own frames, too.
  const frames = ["-fno-omit-frame-pointer", "-fno-optimize-sibling-calls"];
  // As system headers: CPython's warnings are not ours.
  const headers = parts.headers.flatMap((folder) => ["-isystem", folder]);
  const layoutFlags = parts.layoutFlags ?? [];
  const origin = parts.origin === undefined ? [] : [`-ffile-prefix-map=${parts.origin.join("=")}`];
  const flags = [
    "-std=c11",
    "-g",
    "-O1",
    ...frames,
    "-Wall",
    "-Wextra",
    "-Werror=implicit-function-declaration",
    "-shared",
    "-fPIC",
    ...layoutFlags,
    ...origin,
  ];
  return processes.run(program, [...args, ...flags, ...headers, ...options, sourcePath(code)]);
}

function requireCompiled(ended: Ended): void {
  if (ended.code === 0) return;
  throw new UserError("The probe does not compile against this CPython.", { hint: firstError(ended) });
}

/** Our own `#error` explains it best; else the compiler's first error. */
function firstError({ stderr }: Ended): string {
  const [, ours] = /#error "?cpython-memcheck: ([^"\n]*)"?/.exec(stderr) ?? [];
  return ours ?? stderr.split("\n").find((line) => /\berror:/.test(line)) ?? stderr.slice(-2000);
}
