import { readFile } from "node:fs/promises";
import { type ElfSymbol, readElf, SYMBOL } from "../affected/elf.ts";
import { keyOf } from "../affected/symbol-key.ts";
import { type Place, Symbols } from "../engines/scan/symbols.ts";
import { type Project, projectFile } from "../findings/site.ts";
import type { Finding, StackFrame } from "../model/finding.ts";
import type { Frame } from "../model/memory-error.ts";
import type { CheckContext } from "./stage.ts";

/** What a function is made of: where it begins, and the lines of its machine code, with those of what is inlined into it. */
export type FunctionPlaces = Pick<Finding, "site" | "stack">;

/** Of one function; enough to meet each of its lines or one near it. */
const MAX_PLACES = 200;

/** The places of functions of the build, by their keys; without those that have none. */
export async function placesOfFunctions(
  keys: readonly string[],
  { underTest, runContext }: Pick<CheckContext, "underTest" | "runContext">,
): Promise<ReadonlyMap<string, FunctionPlaces>> {
  const places = new Map<string, readonly Place[]>();
  for (const path of underTest?.objects ?? []) {
    for (const symbol of readElf(await readFile(path)).symbols) {
      const key = keyOf(symbol);
      if (symbol.type === SYMBOL.function && symbol.size > 0 && keys.includes(key) && !places.has(key))
        places.set(key, within(path, symbol));
    }
  }
  const symbols = new Symbols(runContext.processes);
  await symbols.learn([...places.values()].flat());
  return new Map(
    [...places].flatMap(([key, all]) => {
      const stack = all.flatMap((place) => symbols.framesAt(place)).map((frame) => stackFrame(frame, runContext.project));
      // Of the first instruction, the frame of the function itself is the outermost one.
      const outermost = all.slice(0, 1).flatMap((place) => symbols.framesAt(place).slice(-1));
      return outermost.map((frame) => [key, { site: stackFrame(frame, runContext.project), stack }] as const);
    }),
  );
}

function within(path: string, { value, size }: ElfSymbol): readonly Place[] {
  const step = Math.max(1, Math.ceil(size / MAX_PLACES));
  return Array.from({ length: Math.ceil(size / step) }, (_, index) => [path, value + index * step]);
}

function stackFrame(frame: Frame, project: Project): StackFrame {
  const file = projectFile(frame, project) ?? null;
  return { function: frame.function ?? "", file, line: frame.line ?? null, object: frame.object ?? null, role: null };
}
