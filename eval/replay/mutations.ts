// What changes of the source that fix and break nothing do to the stacks of the same errors. Pure.

import { isBoundary, isTrampoline } from "../../src/findings/cpython-functions.ts";
import { normalizeName } from "../../src/findings/frames.ts";
import type { Frame, MemoryError } from "../../src/model/memory-error.ts";
import { type Random, sample, shuffled } from "../random.ts";

/** An error in the test file that made it. */
export interface Told {
  readonly test: string;
  readonly error: MemoryError;
  /** Whether it is there to be found. */
  readonly isPlanted: boolean;
}

/** What a check knows of a build's errors. */
export interface ReproduceContext {
  readonly told: readonly Told[];
  /** Names of the functions that the build has symbols of. */
  readonly symbols: ReadonlySet<string>;
  /** Files that moved since the other side: new paths by old ones. */
  readonly moves: ReadonlyMap<string, string>;
}

export type Mutation = (scene: ReproduceContext, random: Random) => ReproduceContext;

/** So many functions or files change at once. */
const HOW_MANY = 5;

const EACH = {
  nothing: (scene) => scene,
  "lines shift": (scene, random) => {
    const files = choose(filesOf(scene), random);
    return mapFrames(scene, (frame) => (files.has(frame.file ?? "") ? { ...frame, line: (frame.line ?? 0) + 30 } : frame));
  },
  rename: (scene, random) => {
    const chosen = choose(helpersOf(scene), random);
    const renamed = (name: string): string => `renamed_${name}`;
    return withSymbols(
      mapFrames(scene, (frame) => (chosen.has(normalizeName(frame)) ? { ...frame, function: renamed(frame.function ?? "") } : frame)),
      [...scene.symbols].map((name) => (chosen.has(name) ? renamed(name) : name)),
    );
  },
  // A helper that was merged into its callers, so that it no longer exists.
  "merge into callers": (scene, random) => {
    const chosen = choose(helpersOf(scene), random);
    return withoutSymbols(
      mapStacks(scene, (frames) => inlined(frames, chosen).filter((frame) => !chosen.has(normalizeName(frame)))),
      chosen,
    );
  },
  // The compiler inlines a function: memcheck shows it all the same, at the address of its caller.
  "inline by the compiler": (scene, random) => {
    const chosen = choose(helpersOf(scene), random);
    return withoutSymbols(
      mapStacks(scene, (frames) => inlined(frames, chosen)),
      chosen,
    );
  },
  split: (scene, random) => {
    const chosen = choose(functionsOf(scene), random);
    const helper = (name: string): string => `${name}_helper`;
    // Between frames of one address, which are inlined, it is inlined as well.
    const split = (frame: Frame, index: number, frames: readonly Frame[]): readonly Frame[] => {
      const name = normalizeName(frame);
      if (!chosen.has(name)) return [frame];
      const address = frames[index - 1]?.address === frame.address ? frame.address : `${frame.address}00`;
      return [{ ...frame, address, function: helper(name) }, frame];
    };
    return withSymbols(
      mapStacks(scene, (frames) => frames.flatMap(split)),
      [...scene.symbols, ...[...chosen].map(helper)],
    );
  },
  "compiler suffixes": (scene, random) => {
    const chosen = choose(functionsOf(scene), random);
    const suffix = (frame: Frame): Frame =>
      chosen.has(normalizeName(frame)) ? { ...frame, function: `${frame.function?.replace(/\..*/, "")}.constprop.1.isra.0` } : frame;
    return mapFrames(scene, suffix);
  },
  "files move": (scene, random) => {
    const files = choose(filesOf(scene), random);
    const moved = (file: string): string => `moved_${file}`;
    const paths = scene.told.flatMap(({ error }) => error.frames.flatMap((frame) => (files.has(frame.file ?? "") ? [pathOf(frame)] : [])));
    const moves = new Map(paths.map((path) => [path, path.replace(/[^/]+$/, moved)]));
    return { ...mapFrames(scene, (frame) => (files.has(frame.file ?? "") ? { ...frame, file: moved(frame.file ?? "") } : frame)), moves };
  },
  // Valgrind reports an error once, with the stack of the first occurrence: only its innermost four addresses do not depend on that.
  "order of tests": (scene, random) => {
    const goesOn = ({ error }: Told): boolean => !error.kind.startsWith("Leak_") && tailOf(error).length > 0;
    const tails = shuffled(scene.told.filter(goesOn), random).map(({ error }) => tailOf(error));
    let next = 0;
    const retell = (one: Told): Told =>
      goesOn(one) ? { ...one, error: { ...one.error, frames: [...headOf(one.error), ...(tails[next++] ?? [])] } } : one;
    return { ...scene, told: shuffled(scene.told, random).map(retell) };
  },
  // The interpreter calls C functions directly from code that is hot.
  "calls get hot": (scene, random) =>
    mapStacks(scene, (frames) => {
      const boundary = frames.findIndex((frame) => isBoundary(normalizeName(frame)));
      const own = frames.slice(0, Math.max(0, boundary)).findLastIndex((frame) => !isTrampoline(normalizeName(frame)));
      return own === -1 || random() < 0.5 ? frames : [...frames.slice(0, own + 1), ...frames.slice(boundary)];
    }),
  "fewer blocks": (scene, random) => ({
    ...scene,
    told: scene.told.map((one) =>
      one.isPlanted || random() > 0.3 ? one : { ...one, error: withBlocks(one.error, (blocks) => Math.ceil(blocks / 2)) },
    ),
  }),
} as const satisfies Readonly<Record<string, Mutation>>;

