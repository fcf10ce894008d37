// The definitions in a shared object that was linked with `--emit-relocs` and not stripped, so that its references are known. Pure.

import { createHash } from "node:crypto";
import { type Elf, readElf, SECTION, type Section, SYMBOL, stringAt } from "./elf.ts";
import { type Atom, ObjectCode, type ReadSource, runsAtLoad } from "./object-code.ts";
import { keyOf } from "./symbol-key.ts";

export interface LinkedCode {
  readonly atoms: readonly Atom[];
  /** Hash of the remaining content: the libraries that it needs. */
  readonly rest: string;
  /** Keys of functions that may run during loading, before calls are recorded: constructors, resolvers, and everything that they refer to. */
  readonly atLoad: ReadonlySet<string>;
}

/** Undefined if symbols or relocations are missing: then any change may affect every function. */
export function readLinkedCode(bytes: Uint8Array, readSource: ReadSource): LinkedCode | undefined {
  try {
    const elf = readElf(bytes);
    if (!isWhole(elf)) return undefined;
    const atoms = new ObjectCode(elf, readSource, true).atoms();
    const constructors = atoms.filter(runsAtLoad).flatMap(({ references }) => references);
    return { atoms, rest: hashNeeds(elf), atLoad: reachableFrom([...constructors, ...resolversOf(elf)], atoms) };
  } catch {
    return undefined;
  }
}

/** Whether its code has symbols and correct relocations. */
function isWhole(elf: Elf): boolean {
  const text = elf.sections.find(({ name }) => name === ".text");
  const hasFunctions = elf.symbols.some(({ type, section, size }) => type === SYMBOL.function && section === text?.index && size > 0);
  return text !== undefined && hasFunctions && elf.relocationsOf(text).length > 0 && relocationsMatch(elf, text);
}

/** R_X86_64_PC32: the field holds the distance to the symbol. */
const DISTANCE = 2;

/** Whether the linker kept the relocations consistent with the code. */
function relocationsMatch(elf: Elf, text: Section): boolean {
  const view = new DataView(text.bytes.buffer, text.bytes.byteOffset, text.bytes.byteLength);
  return elf.relocationsOf(text).every(({ type, offset, symbol: index, addend }) => {
    const symbol = elf.symbols[index];
    if (type !== DISTANCE || symbol === undefined || symbol.section === 0) return true;
    return view.getInt32(offset - text.address, true) === symbol.value + Number(addend) - offset;
  });
}

/** The functions that choose one of several implementations for the machine (`target_clones`, `ifunc`). */
function resolversOf({ symbols }: Elf): readonly string[] {
  const addresses = new Set(symbols.flatMap(({ type, value }) => (type === SYMBOL.indirect ? [value] : [])));
  return symbols.filter(({ type, value }) => type === SYMBOL.function && addresses.has(value)).map(keyOf);
}

function reachableFrom(beginning: readonly string[], atoms: readonly Atom[]): ReadonlySet<string> {
  const references = new Map(atoms.map(({ key, references: own }) => [key, own]));
  const [seen, waiting] = [new Set<string>(), [...beginning]];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    waiting.push(...(references.get(next) ?? []));
  }
  return seen;
}

/** DT_NEEDED, DT_SONAME, DT_RPATH, DT_RUNPATH (gABI, dynamic section). */
const NAMES = [1, 14, 15, 29];

const ENTRY_BYTES = 16;

function hashNeeds({ sections }: Elf): string {
  const hash = createHash("sha256");
  for (const { bytes, link } of sections.filter(({ type }) => type === SECTION.dynamic)) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = 0; at + ENTRY_BYTES <= bytes.length; at += ENTRY_BYTES) {
      const [tag, value] = [Number(view.getBigUint64(at, true)), Number(view.getBigUint64(at + 8, true))];
      if (NAMES.includes(tag)) hash.update(`${tag} ${stringAt(sections[link]?.bytes ?? new Uint8Array(), value)}\n`);
    }
  }
  return hash.digest("hex");
}
