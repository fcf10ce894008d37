// What one object file defines, by content: each function's machine code and each variable's initial value, with the names of what they refer to.
// The build has a section for each (-ffunction-sections, -fdata-sections), so the assembler resolves no reference between them. Pure.

import { createHash } from "node:crypto";
import { COMMON, type Elf, type ElfSymbol, FLAG, type Relocation, readElf, SECTION, type Section, SYMBOL, stringAt } from "./elf.ts";
import { linesInCode, withoutLines } from "./line-numbers.ts";

/** A function or a variable. */
export interface Atom {
  /** `PyList_New`; of one that is local to its file `listobject.c:list_dealloc`. */
  readonly key: string;
  readonly kind: "function" | "data";
  /** Of the content, as far as it has no atom of its own. */
  readonly hash: string;
  /** The keys of all symbols that it refers to. */
  readonly references: readonly string[];
}

/**
 * @param readSource the text of the C file that it was made of, by the name that the compiler gave; undefined where that is not known.
 * @throws Error for what is no object file, or has no machine code yet.
 */
export function readObjectCode(bytes: Uint8Array, readSource: (name: string) => string | undefined): readonly Atom[] {
  const elf = readElf(bytes);
  // The linker would compile it again, with what it inlines from other files.
  if (elf.sections.some(({ name }) => name.startsWith(".gnu.lto_"))) throw new Error("made for link-time optimization");
  const source = elf.symbols.find(({ type }) => type === SYMBOL.file)?.name;
  return new ObjectCode(elf, linesInCode((source === undefined ? undefined : readSource(source)) ?? "")).atoms();
}

/** `list_sort.cold` is a part of `list_sort`, which alone jumps there. */
export function functionName(name: string): string {
  return name.replace(/\.cold(\.\d+)?$/, "");
}

/** What a program keeps to itself of its objects' global symbols is local to no file. */
export function keyOf({ name, isLocal, file }: Pick<ElfSymbol, "name" | "isLocal" | "file">): string {
  return isLocal && file !== "" ? `${file}:${functionName(name)}` : functionName(name);
}

/** `_parser.12`: the compiler counts variables that are local to a function, so one more gives all behind it another number. */
const NUMBERED = /\.\d+$/;

class ObjectCode {
  readonly #elf: Elf;
  /** Numbers that change with every line that is added before them. */
  readonly #lines: ReadonlySet<number>;
  /** Those that define an atom, by the section that holds it. */
  readonly #owners: ReadonlyMap<number, readonly ElfSymbol[]>;
  /** The keys of all functions by their names: the end of a global one, `x.cold`, is local. */
  readonly #functions: ReadonlyMap<string, string>;

  constructor(elf: Elf, lines: ReadonlySet<number>) {
    this.#elf = elf;
    this.#lines = lines;
    this.#functions = new Map(elf.symbols.flatMap((symbol) => (symbol.type === SYMBOL.function ? [[symbol.name, keyOf(symbol)]] : [])));
    this.#owners = Map.groupBy(
      elf.symbols.filter((symbol) => this.#isAtom(symbol)),
      ({ section }) => section,
    );
  }

  atoms(): readonly Atom[] {
    const parts = [...this.#owners].flatMap(([index, symbols]) => this.#atomsOf(this.#elf.sections[index], symbols));
    const others = this.#elf.sections.flatMap((section) => this.#withoutOwner(section));
    const common = this.#elf.symbols.filter(({ section }) => section === COMMON).map(commonAtom);
    return [...parts, ...others, ...common];
  }

  #keyOf(symbol: ElfSymbol): string {
    return this.#functions.get(functionName(symbol.name)) ?? keyOf(symbol);
  }

