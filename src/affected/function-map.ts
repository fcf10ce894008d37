// Where the functions of an object file or a shared object are, and what of its machine code is between them. Pure.

import { type Elf, type ElfSymbol, FLAG, type Section, SYMBOL } from "./elf.ts";
import { functionName, isEnd, keyOf } from "./symbol-key.ts";

/** A part of a section, in bytes from its start. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** A function, or the part of one that the compiler put elsewhere. */
export interface FunctionRange extends Range {
  readonly key: string;
  /** All that the linker calls it. */
  readonly names: readonly string[];
  readonly symbol: ElfSymbol;
}

export class FunctionMap {
  readonly #ranges: ReadonlyMap<number, readonly FunctionRange[]>;
  /** The keys of all functions by their names: the end of a global one, `x.cold`, is local. */
  readonly #keys: ReadonlyMap<string, string>;

  constructor({ symbols, sections }: Elf) {
    const functions = symbols.filter(({ type }) => type === SYMBOL.function);
    const beginnings = functions.filter(({ name }) => !isEnd(name));
    this.#keys = new Map(beginnings.flatMap((symbol) => [symbol.name, keyOf(symbol)].map((name) => [name, keyOf(symbol)] as const)));
    const groups = Map.groupBy(functions, ({ section }) => section);
    this.#ranges = new Map([...groups].map(([index, own]) => [index, this.#rangesIn(sections[index], own)]));
  }

  keyOf(symbol: ElfSymbol): string {
    const own = keyOf(symbol);
    // Of two files that both have an `x.cold`, each is the end of its own `x`.
    return !isEnd(symbol.name) || this.#keys.has(own) ? own : (this.#keys.get(functionName(symbol.name)) ?? own);
  }

  /** Sorted. Aliases have a range each. */
  in({ index }: Pick<Section, "index">): readonly FunctionRange[] {
    return this.#ranges.get(index) ?? [];
  }

  /** The function that holds this byte of a section. */
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

  /** Machine code that belongs to no function; without what only fills the space up to the next one. */
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
      // Those of the C runtime's own start have no size.
      const to = size > 0 ? from + size : (starts[index + 1] ?? section.size);
      return [...Map.groupBy(own, (symbol) => this.keyOf(symbol))].flatMap(([key, [symbol]]) =>
        symbol === undefined ? [] : [{ key, names, symbol, from, to }],
      );
    });
  }
}

/** The instructions of x86-64 that do nothing, of any length, and those that stop a program that gets there. */
const PADDING = new Set([0x00, 0x0f, 0x1f, 0x2e, 0x40, 0x44, 0x66, 0x80, 0x84, 0x90, 0xcc]);

function isPadding(bytes: Uint8Array): boolean {
  return bytes.every((byte) => PADDING.has(byte));
}
