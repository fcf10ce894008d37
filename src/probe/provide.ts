import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { UserError } from "../model/user-error.ts";
import type { Ended, Processes } from "../system/processes.ts";
import { ALWAYS, findLayout, type LayoutFlags } from "./layout.ts";
import { PROBE_FILES, SCRIPTS, SOURCES, sourcePath } from "./probe-files.ts";
import { placeScripts, restoreProbe, sealProbe } from "./seal.ts";

/** Our only code inside the checked interpreter: an extension that speaks to memcheck, and the script that runs a test through it. */
export interface Probe {
  readonly runner: string;
  /** What is preloaded before the leak sanitizer's runtime. */
  readonly preload: string;
  /** What is preloaded instead of both into a free-threaded interpreter. The file is missing for others, and if it does not compile here. */
  readonly marker: string;
  /** What is preloaded before that if the scan records which functions run. The file is missing if it does not compile here. */
  readonly footprint: string;
  /** What is preloaded before that where allocations are to fail. The file is missing if it does not compile here. */
  readonly torture: string;
  /** Where interpreters that tests start are followed: what is preloaded before that, and what it preloads into them, which may not compile here. */
  readonly children: { readonly follow: string; readonly look: string };
  /** What starts and ends interpreters: the library that replaces their main(), and what runs in each. */
  readonly lifecycle: { readonly library: string; readonly script: string };
  /** Why leaks cannot be looked for while this interpreter runs; undefined where the probe was compiled whole. */
  readonly liveRefusal?: string;
}

/** The functions from which memcheck must report the errors that the probe plants. A leaked list is only seen by a live check that works. */
export const PLANTED = {
  leaks: ["cpython_memcheck_planted_leak", "cpython_memcheck_planted_list"],
  read: "cpython_memcheck_planted_read",
} as const;

const MODULE = "cpython_memcheck_probe";

/** Prefix of the files beside a probe that record a passed self-test. */
export const SELF_TEST_PASSED = "self-test-passed";

/** Beside a probe that was compiled without the live leak check: why. */
const LIVE_REFUSAL = "no-live-check";

/** The compiler's list of the files that a probe was made of, beside it. */
const MADE_OF = "made-of.d";

export interface ProbeParts {
  /** Folders of the interpreter's headers. Internal ones name each other without a folder. */
  readonly headers: readonly string[];
  /** The folder that CPython was built in and what debug information calls it; undefined where it was installed. */
  readonly origin?: readonly [tree: string, virtualTree: string];
  /** Where compiled probes are kept, one for each version of the probe. */
  readonly folder: string;
  readonly compiler: string;
  readonly extensionSuffix: string;
  readonly freeThreaded: boolean;
  /** What the interpreter's own code was compiled with beside, and changes the layouts in its headers. */
  readonly layoutFlags?: readonly string[];
}

/** The folders of headers in a CPython that was built from its source. */
export function headersIn(tree: string): readonly string[] {
  return [tree, join(tree, "Include"), join(tree, "Include", "internal")];
}

/**
 * The probe for an interpreter: compiled with the interpreter's own headers, or as it was compiled before. The sources stand beside this
 * file, and beside the bundle that it becomes. If the headers lack what the live leak check relies on, the probe is compiled without it.
 * @throws UserError when not even that compiles.
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
    // Only torture needs it, and says so where it does not compile.
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
 * Removes the probes that are stale by the compiler's list of what they were made of. The others are tested again, with the interpreter that
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
  // The lifecycle walks frames, its own among them.
  const frames = ["-fno-omit-frame-pointer", "-fno-optimize-sibling-calls"];
  // As system headers: their warnings are CPython's.
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

/** An `#error` of ours says it best; else the compiler's first error. */
function firstError({ stderr }: Ended): string {
  const [, ours] = /#error "?cpython-memcheck: ([^"\n]*)"?/.exec(stderr) ?? [];
  return ours ?? stderr.split("\n").find((line) => /\berror:/.test(line)) ?? stderr.slice(-2000);
}
