import * as v from "valibot";
import { UserError } from "../model/user-error.ts";
import type { Processes } from "../system/processes.ts";

/** Free lists can be switched off from here on; before, an object from one has the stack of the block's first owner, if it is seen at all. */
const MIN_INSTALLED_MINOR = 14;

const FactsSchema = v.object({
  implementation: v.string(),
  /** `3.14.7` */
  version: v.string(),
  /** With the day and the compiler: tells two builds of one version apart. */
  build: v.string(),
  minor: v.number(),
  freeThreaded: v.boolean(),
  /** Whether its mimalloc tells memcheck of each block. */
  tracked: v.boolean(),
  traceRefs: v.boolean(),
  jit: v.boolean(),
  sanitized: v.boolean(),
  framePointers: v.boolean(),
  /** The program itself, behind links and virtual environments. */
  program: v.string(),
  library: v.nullable(v.string()),
  headers: v.array(v.string()),
  stdlib: v.string(),
  modules: v.nullable(v.string()),
  extensionSuffix: v.string(),
});

/** What an installed interpreter says of itself. */
export type InterpreterFacts = v.InferOutput<typeof FactsSchema>;

/** Runs in any Python 3: without the user's packages and variables. */
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
    "program": os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable),
    "library": next((os.path.realpath(path) for path in libraries if os.path.exists(path)), None),
    "headers": list(include), "stdlib": sysconfig.get_path("stdlib"), "modules": get("DESTSHARED"), "extensionSuffix": get("EXT_SUFFIX") or "",
}))
`;

/** @throws UserError for a program that is no Python, or does not answer. */
export async function askInterpreter(path: string, processes: Processes): Promise<InterpreterFacts> {
  const env = { PATH: processes.env.PATH, HOME: processes.env.HOME };
  const ended = await processes.run(path, ["-I", "-S", "-c", QUESTION], { cwd: "/", env, timeout: 60 }).catch((cause: unknown) => {
    throw new UserError(`\`python\` is ${path}, which cannot be started.`, { cause });
  });
  const facts = v.safeParse(v.pipe(v.string(), v.parseJson(), FactsSchema), ended.stdout);
  if (facts.success) return facts.output;
  throw new UserError(`\`python\` is ${path}, which does not answer as a CPython does.`, {
    hint: `It says: ${ended.stderr.trim().split("\n")[0]?.slice(0, 150) ?? ""}`,
  });
}

/** Why an installed interpreter cannot be checked as it is; undefined where it can. Pure. */
export function refuseInterpreter(facts: InterpreterFacts): string | undefined {
  if (facts.implementation !== "cpython") return `it is ${facts.implementation}, not CPython`;
  if (facts.minor < MIN_INSTALLED_MINOR)
    return `it is CPython ${facts.version}: before 3.${MIN_INSTALLED_MINOR} free lists hide leaks, and only a build of ours is without them. Give \`python-version\` instead`;
  if (facts.traceRefs) return "it keeps every object in a list (--with-trace-refs), so nothing is ever lost";
  if (facts.jit) return "it has the JIT, whose code has no names";
  if (facts.sanitized) return "it was built with a sanitizer of its own";
  return undefined;
}
