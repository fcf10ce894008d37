// Line numbers in machine code and data: those of `__LINE__`, which internal errors print, and of Rust's panics. Moving a line does not count as a
// change. Pure.

/** Macros of CPython's headers that expand to `__LINE__`. */
const OF_HEADERS = ["PyErr_BadInternalCall", "_PyObject_ASSERT_FAILED_MSG"];

const MACRO = /^[ \t]*#[ \t]*define[ \t]+(\w+)((?:.*\\\n)*.*)$/gm;

/** The lines of a C file whose numbers the compiler may have put into code. */
export function linesInCode(source: string): ReadonlySet<number> {
  const pattern = takesLine(macrosWithLines(source));
  return new Set(source.split("\n").flatMap((line, index) => (pattern.test(line) ? [index + 1] : [])));
}

/** Macros of the file, including those defined by other macros. */
function macrosWithLines(source: string, known: readonly string[] = []): readonly string[] {
  const found = [...source.matchAll(MACRO)].flatMap(([, name = "", body = ""]) => (takesLine(known).test(body) ? [name] : []));
  return found.length === known.length ? found : macrosWithLines(source, found);
}

function takesLine(macros: readonly string[]): RegExp {
  return new RegExp(`__LINE__|\\b(${[...OF_HEADERS, ...macros].join("|")})\\b`);
}

/** `mov $N, %eax` to `mov $N, %edi` of x86-64; with a prefix, of %r8d to %r15d. */
const isMove = (byte: number | undefined): boolean => byte !== undefined && byte >= 0xb8 && byte <= 0xbf;

const NUMBER_BYTES = 4;

/** Layout of the location in a Rust panic (core::panic::Location), in bytes: address and length of the file name, line, column. */
const LOCATION = { size: 24, length: 8, line: 16 } as const;

/**
 * The byte range of line and column; undefined if the data is not a location.
 * @param nameAt returns the text of the given length at the address in the first field
 */
export function lineOfPanic(
  data: Uint8Array,
  nameAt: (length: number) => string | undefined,
): { readonly from: number; readonly to: number } | undefined {
  if (data.length !== LOCATION.size) return undefined;
  const length = new DataView(data.buffer, data.byteOffset, data.byteLength).getBigUint64(LOCATION.length, true);
  return length < MAX_PATH && nameAt(Number(length))?.endsWith(".rs") ? { from: LOCATION.line, to: LOCATION.size } : undefined;
}

const MAX_PATH = 4096;

/** Replaces each of these line numbers by zero where it is moved into a register. */
export function withoutLines(code: Uint8Array, lines: ReadonlySet<number>): Uint8Array {
  if (lines.size === 0) return code;
  const copy = Uint8Array.from(code);
  const view = new DataView(code.buffer, code.byteOffset, code.byteLength);
  for (let at = 0; at + NUMBER_BYTES < code.length; at++) {
    if (isMove(code[at]) && lines.has(view.getUint32(at + 1, true))) copy.fill(0, at + 1, at + 1 + NUMBER_BYTES);
  }
  return copy;
}
