import { readFile } from "node:fs/promises";
import { type ElfSymbol, readElf, SYMBOL } from "../affected/elf.ts";
import { keyOf } from "../affected/symbol-key.ts";
import { type Place, Symbols } from "../engines/scan/symbols.ts";
import { type Project, projectFile } from "../findings/site.ts";
import type { Finding, StackFrame } from "../model/finding.ts";
import type { Frame } from "../model/memory-error.ts";
import type { CheckContext } from "./stage.ts";

/** The source of a function: where it begins, and the lines of its machine code, including inlined functions. */
export type FunctionPlaces = Pick<Finding, "site" | "stack">;

/** Samples for one function: enough to be near each of its lines. */
const MAX_PLACES = 200;

/** The source places of the build's functions, by key; functions without debug information are missing. */
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
      // At its first instruction, the function's own frame is the outermost.
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
