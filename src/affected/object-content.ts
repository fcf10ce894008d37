// Hashes of parts of an object file or a shared object, with the names of their references. Offsets that other changes move are left out. Pure.

import { createHash } from "node:crypto";
import { jumpsWithin } from "./direct-jumps.ts";
import { type Elf, type ElfSymbol, FLAG, type Relocation, type Section, SYMBOL } from "./elf.ts";
import type { FunctionMap, Range } from "./function-map.ts";
import { lineOfPanic, withoutLines } from "./line-numbers.ts";
import { constantAt, holdsConstants } from "./merged-constants.ts";
import { AFTER_FIELD, isRelative, RELOCATION, relocationsIn, widthOf } from "./relocation-fields.ts";
import { keyOf } from "./symbol-key.ts";

export interface Content {
  /** Hash of the content, except parts that are separate atoms. */
  readonly hash: string;
  /** The keys of all symbols that it refers to. */
  readonly references: readonly string[];
}

interface Target {
  readonly name: string;
  readonly references: readonly string[];
}

/** A reference from one section to a place in another section of the file. */
interface Reference {
  readonly symbol: ElfSymbol;
  readonly section: Section;
  readonly type: number;
  readonly addend: bigint;
  /** Whether it is an entry of a jump table. */
  readonly isTable: boolean;
  /** Offset of the field in its section. */
  readonly offset: number;
}

/** An object file or shared object, with its functions and variables. */
export interface ParsedObject {
  readonly elf: Elf;
  readonly functions: FunctionMap;
  /** The variables that are atoms, by their section, sorted by address. */
  readonly variables: ReadonlyMap<number, readonly ElfSymbol[]>;
  /** Whether it is a linked object. Then the assembler may have resolved calls between functions of one file. */
  readonly isLinked: boolean;
}

export class ObjectContents {
  readonly #object: ParsedObject;
  readonly #relocations = new Map<number, readonly Relocation[]>();
  readonly #unnamed = new Map<number, Content>();
  readonly #keys = new Map<number, readonly string[]>();

  constructor(object: ParsedObject) {
    this.#object = object;
  }

  /** @param lines line numbers, which change with every line added before them. @param within unnamed sections that this content is part of. */
  of(
    section: Section,
    range: Range = whole(section),
    lines: ReadonlySet<number> = NO_LINES,
    within: ReadonlySet<number> = NO_LINES,
  ): Content {
    const hash = createHash("sha256").update(`${section.flags} ${range.to - range.from}\n`);
    const references = new Set<string>();
    const relocations = this.#within(section, range);
    const bytes = Uint8Array.from(section.bytes.subarray(range.from, range.to));
    for (const { type, offset } of relocations) bytes.fill(0, offset - range.from, offset - range.from + widthOf(type));
    const line = lineOfPanic(bytes, (length) => this.#textAt(relocations, length));
    if (line !== undefined) bytes.fill(0, line.from, line.to);
    const take = (offset: number, type: number, target: Target): void => {
      hash.update(`${offset} ${type} ${target.name}\n`);
      for (const key of target.references) references.add(key);
    };
    for (const relocation of relocations)
      take(relocation.offset - range.from, relocation.type, this.#targetOf(relocation, section, within));
    const isCode = (section.flags & FLAG.code) !== 0;
    if (isCode && this.#object.isLinked) {
      for (const { field, target } of jumpsWithin(section.bytes, range, relocations, (at) => this.#startingAt(section, at))) {
        bytes.fill(0, field - range.from, field - range.from + 4);
        take(field - range.from, RELOCATION.relative, { name: target, references: [target] });
      }
    }
    hash.update(isCode ? withoutLines(bytes, lines) : bytes);
    return { hash: hash.digest("hex").slice(0, 16), references: [...references] };
  }

  /** The text that the only address in some data points to. */
  #textAt([only, ...others]: readonly Relocation[], length: number): string | undefined {
    const symbol = only === undefined ? undefined : this.#object.elf.symbols[only.symbol];
    const section = this.#object.elf.sections[symbol?.section ?? 0];
    if (symbol === undefined || section === undefined || only?.type !== RELOCATION.absolute || others.length > 0) return undefined;
    const at = symbol.value - section.address + Number(only.addend);
    return Buffer.from(section.bytes.subarray(at, at + length)).toString("latin1");
  }

  #startingAt(section: Section, offset: number): string | undefined {
    const found = this.#object.functions.at(section, offset);
    return found?.from === offset ? found.key : undefined;
  }

  /** Relocations in the range, sorted, with offsets relative to the section. */
  #within(section: Section, range: Range): readonly Relocation[] {
    let all = this.#relocations.get(section.index);
    if (all === undefined) {
      const found = this.#object.elf.relocationsOf(section).filter(({ type }) => type !== RELOCATION.none);
      all = found.map((one) => ({ ...one, offset: one.offset - section.address })).toSorted((a, b) => a.offset - b.offset);
      this.#relocations.set(section.index, all);
    }
    return relocationsIn(all, range);
  }