export const MUTATIONS: typeof EACH & Readonly<Record<string, Mutation>> = {
  ...EACH,
  "most of it at once": (scene, random) =>
    [EACH["lines shift"], EACH.rename, EACH["merge into callers"], EACH.split, EACH["files move"], EACH["order of tests"]].reduce(
      (changed, mutation) => mutation(changed, random),
      scene,
    ),
};

export function withBlocks(error: MemoryError, change: (blocks: number) => number): MemoryError {
  if (error.leaked === undefined) return error;
  return { ...error, leaked: { ...error.leaked, blocks: change(error.leaked.blocks) } };
}

/** The part up to the eval loop is what signatures are made of: a change elsewhere would show nothing. */
function ownFrames(scene: ReproduceContext): readonly Frame[] {
  return scene.told.flatMap(({ error: { frames } }) => {
    const end = frames.findIndex((frame) => isBoundary(normalizeName(frame)));
    return frames.slice(0, end === -1 ? frames.length : end).filter(({ directory }) => directory?.startsWith(SOURCE) ?? false);
  });
}

/** By the names that signatures have, under which the halves of a function are one. */
function functionsOf(scene: ReproduceContext): readonly string[] {
  return [...new Set(ownFrames(scene).flatMap((frame) => (frame.file?.endsWith(".c") ? normalizeName(frame) : [])))].sort();
}

/** Public names stay what they are; those of a file's own helpers change. */
function helpersOf(scene: ReproduceContext): readonly string[] {
  return functionsOf(scene).filter((name) => /^[a-z]\w*$/.test(name) && scene.symbols.has(name));
}

function filesOf(scene: ReproduceContext): readonly string[] {
  return [...new Set(ownFrames(scene).flatMap(({ file }) => (file?.endsWith(".c") ? file : [])))].sort();
}

function choose(names: readonly string[], random: Random): ReadonlySet<string> {
  return new Set(sample(names, HOW_MANY, random));
}

/** Where the compiler says that the source is (the recipe's `-ffile-prefix-map`). */
export const SOURCE = "/cpython";

/** From the project's root. */
function pathOf({ directory = "", file = "" }: Frame): string {
  return `${directory}/${file}`.replace(`${SOURCE}/`, "").replace("./", "");
}

function mapFrames(scene: ReproduceContext, change: (frame: Frame) => Frame): ReproduceContext {
  return mapStacks(scene, (frames) => frames.map(change));
}

function mapStacks(scene: ReproduceContext, change: (frames: readonly Frame[]) => readonly Frame[]): ReproduceContext {
  const changeError = (error: MemoryError): MemoryError => ({
    ...error,
    frames: change(error.frames),
    auxiliary: error.auxiliary.map((stack) => ({ ...stack, frames: change(stack.frames) })),
  });
  return { ...scene, told: scene.told.map((one) => ({ ...one, error: changeError(one.error) })) };
}

/** These functions, with all that is inlined into them, at the address of their callers. */
function inlined(frames: readonly Frame[], chosen: ReadonlySet<string>): readonly Frame[] {
  const addresses = frames.map(({ address }) => address);
  for (let index = frames.length - 2; index >= 0; index--) {
    const [frame, caller] = [frames[index], frames[index + 1]];
    const isInlined = frame !== undefined && (chosen.has(normalizeName(frame)) || frame.address === caller?.address);
    if (isInlined) addresses[index] = addresses[index + 1] ?? frame.address;
  }
  return frames.map((frame, index) => ({ ...frame, address: addresses[index] ?? frame.address }));
}

function withSymbols(scene: ReproduceContext, symbols: Iterable<string>): ReproduceContext {
  return { ...scene, symbols: new Set(symbols) };
}

function withoutSymbols(scene: ReproduceContext, chosen: ReadonlySet<string>): ReproduceContext {
  return withSymbols(
    scene,
    [...scene.symbols].filter((name) => !chosen.has(name)),
  );
}

function headOf({ frames }: MemoryError): readonly Frame[] {
  const starts = frames.flatMap(({ address }, index) => (address === frames[index - 1]?.address ? [] : [index]));
  return frames.slice(0, starts[4] ?? frames.length);
}

function tailOf(error: MemoryError): readonly Frame[] {
  return error.frames.slice(headOf(error).length);
}
