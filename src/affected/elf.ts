// Object files and programs of 64-bit little-endian ELF (elf(5); System V ABI, AMD64 supplement). Pure.

export interface Section {
  readonly index: number;
  readonly name: string;
  readonly type: number;
  readonly flags: number;
  /** Load address in a program or library; 0 in an object file. */
  readonly address: number;
  /** Size of one entry, in bytes; 0 if entries have no fixed size. */
  readonly entrySize: number;
  readonly size: number;
  /** Empty if the section has no content in the file (`.bss`). */
  readonly bytes: Uint8Array;
  readonly link: number;
  readonly info: number;
}

export interface ElfSymbol {
  readonly name: string;
  readonly type: number;
  readonly isLocal: boolean;
  /** 0 if another file defines it; negative if it is in no section ({@link COMMON}). */
  readonly section: number;
  readonly value: number;
  readonly size: number;
  /** For a local symbol, the name of the source file as the compiler gave it. */
  readonly file: string;
}

/** A place in a section that holds the address of a symbol. */
export interface Relocation {
  readonly offset: number;
  readonly type: number;
  readonly symbol: number;
  readonly addend: bigint;
}

export interface Elf {
  readonly sections: readonly Section[];
  readonly symbols: readonly ElfSymbol[];
  /** Symbols that a program or library exports or imports. They remain if it is stripped. */
  readonly dynamicSymbols: readonly ElfSymbol[];
  relocationsOf(section: Section): readonly Relocation[];
}

export const SECTION = {
  symbols: 2,
  relocations: 4,
  dynamic: 6,
  noBits: 8,
  dynamicSymbols: 11,
  initArray: 14,
  finiArray: 15,
  symbolSections: 18,
} as const;
export const FLAG = { allocated: 2, code: 4, merged: 16, strings: 32 } as const;
export const SYMBOL = { none: 0, data: 1, function: 2, section: 3, file: 4, common: 5, threadLocal: 6, indirect: 10 } as const;

/** Section number of a variable without a value, which the linker allocates (`int x;`, -fcommon). */
export const COMMON = -14;

/** Section numbers from here on have another meaning: the last one, that the number does not fit and is elsewhere. */
const RESERVED = { first: 0xff00, last: 0xffff, count: 0x10000 } as const;

const HEADER = { size: 64, sections: 0x28, sectionSize: 0x3a, sectionCount: 0x3c, names: 0x3e } as const;

/** @throws RangeError or Error if it is not such a file. */
export function readElf(bytes: Uint8Array): Elf {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER.size || view.getUint32(0) !== 0x7f454c46 || bytes[4] !== 2 || bytes[5] !== 1) throw new Error("not 64-bit ELF");
  const at = Number(view.getBigUint64(HEADER.sections, true));
  const size = view.getUint16(HEADER.sectionSize, true);
  const [count, namesIndex] = [view.getUint16(HEADER.sectionCount, true), view.getUint16(HEADER.names, true)];
  // With too many sections for these fields, section 0 has the numbers.
  const zero = readSection(bytes, view, at, 0);
  const length = count === 0 && at > 0 ? zero.size : count;
  const raw = Array.from({ length }, (_, index) => readSection(bytes, view, at + index * size, index));
  const names = raw[namesIndex === RESERVED.last ? zero.link : namesIndex]?.bytes ?? new Uint8Array();
  const sections = raw.map(({ nameAt, ...section }) => ({ ...section, name: stringAt(names, nameAt) }));
  const symbolsOf = (wanted: number): readonly ElfSymbol[] =>
    sections.filter(({ type }) => type === wanted).flatMap((table) => readSymbols(table, sections));
  const [symbols, dynamicSymbols] = [symbolsOf(SECTION.symbols), symbolsOf(SECTION.dynamicSymbols)];
  const relocations = new Map(sections.flatMap((section) => (section.type === SECTION.relocations ? [[section.info, section]] : [])));
  return { sections, symbols, dynamicSymbols, relocationsOf: ({ index }) => readRelocations(relocations.get(index)) };
}

function readSection(bytes: Uint8Array, view: DataView, at: number, index: number): Omit<Section, "name"> & { nameAt: number } {
  const word = (offset: number): number => Number(view.getBigUint64(at + offset, true));
  const type = view.getUint32(at + 4, true);
  const [offset, size] = [word(0x18), word(0x20)];
  if (type !== SECTION.noBits && index > 0 && offset + size > bytes.length) throw new Error("cut off");
  return {
    index,
    nameAt: view.getUint32(at, true),
    type,
    flags: word(0x08),
    address: word(0x10),
    size,
    bytes: type === SECTION.noBits || index === 0 ? new Uint8Array() : bytes.subarray(offset, offset + size),
    link: view.getUint32(at + 0x28, true),
    info: view.getUint32(at + 0x2c, true),
    entrySize: word(0x38),
  };
}

const SYMBOL_SIZE = 24;

function readSymbols({ bytes, index: own, link: stringsIndex }: Section, sections: readonly Section[]): readonly ElfSymbol[] {
  const view = viewOf(bytes);
  const strings = sections[stringsIndex]?.bytes ?? new Uint8Array();
  const further = sections.find(({ type, link }) => type === SECTION.symbolSections && link === own);
  const sectionOf = (index: number, short: number): number => {
    if (short < RESERVED.first) return short;
    return short === RESERVED.last && further ? viewOf(further.bytes).getUint32(index * 4, true) : short - RESERVED.count;
  };
  let file = "";
  return Array.from({ length: Math.floor(bytes.length / SYMBOL_SIZE) }, (_, index) => {
    const at = index * SYMBOL_SIZE;
    const info = view.getUint8(at + 4);
    const name = stringAt(strings, view.getUint32(at, true));
    if ((info & 15) === SYMBOL.file) file = name;
    const [value, size] = [Number(view.getBigUint64(at + 8, true)), Number(view.getBigUint64(at + 16, true))];
    return { name, type: info & 15, isLocal: info >> 4 === 0, section: sectionOf(index, view.getUint16(at + 6, true)), value, size, file };
  });
}

const RELOCATION_SIZE = 24;

function readRelocations(section: Section | undefined): readonly Relocation[] {
  if (section === undefined) return [];
  const view = viewOf(section.bytes);
  return Array.from({ length: Math.floor(section.bytes.length / RELOCATION_SIZE) }, (_, index) => {
    const at = index * RELOCATION_SIZE;
    const [type, symbol] = [view.getUint32(at + 8, true), view.getUint32(at + 12, true)];
    return { offset: Number(view.getBigUint64(at, true)), type, symbol, addend: view.getBigInt64(at + 16, true) };
  });
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Reads up to the terminating zero. */
export function stringAt(bytes: Uint8Array, at: number): string {
  const end = bytes.indexOf(0, at);
  return Buffer.from(bytes.subarray(at, end < 0 ? bytes.length : end)).toString("latin1");
}
