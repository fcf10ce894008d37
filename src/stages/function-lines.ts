import { readFile } from "node:fs/promises";
import { type ElfSymbol, readElf, SYMBOL } from "../affected/elf.ts";
import { keyOf } from "../affected/object-code.ts";
import { builtObjects } from "../build/functions.ts";
import { type Place, Symbols } from "../engines/scan/symbols.ts";
import { projectFile } from "../findings/site.ts";
import type { Frame } from "../model/memory-error.ts";
import type { CheckContext } from "./stage.ts";

/** Where a function stands in the source, as its machine code tells: from its first line to the last that any of it was made of. */
export interface FunctionLines {
  /** Relative to the project. */
  readonly file: string;
  readonly from: number;
  readonly to: number;
}

/** Of one function; enough to meet each of its lines or one near it. */
const MAX_PLACES = 200;

/** The lines of functions of the build, by their keys; without those that have none. */
export async function linesOfFunctions(
  keys: readonly string[],
  { prepared, runContext }: Pick<CheckContext, "prepared" | "runContext">,
): Promise<ReadonlyMap<string, FunctionLines>> {
  const places = new Map<string, readonly Place[]>();
  for (const path of await builtObjects(prepared.python.tree)) {
    for (const symbol of readElf(await readFile(path)).symbols) {
      const key = keyOf(symbol);
      if (symbol.type === SYMBOL.function && symbol.size > 0 && keys.includes(key) && !places.has(key))
        places.set(key, within(path, symbol));
    }
  }
  const symbols = new Symbols(runContext.processes);
  await symbols.learn([...places.values()].flat());
  const lines = [...places].map(([key, all]) => {
    const frames = all.flatMap((place) => symbols.framesAt(place).at(-1) ?? []);
    return [key, linesOf(frames, (frame) => projectFile(frame, runContext.project))] as const;
  });
  return new Map(lines.flatMap(([key, found]) => (found === undefined ? [] : [[key, found]])));
}

function within(path: string, { value, size }: ElfSymbol): readonly Place[] {
  const step = Math.max(1, Math.ceil(size / MAX_PLACES));
  return Array.from({ length: Math.ceil(size / step) }, (_, index) => [path, value + index * step]);
}

function linesOf([first, ...rest]: readonly Frame[], fileOf: (frame: Frame) => string | undefined): FunctionLines | undefined {
  const file = first && fileOf(first);
  if (first?.line === undefined || file === undefined) return undefined;
  const others = rest.flatMap((frame) => (fileOf(frame) === file && frame.line !== undefined ? [frame.line] : []));
  return { file, from: first.line, to: Math.max(first.line, ...others) };
}