  /** What is neither local to a function nor a constant without a name: those are parts of what refers to them. */
  #isAtom(symbol: ElfSymbol): boolean {
    const section = this.#elf.sections[symbol.section];
    if (section === undefined || (section.flags & FLAG.allocated) === 0) return false;
    if (symbol.type === SYMBOL.function) return true;
    const isVariable = symbol.type === SYMBOL.data || symbol.type === SYMBOL.threadLocal;
    return isVariable && (section.flags & FLAG.merged) === 0 && !(symbol.isLocal && NUMBERED.test(symbol.name));
  }

  #atomsOf(section: Section | undefined, symbols: readonly ElfSymbol[]): readonly Atom[] {
    if (section === undefined) return [];
    const content = this.#contentOf(section, new Set());
    const isCode = (section.flags & FLAG.code) !== 0;
    return [...new Set(symbols.map((symbol) => this.#keyOf(symbol)))].map((key) => ({
      key,
      kind: isCode ? "function" : "data",
      ...content,
    }));
  }

  /** Code in assembler, and what the linker collects, such as `.init_array`. */
  #withoutOwner(section: Section): readonly Atom[] {
    const isCode = (section.flags & FLAG.code) !== 0 || section.type === SECTION.initArray;
    if (!isCode || section.size === 0 || this.#owners.has(section.index)) return [];
    const file = this.#elf.symbols.find(({ type }) => type === SYMBOL.file)?.name ?? "";
    return [{ key: `${file}:(${section.name})`, kind: "function", ...this.#contentOf(section, new Set()) }];
  }

  /** @param within the sections whose content this is a part of. */
  #contentOf(section: Section, within: ReadonlySet<number>): Pick<Atom, "hash" | "references"> {
    const hash = createHash("sha256");
    const relocations = this.#elf.relocationsOf(section);
    const isCode = (section.flags & FLAG.code) !== 0;
    hash.update(`${section.flags} ${section.size}\n`).update(isCode ? withoutLines(section.bytes, this.#lines) : section.bytes);
    const references = new Set<string>();
    for (const relocation of relocations) {
      const target = this.#targetOf(relocation, new Set([...within, section.index]));
      hash.update(`${relocation.offset} ${relocation.type} ${target.name}\n`);
      for (const key of target.references) references.add(key);
    }
    return { hash: hash.digest("hex").slice(0, 16), references: [...references] };
  }

  /** What is referred to, without what other changes of the file move: an offset among strings, a number in a name. */
  #targetOf(
    { type, symbol: index, addend }: Relocation,
    within: ReadonlySet<number>,
  ): { readonly name: string; readonly references: readonly string[] } {
    const symbol = this.#elf.symbols[index];
    if (symbol === undefined) return { name: `? ${addend}`, references: [] };
    // The first section stands for other files.
    const section = symbol.section === 0 ? undefined : this.#elf.sections[symbol.section];
    if (section !== undefined && (section.flags & FLAG.merged) !== 0) {
      return { name: constantAt(section, symbol, Number(addend) + (isRelative(type) ? 4 : 0)), references: [] };
    }
    const owners = this.#owners.get(symbol.section);
    if (section === undefined || owners !== undefined) {
      const keys = owners?.map((owner) => this.#keyOf(owner)) ?? [keyOf(symbol)];
      const name = symbol.type === SYMBOL.section ? keys.join() : this.#keyOf(symbol);
      return { name: `${name} ${addend}`, references: keys };
    }
    const offset = `${symbol.type === SYMBOL.section ? 0 : symbol.value} ${addend}`;
    if (within.has(section.index)) return { name: `itself ${offset}`, references: [] };
    const { hash, references } = this.#contentOf(section, within);
    return { name: `${hash} ${offset}`, references };
  }
}

/** R_X86_64_PC32, PLT32, GOTPCREL, GOTPCRELX, REX_GOTPCRELX: relative to the end of the instruction, most often 4 bytes behind the field. */
function isRelative(type: number): boolean {
  return [2, 4, 9, 41, 42].includes(type);
}

/** A string or constant of a section in which the linker merges equal ones. */
function constantAt({ bytes, flags, entrySize }: Section, symbol: ElfSymbol, offset: number): string {
  // A named symbol says where it begins; the distance to it is the instruction's.
  const at = symbol.type === SYMBOL.section ? offset : symbol.value;
  if ((flags & FLAG.strings) !== 0 && entrySize === 1) return JSON.stringify(stringAt(bytes, Math.max(at, 0)));
  const isWide = (flags & FLAG.strings) !== 0;
  const end = isWide ? bytes.length : at + entrySize;
  return Buffer.from(bytes.subarray(Math.max(at, 0), end)).toString("hex");
}

function commonAtom(symbol: ElfSymbol): Atom {
  return { key: keyOf(symbol), kind: "data", hash: `common ${symbol.size}`, references: [] };
}
