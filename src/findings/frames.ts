import type { Frame } from "../model/memory-error.ts";
import { isLambdaInLibrary } from "./language-libraries.ts";
import { CLOSURE, cythonKey, unqualifiedName } from "./readable-name.ts";

/** A frame as it enters a signature: no address, line or compiler suffix, which differ between builds of the same code. */
export interface NormalFrame {
  /** The function. */
  readonly name: string;
  /** The function, with its file if another file has a function of the same name: `module_exec@_csv.c`. */
  readonly key: string;
  readonly frame: Frame;
}

/** Function names that occur in several files of the project. */
export type AmbiguousNames = ReadonlySet<string>;

const NONE: AmbiguousNames = new Set();

/** The frames that a person would call the stack: inlined functions from headers are merged into the function that contains them. */
export function normalizeFrames(frames: readonly Frame[], ambiguous = NONE): readonly NormalFrame[] {
  return frames.filter((_, index) => !isFolded(frames, index)).map((frame) => normalizeFrame(frame, ambiguous));
}

export function normalizeFrame(frame: Frame, ambiguous = NONE): NormalFrame {
  const name = normalizeName(frame);
  // For C++ and Rust, only the last part of the name is reliable, and every class has a `new`. A header that several files include says no
  // more.
  const needsFile = (ambiguous.has(name) || name.startsWith("::")) && frame.file !== undefined && !isHeader(frame.file);
  return { name, key: needsFile ? `${name}@${frame.file}` : name, frame };
}

/**
 * `Py_INCREF`, `_PyObject_VectorcallTstate`: the compiler decides whether they are inlined. Memcheck gives an inlined frame the address of the
 * frame that contains it, which comes next.
 */
export function isFolded(frames: readonly Frame[], index: number): boolean {
  const frame = frames[index];
  if (frame === undefined || frame.address !== frames[index + 1]?.address) return false;
  return frame.function === UNKNOWN_INLINED || (frame.file !== undefined && isHeader(frame.file));
}

/** Valgrind's name for an inlined function that is described in another unit's debug information. */
const UNKNOWN_INLINED = "UnknownInlinedFun";

/** C and C++ headers, and files with inline functions and templates that headers include. Standard library headers have no suffix. */
const HEADER = /^[^.]+$|\.(h|hh|hp|hpp|hxx|h\+\+|cuh|inc|inl|ipp|ixx|icc|tcc|tpl|tpp|txx)$/i;

function isHeader(file: string): boolean {
  return HEADER.test(file);
}

/**
 * Pairs of functions in CPython that are one function: argument clinic's `X` and `X_impl`, and functions that 3.13 split for the free-threaded
 * build.
 */
const HALVES = /(?<=.)(_(impl|lock_held|unlocked))+$/;

/** `_tmp_12_rule`: CPython's parser generator numbers them, so a new grammar rule renumbers all later ones. */
const RULE_NUMBER = /(?<=^_(?:tmp|loop[01]|gather)_)\d+_(?=rule$)/;

/** A frame without a function is identified by its object: `/lib/x86_64-linux-gnu/libz.so.1.2.13` is `libz.so`. */
export function normalizeName(frame: Partial<Frame>): string {
  if (frame.function === undefined || frame.function === UNKNOWN_INLINED) return `(${objectName(frame.object) ?? "unknown"})`;
  const known = isLambda(frame) ? CLOSURE : (unqualifiedName(frame.function, frame.file) ?? cythonKey(frame.function));
  if (known !== undefined) return known;
  // `operator new(unsigned long)`, `(below main)`
  if (/^\W|^operator\b/.test(frame.function)) return frame.function;
  return cutSuffixes(frame.function).replace(HALVES, "").replace(RULE_NUMBER, "");
}

function isLambda({ function: name, file, directory }: Partial<Frame>): boolean {
  return (
    file !== undefined &&
    name !== undefined &&
    isLambdaInLibrary({ address: "", function: name, file, ...(directory === undefined ? {} : { directory }) })
  );
}

/** `malloc@@GLIBC_2.2.5`, `__GI_strlen`, `PyUnicode_New.part.0`, `f.constprop.1.isra.0` */
function cutSuffixes(name: string): string {
  const start = name.replace(/(?<=.)@.*$/, "").replace(/^__GI_(?=.)/, "");
  const dot = start.indexOf(".", 1);
  return dot === -1 ? start : start.slice(0, dot);
}

function objectName(object: string | undefined): string | undefined {
  return object
    ?.split("/")
    .at(-1)
    ?.replace(/(\.so)\..*$/, "$1")
    .replace(/\.cpython-.*\.so$/, ".so");
}
