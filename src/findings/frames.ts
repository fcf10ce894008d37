import type { Frame } from "../model/memory-error.ts";
import { isLambdaInLibrary } from "./language-libraries.ts";
import { CLOSURE, cythonKey, unqualifiedName } from "./readable-name.ts";

/** A frame as it enters a signature: no address, line or compiler suffix, which differ between builds of the same code. */
export interface NormalFrame {
  /** The function. */
  readonly name: string;
  /** The function, and its file where another file has a function of that name: `module_exec@_csv.c`. */
  readonly key: string;
  readonly frame: Frame;
}

/** Names that several files of the project have a function of. */
export type AmbiguousNames = ReadonlySet<string>;

const NONE: AmbiguousNames = new Set();

/** The frames that a person would call the stack: those inlined from headers are folded into the function that has them. */
export function normalizeFrames(frames: readonly Frame[], ambiguous = NONE): readonly NormalFrame[] {
  return frames.filter((_, index) => !isFolded(frames, index)).map((frame) => normalizeFrame(frame, ambiguous));
}

export function normalizeFrame(frame: Frame, ambiguous = NONE): NormalFrame {
  const name = normalizeName(frame);
  // Of C++ and Rust only the last part of the name is sure, and every class has a `new`. A header that several files include tells no more.
  const tells = (ambiguous.has(name) || name.startsWith("::")) && frame.file !== undefined && !isHeader(frame.file);
  return { name, key: tells ? `${name}@${frame.file}` : name, frame };
}

/**
 * `Py_INCREF`, `_PyObject_VectorcallTstate`: whether they are inlined is the compiler's choice. Memcheck gives an inlined frame the address of
 * the one that it is inlined into, which follows.
 */
export function isFolded(frames: readonly Frame[], index: number): boolean {
  const frame = frames[index];
  if (frame === undefined || frame.address !== frames[index + 1]?.address) return false;
  return frame.function === UNKNOWN_INLINED || (frame.file !== undefined && isHeader(frame.file));
}

/** Valgrind's name for an inlined function that the debug information of another unit describes. */
const UNKNOWN_INLINED = "UnknownInlinedFun";

/** C and C++ headers, and the files with inline functions and templates that headers include. Those of the standard library have no suffix. */
const HEADER = /^[^.]+$|\.(h|hh|hp|hpp|hxx|h\+\+|cuh|inc|inl|ipp|ixx|icc|tcc|tpl|tpp|txx)$/i;

function isHeader(file: string): boolean {
  return HEADER.test(file);
}

/** CPython's pairs of one function: the argument clinic's `X` and `X_impl`, and what 3.13 split for the free-threaded build. */
const HALVES = /(?<=.)(_(impl|lock_held|unlocked))+$/;

/** `_tmp_12_rule`: CPython's parser generator numbers them, and a new line of grammar renumbers all that follow. */
const RULE_NUMBER = /(?<=^_(?:tmp|loop[01]|gather)_)\d+_(?=rule$)/;

/** A frame without a function is known by its object: `/lib/x86_64-linux-gnu/libz.so.1.2.13` is `libz.so`. */
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
