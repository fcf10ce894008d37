import { createHash } from "node:crypto";
import type { SourceTree } from "./source.ts";
import type { Toolchain } from "./toolchain.ts";

/** How a CPython is built for memcheck. Pure: the same recipe on the same toolchain and source gives the same build. */
export interface Recipe {
  readonly configureArgs: readonly string[];
  readonly toolchain: Toolchain;
}

/** Goes up with every change of flags or of what is kept in a build folder, so that older builds are not believed. */
export const RECIPE_VERSION = 2;

/** What a build's debug information calls the folder that it was built in: stacks, and the bytes of a build, are the same wherever that was. */
export const VIRTUAL_TREE = "/cpython";

/** Seconds since 1970: the age of a source's files, and what a build takes for the time of day. Any that is long ago. */
export const SOURCE_TIME = 1_000_000_000;

const COMPILER_FLAGS = [
  // The leak sanitizer's fast unwinder walks frame pointers.
  "-fno-omit-frame-pointer",
  // A tail call takes its caller off the stack.
  "-fno-optimize-sibling-calls",
  // Each function keeps its relocations, so that its machine code can be compared with another build's (affected/object-code.ts).
  "-ffunction-sections",
  "-fdata-sections",
];

/** gcc folds identical functions into one, which then shows the other one's name. clang does not, and refuses the flag. */
const OF_GCC = "-fno-ipa-icf";

/** Valgrind 3.19 gives up on what clang 14 writes by default, which is version 5. */
const OF_CLANG = "-gdwarf-4";

/** configure's words for a free-threaded build. */
const WITHOUT_GIL = /^--(disable-gil(=yes)?|enable-gil=no)$/;

/** Makes mimalloc, the only allocator of objects in a free-threaded build, tell memcheck of each block. configure has no option for it. Changes layouts. */
export const TRACKED_MIMALLOC = "-DMI_TRACK_VALGRIND=1";

/** Of x86 and arm64 only. */
const LEAF_FRAME_POINTER = "-mno-omit-leaf-frame-pointer";

/**
 * Misc/README.valgrind: `--with-valgrind --without-pymalloc`. Objects from a free list would carry the stack of the code that allocated the block
 * first, so the lists are left out where configure knows how (3.11 to 3.13).
 */
export function makeRecipe(source: SourceTree, toolchain: Toolchain, extraArgs: readonly string[]): Recipe {
  const { architecture, compilerVersion } = toolchain;
  const [ownFlags, others] = partition(extraArgs, (arg) => arg.startsWith(CFLAGS));
  const flags = [
    ...COMPILER_FLAGS,
    /\bclang\b/.test(compilerVersion) ? OF_CLANG : OF_GCC,
    ...(/^(x86_64|aarch64)$/.test(architecture) ? [LEAF_FRAME_POINTER] : []),
    ...(others.some((arg) => WITHOUT_GIL.test(arg)) ? [TRACKED_MIMALLOC] : []),
    // configure takes the last CFLAGS only: what the settings give is added to ours.
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

/** All that a build depends on but the source's content. Sources of one version share a folder, so that `make` compiles what differs. */
export function recipeKey(recipe: Recipe, version: string): string {
  return `${version}-${digest(JSON.stringify({ RECIPE_VERSION, ...recipe }))}`;
}

/** All that a build depends on. */
export function buildKey(recipe: Recipe, source: SourceTree): string {
  return `${recipeKey(recipe, source.version)}-${digest(source.contentHash)}`;
}

/** The environment of configure and make: what the person exported for a shell must not change the build behind the key. */
export function buildEnvironment(env: NodeJS.ProcessEnv): Record<string, string> {
  return { ...pick(env, ["PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "PKG_CONFIG_PATH"]), SOURCE_DATE_EPOCH: `${SOURCE_TIME}` };
}

/** Given to `make` and not to configure, which would write the folder's path into what Python tells of its build. */
export const MAKE_VARIABLES = [
  // -MMD: each object says which files it was made of, since CPython's Makefile does not know of all.
  `EXTRA_CFLAGS=-ffile-prefix-map=$(CURDIR)=${VIRTUAL_TREE} -MMD`,
  // Static libraries that name their objects instead of holding them once more.
  "ARFLAGS=rcsT",
] as const;

/** Who and where the user is. No token and no other secret of the job reaches the code under test. */
const USER_VARIABLES = ["PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "TZ", "USER", "LOGNAME", "SHELL"];

/** Which build of CPython an environment is for. */
export interface Threading {
  readonly freeThreaded: boolean;
}

/** The same hashes, constants and allocator on every run. A free-threaded interpreter has one allocator only, and refuses to start with another. */
function fixed({ freeThreaded }: Threading): Record<string, string> {
  return { PYTHONHASHSEED: "0", ...(freeThreaded ? {} : { PYTHONMALLOC: "malloc" }) };
}

/** CPython's own tests never import what the user has installed in the home folder, or what another test has put there. */
export function testEnvironment(env: NodeJS.ProcessEnv, python: Threading): Record<string, string> {
  return { ...pick(env, USER_VARIABLES), ...fixed(python), PYTHONDONTWRITEBYTECODE: "1", PYTHONNOUSERSITE: "1" };
}

/** What a command gets beside that: where its packages are, and in which language it speaks. */
const COMMAND_VARIABLES = /^(OPENBLAS_NUM_THREADS|PYTHONPATH|VIRTUAL_ENV|LANGUAGE|LC_\w+|TMP|TEMP|TERM)$/;

/** A thread pool, which OpenBLAS starts when it is loaded, does not live on in the children of a worker; memcheck runs one thread at a time. */
const ONE_THREAD = { OPENBLAS_NUM_THREADS: "1" };

/** A command also imports what the user has installed, and leaves byte code as it would alone: the next interpreter starts sooner. @param passed names of further variables that the user wants it to have. */
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
