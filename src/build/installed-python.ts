import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { UserError } from "../model/user-error.ts";
import { provideProbe } from "../probe/provide.ts";
import type { Settings } from "../settings/settings.ts";
import type { FoundInterpreter } from "../settings/source-setting.ts";
import { acquireLock } from "../system/lock.ts";
import type { Processes } from "../system/processes.ts";
import { restorePermissions } from "../system/remove-folder.ts";
import { askInterpreter, type InterpreterFacts, isTooOld, refuseInterpreter } from "./interpreter-facts.ts";
import { lockOf, markAsUsed } from "./old-builds.ts";
import type { PreparedBuild, Tools } from "./prepare.ts";
import { TRACKED_MIMALLOC } from "./recipe.ts";
import { requireSuitable } from "./suitable-settings.ts";
import type { Toolchain } from "./toolchain.ts";

/** Beside the probe: stands for `Misc/valgrind-python.supp` of CPython's source. A live check needs none of it. */
const NO_SUPPRESSIONS = "# An installed CPython has no suppressions of its own.\n";

/**
 * An interpreter that someone else built: from setup-python, uv, pyenv or the system. Only the probe is compiled. Objects come from malloc by
 * PYTHONMALLOC, except in a free-threaded one, and the probe turns free lists off; the self-test decides whether that is enough.
 * @throws UserError if this CPython can't be checked that way, or its headers are not installed.
 */
export async function openInstalled(program: string, settings: Settings, toolchain: Toolchain, tools: Tools): Promise<PreparedBuild> {
  const { progress, processes } = tools;
  const { workDir } = settings;
  const began = performance.now();
  const { executable: path, ...facts } = await askInterpreter(program, processes, settings);
  const refusal = refuseInterpreter(facts) ?? missingHeaders(facts);
  if (refusal !== undefined) throw new UserError(`\`python\` is ${program}, which cannot be checked: ${refusal}.`);
  requireSuitable(settings, { ...facts, isInstalled: true });
  // Not the executable: the virtual environments of an interpreter share its probe.
  const key = createHash("sha256").update(JSON.stringify(facts)).digest("hex").slice(0, 16);
  const folder = join(workDir, "interpreters", `${facts.version}-${key}`);
  await mkdir(dirname(folder), { recursive: true });
  const lock = await acquireLock(lockOf(folder), progress, { subject: "folder of the interpreter's probe" });
  try {
    await markAsUsed(folder);
    restorePermissions(folder);
    const suppressions = join(folder, "Misc", "valgrind-python.supp");
    await mkdir(dirname(suppressions), { recursive: true });
    await writeFile(suppressions, NO_SUPPRESSIONS);
    progress.update("compiling the probe");
    const headers = [...facts.headers, ...facts.headers.map((include) => join(include, "internal"))];
    const { extensionSuffix, freeThreaded, tracked } = facts;
    const { compiler } = toolchain;
    const layoutFlags = tracked ? [TRACKED_MIMALLOC] : [];
    const parts = { headers, folder: join(folder, "probe"), compiler, extensionSuffix, freeThreaded, layoutFlags };
    const probe = await provideProbe(parts, processes);
    return {
      source: { path: folder, version: facts.version, hasFreelistsOption: false, files: new Map(), contentHash: key, commit: null },
      recipe: { configureArgs: [facts.build], toolchain },
      python: {
        path,
        version: facts.version,
        tree: folder,
        roots: rootsOf(facts),
        objects: [facts.program, ...(facts.library === null ? [] : [facts.library])],
        freeThreaded,
        hidesObjects: freeThreaded && !tracked,
        framePointers: facts.framePointers,
        suppressions: { all: suppressions, definiteLeaks: suppressions },
        probe,
        build: { kind: "installed", seconds: (performance.now() - began) / 1000 },
      },
      [Symbol.asyncDispose]: () => lock[Symbol.asyncDispose](),
    };
  } catch (error) {
    await lock[Symbol.asyncDispose]();
    throw error;
  }
}

/** The first of `python3` and `python` in PATH that is a Python, also if it needs a variable to start: the one that a user means. */
export async function findInstalled(processes: Processes, directory: string): Promise<FoundInterpreter> {
  const whereabouts = { directory, passEnv: ["LD_LIBRARY_PATH"] };
  for (const name of ["python3", "python"]) {
    const program = processes.pathOf(name);
    const facts = program === undefined ? undefined : await askInterpreter(program, processes, whereabouts).catch(() => undefined);
    if (program === undefined || facts === undefined) continue;
    if (isTooOld(facts)) return { kind: "too-old", name, version: facts.version };
    const reason = refuseInterpreter(facts) ?? missingHeaders(facts);
    return reason === undefined ? { kind: "usable", program } : { kind: "unsuitable", name, reason };
  }
  return { kind: "missing" };
}

/** Files on stacks that belong to the interpreter. Packages are installed below the same prefix. */
function rootsOf({ program, library, modules, stdlib }: Omit<InterpreterFacts, "executable">): readonly string[] {
  return [program, ...(library === null ? [] : [library]), modules ?? join(stdlib, "lib-dynload")];
}

function missingHeaders({ headers, minor }: Pick<InterpreterFacts, "headers" | "minor">): string | undefined {
  if (headers.some((include) => existsSync(join(include, "internal", "pycore_interp.h")))) return undefined;
  return `its headers are not in ${headers.join(" or ")} (on Debian and Ubuntu they are in the package \`python3.${minor}-dev\`)`;
}