  /** The target of a reference, without the parts that other changes in the file move: offsets among strings, numbers in names. */
  #targetOf({ type, symbol: index, addend, offset }: Relocation, from: Section, within: ReadonlySet<number>): Target {
    const { elf } = this.#object;
    const symbol = elf.symbols[index];
    if (symbol === undefined) return { name: `? ${addend}`, references: [] };
    // Section 0 stands for other files.
    const section = symbol.section === 0 ? undefined : elf.sections[symbol.section];
    if (section === undefined) return { name: `${keyOf(symbol)} ${addend}`, references: [keyOf(symbol)] };
    const place = { symbol, section, type, addend, isTable: type === RELOCATION.relative && (from.flags & FLAG.code) === 0, offset };
    return this.#inSection(place, within);
  }

  #inSection({ symbol, section, type, addend, isTable, offset }: Reference, within: ReadonlySet<number>): Target {
    const start = symbol.value - section.address;
    const isNamed = symbol.type !== SYMBOL.section && symbol.name !== "";
    const at = start + Number(addend) + (isRelative(type) ? AFTER_FIELD : 0);
    if (holdsConstants(section)) {
      // A named symbol marks its start, so its distance does not move (`"text" + 1`).
      const name = isNamed ? `${constantAt(section, start, true)} ${addend}` : constantAt(section, at, !isRelative(type));
      return { name, references: [] };
    }
    // In a jump table, distances are relative to the start of the table.
    const inCode = isTable ? start + Number(addend) - offset : at;
    if ((section.flags & FLAG.code) !== 0) return isNamed ? this.#named(symbol, addend) : this.#codeAt(section, inCode);
    if (!this.#object.variables.has(section.index)) return this.#inUnnamed(section, `${isNamed ? start : 0} ${addend}`, within);
    return { ...(isNamed ? this.#named(symbol, addend) : this.#variableAt(section, at)), references: this.#keysIn(section.index) };
  }

  #named(symbol: ElfSymbol, addend: bigint): Target {
    const key = this.#object.functions.keyOf(symbol);
    return { name: `${key} ${addend}`, references: [key] };
  }

  #codeAt(section: Section, offset: number): Target {
    const found = this.#object.functions.at(section, offset);
    if (found === undefined) return { name: `${section.name} ${offset}`, references: [] };
    return { name: `${found.key} +${offset - found.from}`, references: [found.key] };
  }

  #inUnnamed(section: Section, offset: string, within: ReadonlySet<number>): Target {
    if (within.has(section.index)) return { name: `itself ${offset}`, references: [] };
    const { hash, references } = this.#ofUnnamed(section, within);
    return { name: `${hash} ${offset}`, references };
  }

  #keysIn(section: number): readonly string[] {
    let keys = this.#keys.get(section);
    if (keys === undefined) {
      keys = [...new Set((this.#object.variables.get(section) ?? []).map((symbol) => this.#object.functions.keyOf(symbol)))];
      this.#keys.set(section, keys);
    }
    return keys;
  }

  /** Named by the last variable that starts at or before it: an offset from the section would move if another variable grows. */
  #variableAt(section: Section, offset: number): Pick<Target, "name"> {
    const last = this.#object.variables.get(section.index)?.findLast(({ value }) => value - section.address <= offset);
    if (last === undefined) return { name: `${section.name} ${offset}` };
    return { name: `${this.#object.functions.keyOf(last)} +${offset - (last.value - section.address)}` };
  }

  #ofUnnamed(section: Section, within: ReadonlySet<number>): Content {
    const known = within.size === 0 ? this.#unnamed.get(section.index) : undefined;
    const content = known ?? this.of(section, whole(section), NO_LINES, new Set([...within, section.index]));
    if (within.size === 0) this.#unnamed.set(section.index, content);
    return content;
  }
}

const NO_LINES: ReadonlySet<number> = new Set();

function whole({ size }: Section): Range {
  return { from: 0, to: size };
}
