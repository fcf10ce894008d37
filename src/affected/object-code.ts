// The definitions in an object file or a shared object, by content: each function's machine code and each variable's initial value, with the names
// of their references. In our builds each has a section (-ffunction-sections, -fdata-sections), so the assembler resolves no reference between them.
// Pure.

import { createHash } from "node:crypto";
import { COMMON, type Elf, type ElfSymbol, FLAG, readElf, SECTION, type Section, SYMBOL } from "./elf.ts";
import { FunctionMap, type FunctionRange } from "./function-map.ts";
import { linesInCode } from "./line-numbers.ts";
import { holdsConstants } from "./merged-constants.ts";
import { type Content, ObjectContents } from "./object-content.ts";
import { keyOf } from "./symbol-key.ts";

/** A function or a variable. */
export interface Atom extends Content {
  /** `PyList_New`; if local to its file, `listobject.c:list_dealloc`. */
  readonly key: string;
  readonly kind: "function" | "data";
}

/** Returns the text of a source file, by the name that the compiler recorded; undefined if unknown. */
export type ReadSource = (name: string) => string | undefined;

/** @throws Error if it is not an object file, or has no machine code yet. */
export function readObjectCode(bytes: Uint8Array, readSource: ReadSource): readonly Atom[] {
  const elf = readElf(bytes);
  // The linker would compile it again, with functions inlined from other files.
  if (elf.sections.some(({ name }) => name.startsWith(".gnu.lto_"))) throw new Error("made for link-time optimization");
  return new ObjectCode(elf, readSource, false).atoms();
}

/** `_parser.12`: the compiler numbers variables that are local to a function, so a new one renumbers all later ones. */
const NUMBERED = /\.\d+$/;

/** Sections that the linker generates from references. The relocations have the same information. */
const OF_LINKER = /^\.(got|plt|dynamic|eh_frame)/;

/** The compiler's startup and exit code, in every program and library. It is equal in comparable baselines, which have the same compiler. */
const OF_COMPILER = "crtstuff.c";

/** Unwind tables of C++ and Rust: one section for each function, with the function's name appended. */
const EXCEPTIONS = ".gcc_except_table";

export class ObjectCode {
  readonly #elf: Elf;
  readonly #functions: FunctionMap;
  readonly #contents: ObjectContents;
  readonly #linesOf: (symbol: Pick<ElfSymbol, "name" | "isLocal" | "file">) => ReadonlySet<number>;
  /** Variables that are atoms, by the section that holds them. */
  readonly #variables: ReadonlyMap<number, readonly ElfSymbol[]>;
  /** Unwind tables by name of a function. Functions of several files may have the same name. */
  readonly #exceptions: ReadonlyMap<string, readonly Section[]>;
  readonly #functionNames: ReadonlySet<string>;
  readonly #isLinked: boolean;

