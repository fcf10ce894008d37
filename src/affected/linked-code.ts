// What a shared object defines, where it still says what refers to what: linked with `--emit-relocs`, and not stripped. Pure.

import { createHash } from "node:crypto";
import { type Elf, readElf, SECTION, type Section, SYMBOL, stringAt } from "./elf.ts";
import { type Atom, ObjectCode, type ReadSource } from "./object-code.ts";

export interface LinkedCode {
  readonly atoms: readonly Atom[];
  /** Of what is in no atom: the libraries that it needs. */
  readonly rest: string;
  /** The keys of functions that may run while it is being loaded, when no call is seen yet: constructors, and all that they refer to. */
  readonly atLoad: ReadonlySet<string>;
}

/** Undefined for what does not say enough: then any change of it may change all of it. */
export function readLinkedCode(bytes: Uint8Array, readSource: ReadSource): LinkedCode | undefined {
  try {
    const elf = readElf(bytes);
    if (!isWhole(elf)) return undefined;
    const atoms = new ObjectCode(elf, readSource, true).atoms();
    return { atoms, rest: hashNeeds(elf), atLoad: reachableFrom(atoms.filter(isAtLoad), atoms) };
  } catch {
    return undefined;
  }
}

/** Whether its code has symbols and relocations, and these are right. */
function isWhole(elf: Elf): boolean {
  const text = elf.sections.find(({ name }) => name === ".text");
  const hasFunctions = elf.symbols.some(({ type, section, size }) => type === SYMBOL.function && section === text?.index && size > 0);
  return text !== undefined && hasFunctions && elf.relocationsOf(text).length > 0 && agrees(elf, text);
}

/** R_X86_64_PC32: what stands in the field is the distance to the symbol. */
const DISTANCE = 2;

/** Whether the linker kept its relocations up to date with what it put into the code. */
function agrees(elf: Elf, text: Section): boolean {
  const view = new DataView(text.bytes.buffer, text.bytes.byteOffset, text.bytes.byteLength);
  return elf.relocationsOf(text).every(({ type, offset, symbol: index, addend }) => {
    const symbol = elf.symbols[index];
    if (type !== DISTANCE || symbol === undefined || symbol.section === 0) return true;
    return view.getInt32(offset - text.address, true) === symbol.value + Number(addend) - offset;
  });
}

function isAtLoad({ key }: Atom): boolean {
  return key.endsWith(":(.init_array)");
}

function reachableFrom(beginning: readonly Atom[], atoms: readonly Atom[]): ReadonlySet<string> {
  const references = new Map(atoms.map(({ key, references: own }) => [key, own]));
  const [seen, waiting] = [new Set<string>(), beginning.flatMap(({ references: own }) => own)];
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
