// The functions of an object file or a shared object, and the machine code between them. Pure.

import { type Elf, type ElfSymbol, FLAG, type Section, SYMBOL } from "./elf.ts";
import { functionName, isColdPart, keyOf } from "./symbol-key.ts";

/** A part of a section, in bytes from its start. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** A function, or its cold part, which the compiler placed elsewhere. */
export interface FunctionRange extends Range {
  readonly key: string;
  /** All symbol names at this address. */
  readonly names: readonly string[];
  readonly symbol: ElfSymbol;
}

export class FunctionMap {
  readonly #ranges: ReadonlyMap<number, readonly FunctionRange[]>;
  /** The keys of all functions by name: the part `x.cold` of a global function is local. */
  readonly #keys: ReadonlyMap<string, string>;

  constructor({ symbols, sections }: Elf) {
    const functions = symbols.filter(({ type }) => type === SYMBOL.function);
    const beginnings = functions.filter(({ name }) => !isColdPart(name));
    this.#keys = new Map(beginnings.flatMap((symbol) => [symbol.name, keyOf(symbol)].map((name) => [name, keyOf(symbol)] as const)));
    const groups = Map.groupBy(functions, ({ section }) => section);
    this.#ranges = new Map([...groups].map(([index, own]) => [index, this.#rangesIn(sections[index], own)]));
  }

  keyOf(symbol: ElfSymbol): string {
    const own = keyOf(symbol);
    // If two files both have an `x.cold`, each belongs to the `x` of its own file.
    return !isColdPart(symbol.name) || this.#keys.has(own) ? own : (this.#keys.get(functionName(symbol.name)) ?? own);
  }

  /** Sorted by start. Each alias has its own range. */
  in({ index }: Pick<Section, "index">): readonly FunctionRange[] {
    return this.#ranges.get(index) ?? [];
  }

  /** The function that contains this byte of a section. */
  at(section: Section, offset: number): FunctionRange | undefined {
    const ranges = this.in(section);
    let [low, high] = [0, ranges.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ranges[middle]?.from ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    const range = ranges[low - 1];
    return range !== undefined && offset < Math.max(range.to, range.from + 1) ? range : undefined;
  }

  /** Machine code that belongs to no function, except padding. */
  gapsIn(section: Section): readonly Range[] {
    const ends = [{ from: 0, to: 0 }, ...this.in(section), { from: section.size, to: section.size }];
    let end = 0;
    return ends.flatMap(({ from, to }) => {
      const gap = { from: end, to: from };
      end = Math.max(end, to);
      return gap.from < gap.to && !isPadding(section.bytes.subarray(gap.from, gap.to)) ? [gap] : [];
    });
  }

  #rangesIn(section: Section | undefined, symbols: readonly ElfSymbol[]): readonly FunctionRange[] {
    if (section === undefined || (section.flags & FLAG.code) === 0) return [];
    const groups = Map.groupBy(symbols, (symbol) => symbol.value - section.address);
    const starts = [...groups.keys()].toSorted((a, b) => a - b);
    return starts.flatMap((from, index) => {
      const own = groups.get(from) ?? [];
      const names = own.map(({ name }) => name);
      const size = Math.max(...own.map((symbol) => symbol.size));
      // Functions of the C runtime's startup code have no size.
      const to = size > 0 ? from + size : (starts[index + 1] ?? section.size);
      return [...Map.groupBy(own, (symbol) => this.keyOf(symbol))].flatMap(([key, [symbol]]) =>
        symbol === undefined ? [] : [{ key, names, symbol, from, to }],
      );
    });
  }
}

/** Bytes of x86-64's no-op instructions of any length, and of those that trap. */
const PADDING = new Set([0x00, 0x0f, 0x1f, 0x2e, 0x40, 0x44, 0x66, 0x80, 0x84, 0x90, 0xcc]);

function isPadding(bytes: Uint8Array): boolean {
  return bytes.every((byte) => PADDING.has(byte));
}
