// The two files shared with src/probe/footprint.c: the list of functions to watch, and the record of those that ran. Pure.

import { FLAG, readElf, SYMBOL } from "./elf.ts";
import { isColdPart, keyOf } from "./symbol-key.ts";

/** A program or extension module of the build, with the functions in it. */
export interface ListedObject {
  readonly path: string;
  /** Sorted by address; aliases share one. */
  readonly functions: readonly { readonly address: number; readonly keys: readonly string[] }[];
}

/** A folder whose files are recorded when they are opened. */
export interface Root {
  /** Without symbolic links. */
  readonly path: string;
  /** Prefix of the names of its files: empty, or a name and a slash. */
  readonly prefix: string;
}

/** The functions and folders that processes of a scan watch. */
export interface Watched {
  /** The interpreter first. */
  readonly objects: readonly ListedObject[];
  /** The innermost first. */
  readonly roots: readonly Root[];
  /** Whether every other program that a test file starts leaves a gap in the record; otherwise only one that may start the interpreter. */
  readonly isStrict: boolean;
}

/** Both files begin with this number. Raise it with every change of either format. */
const MAGIC = 0x33504d43;

const WORD = 4;
const RECORD_HEADER_WORDS = 4;

/**
 * The functions that can be watched: those with an entry point.
 * @param isWanted filters functions by their key
 * @throws Error if it is not a program or library
 */
export function listFunctions(path: string, bytes: Uint8Array, isWanted: (key: string) => boolean = () => true): ListedObject {
  const { symbols, dynamicSymbols, sections } = readElf(bytes);
  const functions = (symbols.length === 0 ? dynamicSymbols : symbols).filter(({ type, section, size, name }) => {
    const isCode = ((sections[section]?.flags ?? 0) & FLAG.code) !== 0;
    // `x.cold` is a part of `x` that can be entered anywhere.
    return type === SYMBOL.function && isCode && size > 0 && !isColdPart(name);
  });
  const groups = [...Map.groupBy(functions, ({ value }) => value)].toSorted(([a], [b]) => a - b);
  const listed = groups.map(([address, group]) => ({ address, keys: group.map(keyOf).filter(isWanted) }));
  return { path, functions: listed.filter(({ keys }) => keys.length > 0) };
}

export function encodeList({ objects, roots, isStrict }: Watched): Uint8Array {
  const functions = objects.flatMap((object) => object.functions);
  const strings = [...objects, ...roots].map(({ path }) => Buffer.from(`${path}\0`));
  const offsets = strings.map((_, index) => strings.slice(0, index).reduce((sum, { length }) => sum + length, 0));
  const firsts = objects.map((_, index) => objects.slice(0, index).reduce((sum, object) => sum + object.functions.length, 0));
  const words = [
    ...[MAGIC, objects.length, functions.length, roots.length, isStrict ? 1 : 0],
    ...objects.flatMap((object, index) => [offsets[index] ?? 0, firsts[index] ?? 0, object.functions.length]),
    ...roots.map((_, index) => offsets[objects.length + index] ?? 0),
    ...functions.map(({ address }) => address),
  ];
  const encoded = Buffer.alloc(words.length * WORD);
  for (const [index, word] of words.entries()) encoded.writeUInt32LE(word, index * WORD);
  return Buffer.concat([encoded, ...strings]);
}

/** What the processes of one test file did. */
export interface RawFootprint {
  /** By index in the list: {@link WAS_RUN}, another number if it is already known that all files of the worker run it, 0 if it did not run. */
  readonly hits: Uint8Array;
  /** Opened files: index of the folder, and path relative to it; unordered. */
  readonly files: readonly { readonly root: number; readonly path: string }[];
  /** Why the record is incomplete; null if it is complete. */
  readonly gap: Gap | null;
}

export const WAS_RUN = 1;

/** A function that every Python process runs: a record without it is not from the checked interpreter. */
export const RUN_BY_ALL = "_PyEval_EvalFrameDefault";

export type Gap = "full" | "unseen-program" | "unseen-function" | "unreadable";

const SEEN_BYTES = 8192 * 8;
const LOG_BYTES = 512 * 1024;
const LOG_AT = RECORD_HEADER_WORDS * WORD + SEEN_BYTES;
const HITS_AT = LOG_AT + LOG_BYTES;

/** A line of the log begins with the index of the folder as two digits of this base, which are characters from `0` on. */
const BASE = 64;
const DIGITS = 2;

/** In the order of their bits. The next bit, IS_OF_TEST, is no gap. */
const GAPS: readonly Gap[] = ["full", "unseen-program", "unseen-function"];

/** The size of a record in bytes. */
export function recordSize(functionCount: number): number {
  return HITS_AT + functionCount;
}

/** The content is untrusted: tests could have written it. */
export function decodeRecord(bytes: Uint8Array, functionCount: number): RawFootprint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isRecord = bytes.length === recordSize(functionCount) && view.getUint32(0, true) === MAGIC;
  if (!isRecord || view.getUint32(WORD, true) !== functionCount) return { hits: new Uint8Array(), files: [], gap: "unreadable" };
  const flags = view.getUint32(2 * WORD, true);
  const length = Math.min(view.getUint32(3 * WORD, true), LOG_BYTES);
  const log = Buffer.from(bytes.subarray(LOG_AT, LOG_AT + length)).toString("utf8");
  // Of a process that was killed while it noted a file, only the space for the name remains. In a name, a zero byte stands for a line break.
  const gap = GAPS.find((_, bit) => (flags & (1 << bit)) !== 0) ?? (log.includes("\0") ? "unreadable" : null);
  const lines = log.split("\n").filter((line) => line !== "");
  const files = lines.map((line) => ({ root: digit(line, 0) * BASE + digit(line, 1), path: line.slice(DIGITS) }));
  return { hits: new Uint8Array(bytes.subarray(HITS_AT)), files, gap };
}

function digit(line: string, index: number): number {
  return line.charCodeAt(index) - "0".charCodeAt(0);
}
