// The definitions in one object file, by content: each function's machine code and each variable's initial value, with the names of their
// references.
// Each function and variable has a section (-ffunction-sections, -fdata-sections), so the assembler resolves no reference between them. Pure.

import { createHash } from "node:crypto";
import { COMMON, type Elf, type ElfSymbol, FLAG, type Relocation, readElf, SECTION, type Section, SYMBOL, stringAt } from "./elf.ts";
import { linesInCode, withoutLines } from "./line-numbers.ts";

/** A function or a variable. */
export interface Atom {
  /** `PyList_New`; if local to its file, `listobject.c:list_dealloc`. */
  readonly key: string;
  readonly kind: "function" | "data";
  /** Hash of the content, except parts that are separate atoms. */
  readonly hash: string;
  /** The keys of all symbols that it refers to. */
  readonly references: readonly string[];
}

/**
 * @param readSource returns the text of the C source, by the name that the compiler recorded; undefined if unknown.
 * @throws Error if it is not an object file, or has no machine code yet.
 */
export function readObjectCode(bytes: Uint8Array, readSource: (name: string) => string | undefined): readonly Atom[] {
  const elf = readElf(bytes);
  // The linker would compile it again, with functions inlined from other files.
  if (elf.sections.some(({ name }) => name.startsWith(".gnu.lto_"))) throw new Error("made for link-time optimization");
  const source = elf.symbols.find(({ type }) => type === SYMBOL.file)?.name;
  return new ObjectCode(elf, linesInCode((source === undefined ? undefined : readSource(source)) ?? "")).atoms();
}

/** `list_sort.cold` is a part of `list_sort`, and only `list_sort` jumps there. */
export function functionName(name: string): string {
  return name.replace(/\.cold(\.\d+)?$/, "");
}

/** Global symbols of objects that a program makes local: they are local to no file. */
export function keyOf({ name, isLocal, file }: Pick<ElfSymbol, "name" | "isLocal" | "file">): string {
  return isLocal && file !== "" ? `${file}:${functionName(name)}` : functionName(name);
}

/** `_parser.12`: the compiler numbers variables that are local to a function, so a new one renumbers all later ones. */
const NUMBERED = /\.\d+$/;

class ObjectCode {
  readonly #elf: Elf;
  /** Line numbers, which change with every line added before them. */
  readonly #lines: ReadonlySet<number>;
  /** Symbols that define an atom, by their section. */
  readonly #owners: ReadonlyMap<number, readonly ElfSymbol[]>;
  /** The keys of all functions by name: the part `x.cold` of a global function is local. */
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

  /** Symbols other than variables local to a function and unnamed constants: those are parts of the functions that refer to them. */
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

  /** Assembler code, and sections that the linker collects, such as `.init_array`. */
  #withoutOwner(section: Section): readonly Atom[] {
    const isCode = (section.flags & FLAG.code) !== 0 || section.type === SECTION.initArray;
    if (!isCode || section.size === 0 || this.#owners.has(section.index)) return [];
    const file = this.#elf.symbols.find(({ type }) => type === SYMBOL.file)?.name ?? "";
    return [{ key: `${file}:(${section.name})`, kind: "function", ...this.#contentOf(section, new Set()) }];
  }

  /** @param within the sections that this content is part of. */
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

  /** The target of a reference, without the parts that other changes in the file move: offsets among strings, numbers in names. */
  #targetOf(
    { type, symbol: index, addend }: Relocation,
    within: ReadonlySet<number>,
  ): { readonly name: string; readonly references: readonly string[] } {
    const symbol = this.#elf.symbols[index];
    if (symbol === undefined) return { name: `? ${addend}`, references: [] };
    // The symbol at the start of the section stands for the whole section.
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

/** R_X86_64_PC32, PLT32, GOTPCREL, GOTPCRELX, REX_GOTPCRELX: relative to the end of the instruction, usually 4 bytes after the field. */
function isRelative(type: number): boolean {
  return [2, 4, 9, 41, 42].includes(type);
}

/** A string or constant in a section whose equal entries the linker merges. */
function constantAt({ bytes, flags, entrySize }: Section, symbol: ElfSymbol, offset: number): string {
  // A named symbol marks its start; the distance to it is part of the instruction.
  const at = symbol.type === SYMBOL.section ? offset : symbol.value;
  if ((flags & FLAG.strings) !== 0 && entrySize === 1) return JSON.stringify(stringAt(bytes, Math.max(at, 0)));
  const isWide = (flags & FLAG.strings) !== 0;
  const end = isWide ? bytes.length : at + entrySize;
  return Buffer.from(bytes.subarray(Math.max(at, 0), end)).toString("hex");
}

function commonAtom(symbol: ElfSymbol): Atom {
  return { key: keyOf(symbol), kind: "data", hash: `common ${symbol.size}`, references: [] };
}
