import { createHash } from "node:crypto";
import type { SourceTree } from "./source.ts";
import type { Toolchain } from "./toolchain.ts";

/** How CPython is built for memcheck. Pure: the same recipe with the same toolchain and source gives the same build. */
export interface Recipe {
  readonly configureArgs: readonly string[];
  readonly toolchain: Toolchain;
}

/** Raise it with every change of flags or of a build folder's content, so that older builds are not reused. */
export const RECIPE_VERSION = 2;

/** The name of the build folder in debug information: stacks and the bytes of a build are the same in every folder. */
export const VIRTUAL_TREE = "/cpython";

/** Seconds since 1970: the time of source files, and the time that a build uses as the current one. Any time long ago. */
export const SOURCE_TIME = 1_000_000_000;

const COMPILER_FLAGS = [
  // The leak sanitizer's fast unwinder walks frame pointers.
  "-fno-omit-frame-pointer",
  // A tail call removes its caller from the stack.
  "-fno-optimize-sibling-calls",
  // Each function keeps its relocations, so that its machine code can be compared with another build's (affected/object-code.ts).
  "-ffunction-sections",
  "-fdata-sections",
];

/** gcc merges identical functions into one, which then has the other's name. clang does not, and rejects the flag. */
const OF_GCC = "-fno-ipa-icf";

/** Valgrind 3.19 can't read clang 14's default, DWARF 5. */
const OF_CLANG = "-gdwarf-4";

/** Arguments of configure for a free-threaded build. */
const WITHOUT_GIL = /^--(disable-gil(=yes)?|enable-gil=no)$/;

export function isFreeThreaded(configureArgs: readonly string[]): boolean {
  return configureArgs.some((arg) => WITHOUT_GIL.test(arg));
}

/**
 * Makes mimalloc, the only allocator of objects in a free-threaded build, report each block to memcheck. configure has no option for it. It changes
 * the layout of structs.
 */
export const TRACKED_MIMALLOC = "-DMI_TRACK_VALGRIND=1";

/** x86 and arm64 only. */
const LEAF_FRAME_POINTER = "-mno-omit-leaf-frame-pointer";

/**
 * Misc/README.valgrind: `--with-valgrind --without-pymalloc`. Objects from a free list would have the stack of the code that allocated the block
 * first, so free lists are disabled if configure can (3.11 to 3.13).
 */
export function makeRecipe(source: SourceTree, toolchain: Toolchain, extraArgs: readonly string[]): Recipe {
  const { architecture, compilerVersion } = toolchain;
  const [ownFlags, others] = partition(extraArgs, (arg) => arg.startsWith(CFLAGS));
  const flags = [
    ...COMPILER_FLAGS,
    /\bclang\b/.test(compilerVersion) ? OF_CLANG : OF_GCC,
    ...(/^(x86_64|aarch64)$/.test(architecture) ? [LEAF_FRAME_POINTER] : []),
    ...(isFreeThreaded(others) ? [TRACKED_MIMALLOC] : []),
    // configure uses only the last CFLAGS, so the user's are appended to ours.
    ...ownFlags.map((arg) => arg.slice(CFLAGS.length)),
  ];
  const configureArgs = [
    "--with-valgrind",
    "--without-pymalloc",
    ...(source.hasFreelistsOption ? ["--without-freelists"] : []),
    "--without-ensurepip",
    `CC=${toolchain.compiler}`,
    "OPT=-g -O2 -Wall",
    `${CFLAGS}${flags.join(" ")}`,
    ...others,
  ];
  return { configureArgs, toolchain };
}

const CFLAGS = "CFLAGS=";

function partition<Item>(items: readonly Item[], is: (item: Item) => boolean): readonly [Item[], Item[]] {
  return [items.filter(is), items.filter((item) => !is(item))];
}

/** Everything that a build depends on except the source's content. Sources of one version share a folder, so `make` compiles only differences. */
export function recipeKey(recipe: Recipe, version: string): string {
  return `${version}-${digest(JSON.stringify({ RECIPE_VERSION, ...recipe }))}`;
}

/** Everything that a build depends on. */
export function buildKey(recipe: Recipe, source: SourceTree): string {
  return `${recipeKey(recipe, source.version)}-${digest(source.contentHash)}`;
}

/** The environment of configure and make: variables that the user exported in a shell must not change a build with the same key. */
export function buildEnvironment(env: NodeJS.ProcessEnv): Record<string, string> {
  return { ...pick(env, ["PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "PKG_CONFIG_PATH"]), SOURCE_DATE_EPOCH: `${SOURCE_TIME}` };
}

/** For `make` only: configure would write the folder's path into the build information that Python reports. */
export const MAKE_VARIABLES = [
  // -MMD: each object lists the files that it was made from, since CPython's Makefile does not know all of them.
  `EXTRA_CFLAGS=-ffile-prefix-map=$(CURDIR)=${VIRTUAL_TREE} -MMD`,
  // Static libraries that name their objects instead of containing them.
  "ARFLAGS=rcsT",
] as const;

/** User name and home folder. No token or other secret of the job reaches the code under test. */
const USER_VARIABLES = ["PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "TZ", "USER", "LOGNAME", "SHELL"];

/** The kind of build that an environment is for. */
export interface Threading {
  readonly freeThreaded: boolean;
}

/** The same hashes, constants and allocator on every run. A free-threaded interpreter only starts with its own allocator. */
function fixed({ freeThreaded }: Threading): Record<string, string> {
  return { PYTHONHASHSEED: "0", ...(freeThreaded ? {} : { PYTHONMALLOC: "malloc" }) };
}

/** CPython's own tests never import packages from the home folder, which the user or another test put there. */
export function testEnvironment(env: NodeJS.ProcessEnv, python: Threading): Record<string, string> {
  return { ...pick(env, USER_VARIABLES), ...fixed(python), PYTHONDONTWRITEBYTECODE: "1", PYTHONNOUSERSITE: "1" };
}

/** Additional variables for a command: package locations and locale. */
const COMMAND_VARIABLES = /^(OPENBLAS_NUM_THREADS|PYTHONPATH|VIRTUAL_ENV|LANGUAGE|LC_\w+|TMP|TEMP|TERM)$/;

/** OpenBLAS starts a thread pool when it is loaded, which does not survive a fork of the worker; memcheck runs one thread at a time. */
const ONE_THREAD = { OPENBLAS_NUM_THREADS: "1" };

/**
 * A command can import the user's packages, and writes byte code as usual, so the next interpreter starts faster. @param passed names of
 * additional variables that the user wants to pass.
 */
export function commandEnvironment(env: NodeJS.ProcessEnv, passed: readonly string[], python: Threading): Record<string, string> {
  const names = Object.keys(env).filter((name) => COMMAND_VARIABLES.test(name));
  return { ...ONE_THREAD, ...pick(env, [...USER_VARIABLES, ...names, ...passed]), ...fixed(python) };
}

function pick(env: NodeJS.ProcessEnv, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