  constructor(elf: Elf, readSource: ReadSource, isLinked: boolean) {
    this.#elf = elf;
    this.#isLinked = isLinked;
    this.#functions = new FunctionMap(elf);
    const variables = elf.symbols.filter((symbol) => this.#isVariable(symbol)).toSorted((a, b) => a.value - b.value);
    this.#variables = Map.groupBy(variables, ({ section }) => section);
    const parsed = { elf, functions: this.#functions, variables: this.#variables, isLinked };
    this.#contents = new ObjectContents(parsed);
    this.#linesOf = linesBySymbol(elf, readSource);
    this.#exceptions = Map.groupBy(
      elf.sections.filter(({ name }) => name.startsWith(EXCEPTIONS)),
      ({ name }) => name.slice(EXCEPTIONS.length + 1),
    );
    this.#functionNames = new Set(elf.symbols.flatMap(({ type, name }) => (type === SYMBOL.function ? [name] : [])));
  }

  atoms(): readonly Atom[] {
    const sections = this.#elf.sections.filter(({ flags, name }) => (flags & FLAG.allocated) !== 0 && !OF_LINKER.test(name));
    const common = this.#elf.symbols.filter(({ section }) => section === COMMON).map(commonAtom);
    return [
      ...sections.flatMap((section) => [...this.#functionsIn(section), ...this.#variablesIn(section), ...this.#rest(section)]),
      ...common,
    ];
  }

  /** Symbols other than variables local to a function and unnamed constants: those are parts of the functions that refer to them. */
  #isVariable(symbol: ElfSymbol): boolean {
    const section = this.#elf.sections[symbol.section];
    if (section === undefined || (section.flags & FLAG.allocated) === 0 || OF_LINKER.test(section.name)) return false;
    const isVariable = symbol.type === SYMBOL.data || symbol.type === SYMBOL.threadLocal;
    return isVariable && (section.flags & FLAG.code) === 0 && !holdsConstants(section) && !(symbol.isLocal && NUMBERED.test(symbol.name));
  }

  #functionsIn(section: Section): readonly Atom[] {
    const own = this.#functions.in(section).filter(({ symbol }) => symbol.file !== OF_COMPILER || !symbol.isLocal);
    return own.map((range) => {
      // In an object file, functions in the same section may refer to each other without a relocation.
      const part = this.#isLinked ? range : { from: 0, to: section.size };
      const content = this.#contents.of(section, part, this.#linesOf(range.symbol));
      return { key: range.key, kind: "function", ...this.#withExceptions(content, range) };
    });
  }

  #withExceptions(own: Content, { names }: FunctionRange): Content {
    const tables = names.flatMap((name) => this.#exceptions.get(name) ?? []).map((section) => this.#contents.of(section));
    return tables.length === 0 ? own : merge([own, ...tables]);
  }

  #variablesIn(section: Section): readonly Atom[] {
    const symbols = this.#variables.get(section.index) ?? [];
    if (symbols.length === 0) return [];
    const content = this.#contents.of(section);
    return [...new Set(symbols.map(keyOf))].map((key) => ({ key, kind: "data", ...content }));
  }

  /** Assembler code, sections that the linker collects, such as `.init_array`, and unwind tables that are not split by function. */
  #rest(section: Section): readonly Atom[] {
    const parts = this.#restOf(section);
    if (parts.length === 0) return [];
    const file = this.#elf.symbols.find(({ type }) => type === SYMBOL.file)?.name ?? "";
    return [{ key: `${file}:(${section.name})`, kind: "function", ...merge(parts) }];
  }

  #restOf(section: Section): readonly Content[] {
    if (section.size === 0) return [];
    const isArray = section.type === SECTION.initArray || section.type === SECTION.finiArray;
    const isTable = section.name.startsWith(EXCEPTIONS) && !this.#functionNames.has(section.name.slice(EXCEPTIONS.length + 1));
    if (isArray || isTable) return [this.#contents.of(section)];
    const isCode = (section.flags & FLAG.code) !== 0;
    // If there is no function, this is the whole section.
    return isCode ? this.#functions.gapsIn(section).map((gap) => this.#contents.of(section, gap)) : [];
  }
}

/** Whether it is the list of functions that run while an object is loaded. */
export function runsAtLoad({ key }: Pick<Atom, "key">): boolean {
  return /:\(\.init_array(\.\d+)?\)$/.test(key);
}

function merge(parts: readonly Content[]): Content {
  const [only, ...others] = parts;
  if (only !== undefined && others.length === 0) return only;
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part.hash);
  return { hash: hash.digest("hex").slice(0, 16), references: [...new Set(parts.flatMap(({ references }) => references))] };
}

/** The line numbers that a function's code may contain. A global function does not name its file, so there are none if the object has several files. */
function linesBySymbol({ symbols }: Elf, readSource: ReadSource): (symbol: Pick<ElfSymbol, "isLocal" | "file">) => ReadonlySet<number> {
  const files = new Set(symbols.flatMap(({ type, name }) => (type === SYMBOL.file && name !== "" ? [name] : [])));
  const lines = new Map(
    [...files].flatMap((name) => {
      const text = readSource(name);
      return text === undefined ? [] : [[name, linesInCode(text)] as const];
    }),
  );
  const [single, ...others] = lines.values();
  const ofGlobals = single !== undefined && others.length === 0 ? single : new Set<number>();
  return ({ isLocal, file }) => (isLocal && file !== "" ? (lines.get(file) ?? new Set()) : ofGlobals);
}

function commonAtom(symbol: ElfSymbol): Atom {
  return { key: keyOf(symbol), kind: "data", hash: `common ${symbol.size}`, references: [] };
}
