import * as v from "valibot";
import { UserError } from "../model/user-error.ts";
import type { Processes } from "../system/processes.ts";

/**
 * The first version in which free lists can be turned off. Before, an object from a free list has the stack of the block's first owner, if it is
 * seen at all.
 */
const MIN_INSTALLED_MINOR = 14;

const FactsSchema = v.object({
  implementation: v.string(),
  /** `3.14.7` */
  version: v.string(),
  /** Includes build date and compiler, which distinguish two builds of one version. */
  build: v.string(),
  minor: v.number(),
  freeThreaded: v.boolean(),
  /** Whether its mimalloc reports each block to memcheck. */
  tracked: v.boolean(),
  traceRefs: v.boolean(),
  jit: v.boolean(),
  sanitized: v.boolean(),
  framePointers: v.boolean(),
  /** The program that runs: not a version manager's script that starts it, but the link in a virtual environment. */
  executable: v.string(),
  /** The program itself, with links and virtual environments resolved. */
  program: v.string(),
  library: v.nullable(v.string()),
  headers: v.array(v.string()),
  stdlib: v.string(),
  modules: v.nullable(v.string()),
  extensionSuffix: v.string(),
});

/** Facts that an installed interpreter reports about itself. */
export type InterpreterFacts = v.InferOutput<typeof FactsSchema>;

/** Runs in any Python 3: without the user's packages and variables of Python's own. */
const QUESTION = `
import json, os, sys, sysconfig
get = sysconfig.get_config_var
flags = " ".join(str(get(name) or "") for name in ("CFLAGS", "PY_CFLAGS", "PY_CORE_CFLAGS", "CONFIG_ARGS"))
include = dict.fromkeys(sysconfig.get_path(name, vars={"base": sys.base_prefix, "installed_base": sys.base_prefix, "platbase": sys.base_exec_prefix,
    "installed_platbase": sys.base_exec_prefix}) for name in ("include", "platinclude"))
shared = get("LDLIBRARY") if get("Py_ENABLE_SHARED") else None
libraries = [os.path.join(folder, shared) for folder in (get("LIBDIR"), os.path.join(sys.base_prefix, "lib")) if folder and shared]
print(json.dumps({
    "implementation": sys.implementation.name, "version": ".".join(map(str, sys.version_info[:3])), "build": sys.version,
    "minor": sys.version_info[1] if sys.version_info[0] == 3 else 0,
    "freeThreaded": bool(get("Py_GIL_DISABLED")), "tracked": "-DMI_TRACK_VALGRIND=1" in flags, "traceRefs": bool(get("Py_TRACE_REFS")),
    "jit": "_Py_JIT" in flags or "--enable-experimental-jit" in flags, "sanitized": "-fsanitize=" in flags,
    "framePointers": "-fno-omit-frame-pointer" in flags,
    "executable": sys.executable or "", "program": os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable),
    "library": next((os.path.realpath(path) for path in libraries if os.path.exists(path)), None),
    "headers": list(include), "stdlib": sysconfig.get_path("stdlib"), "modules": get("DESTSHARED"), "extensionSuffix": get("EXT_SUFFIX") or "",
}))
`;

/** The scripts of version managers (pyenv, asdf, mise) choose an interpreter by these variables, and by files in the current folder. */
const CHOOSES_VERSION = /^(PYENV|ASDF|MISE)_\w+$/;

/** Where an interpreter will run, and the names of further variables that it will get. */
export interface Whereabouts {
  readonly directory: string;
  readonly passEnv: readonly string[];
}

/** Where the linker looks for a shared libpython, which setup-python sets. */
const LIBRARIES = "LD_LIBRARY_PATH";

/**
 * @param program a path, or a name in PATH.
 * @throws UserError if the program is not a Python, or does not answer.
 */
export async function askInterpreter(
  program: string,
  processes: Processes,
  { directory, passEnv }: Whereabouts,
): Promise<InterpreterFacts> {
  const path = program.includes("/") ? program : processes.pathOf(program);
  if (path === undefined) throw new UserError(`\`python\` is ${program}, which is not in PATH.`);
  const { PATH, HOME, ...others } = processes.env;
  const chosen = Object.entries(others).filter(([name]) => CHOOSES_VERSION.test(name) || (name === LIBRARIES && passEnv.includes(name)));
  const env = { PATH, HOME, ...Object.fromEntries(chosen) };
  const ended = await processes.run(path, ["-I", "-S", "-c", QUESTION], { cwd: directory, env, timeout: 60 }).catch((cause: unknown) => {
    throw new UserError(`\`python\` is ${program}, which cannot be started.`, { cause });
  });
  const facts = v.safeParse(v.pipe(v.string(), v.parseJson(), FactsSchema), ended.stdout);
  if (facts.success) return { ...facts.output, executable: facts.output.executable || path };
  throw new UserError(`\`python\` is ${program}, which does not answer like a CPython.`, {
    hint: `It says: ${ended.stderr.trim().split("\n")[0]?.slice(0, 150) ?? ""}${remedyFor(ended.stderr, processes, passEnv)}`,
  });
}

function remedyFor(said: string, { env }: Processes, passEnv: readonly string[]): string {
  const isNeeded = said.includes("loading shared libraries") && env[LIBRARIES] !== undefined && !passEnv.includes(LIBRARIES);
  return isNeeded ? `\nIf it needs ${LIBRARIES}, name that in \`pass-env\`.` : "";
}

/** Why an installed interpreter can't be checked; undefined if it can. Pure. */
export function refuseInterpreter(facts: Omit<InterpreterFacts, "executable">): string | undefined {
  if (facts.implementation !== "cpython") return `it is ${facts.implementation}, not CPython`;
  if (isTooOld(facts))
    return `it is CPython ${facts.version}: before 3.${MIN_INSTALLED_MINOR} free lists hide leaks. Set \`python-version\` to have one built without them`;
  if (facts.traceRefs) return "it keeps every object in a list (--with-trace-refs), so nothing is ever lost";
  if (facts.jit) return "it has the JIT, whose machine code has no function names";
  if (facts.sanitized) return "it was built with another sanitizer";
  return undefined;
}

/** Whether it is a CPython in which free lists can't be turned off. */
export function isTooOld({ implementation, minor }: Pick<InterpreterFacts, "implementation" | "minor">): boolean {
  return implementation === "cpython" && minor < MIN_INSTALLED_MINOR;
}
