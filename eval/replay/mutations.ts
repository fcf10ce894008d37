// How harmless changes of the source affect the stacks of the same errors. Pure.

import { isBoundary, isTrampoline } from "../../src/findings/cpython-functions.ts";
import { normalizeName } from "../../src/findings/frames.ts";
import type { Frame, MemoryError } from "../../src/model/memory-error.ts";
import { type Random, sample, shuffled } from "../random.ts";

/** An error, with the test file that shows it. */
export interface ReportedError {
  readonly test: string;
  readonly error: MemoryError;
  /** Whether it must be found as new. */
  readonly isPlanted: boolean;
}

/** What a check knows of a build's errors. */
export interface BuildErrors {
  readonly reported: readonly ReportedError[];
  /** Names of the functions that the build has symbols of. */
  readonly symbols: ReadonlySet<string>;
  /** Files that moved since the other side: new paths by old ones. */
  readonly moves: ReadonlyMap<string, string>;
}

export type Mutation = (build: BuildErrors, random: Random) => BuildErrors;

/** How many functions or files change at once. */
const HOW_MANY = 5;

const EACH = {
  nothing: (build) => build,
  "lines shift": (build, random) => {
    const files = choose(filesOf(build), random);
    return mapFrames(build, (frame) => (files.has(frame.file ?? "") ? { ...frame, line: (frame.line ?? 0) + 30 } : frame));
  },
  rename: (build, random) => {
    const chosen = choose(helpersOf(build), random);
    const renamed = (name: string): string => `renamed_${name}`;
    return withSymbols(
      mapFrames(build, (frame) => (chosen.has(normalizeName(frame)) ? { ...frame, function: renamed(frame.function ?? "") } : frame)),
      [...build.symbols].map((name) => (chosen.has(name) ? renamed(name) : name)),
    );
  },
  // A helper that was merged into its callers, so that it no longer exists.
  "merge into callers": (build, random) => {
    const chosen = choose(helpersOf(build), random);
    return withoutSymbols(
      mapStacks(build, (frames) => inlined(frames, chosen).filter((frame) => !chosen.has(normalizeName(frame)))),
      chosen,
    );
  },
  // The compiler inlines a function: memcheck still shows it, at the address of its caller.
  "inline by the compiler": (build, random) => {
    const chosen = choose(helpersOf(build), random);
    return withoutSymbols(
      mapStacks(build, (frames) => inlined(frames, chosen)),
      chosen,
    );
  },
  split: (build, random) => {
    const chosen = choose(functionsOf(build), random);
    const helper = (name: string): string => `${name}_helper`;
    // Between frames of one address, which are inlined, it is inlined as well.
    const split = (frame: Frame, index: number, frames: readonly Frame[]): readonly Frame[] => {
      const name = normalizeName(frame);
      if (!chosen.has(name)) return [frame];
      const address = frames[index - 1]?.address === frame.address ? frame.address : `${frame.address}00`;
      return [{ ...frame, address, function: helper(name) }, frame];
    };
    return withSymbols(
      mapStacks(build, (frames) => frames.flatMap(split)),
      [...build.symbols, ...[...chosen].map(helper)],
    );
  },
  "compiler suffixes": (build, random) => {
    const chosen = choose(functionsOf(build), random);
    const suffix = (frame: Frame): Frame =>
      chosen.has(normalizeName(frame)) ? { ...frame, function: `${frame.function?.replace(/\..*/, "")}.constprop.1.isra.0` } : frame;
    return mapFrames(build, suffix);
  },
  "files move": (build, random) => {
    const files = choose(filesOf(build), random);
    const moved = (file: string): string => `moved_${file}`;
    const paths = build.reported.flatMap(({ error }) =>
      error.frames.flatMap((frame) => (files.has(frame.file ?? "") ? [pathOf(frame)] : [])),
    );
    const moves = new Map(paths.map((path) => [path, path.replace(/[^/]+$/, moved)]));
    return { ...mapFrames(build, (frame) => (files.has(frame.file ?? "") ? { ...frame, file: moved(frame.file ?? "") } : frame)), moves };
  },
  // Valgrind reports an error once, with the stack of the first occurrence: only its innermost four addresses do not depend on that.
  "order of tests": (build, random) => {
    const hasTail = ({ error }: ReportedError): boolean => !error.kind.startsWith("Leak_") && tailOf(error).length > 0;
    const tails = shuffled(build.reported.filter(hasTail), random).map(({ error }) => tailOf(error));
    let next = 0;
    const withNextTail = (one: ReportedError): ReportedError =>
      hasTail(one) ? { ...one, error: { ...one.error, frames: [...headOf(one.error), ...(tails[next++] ?? [])] } } : one;
    return { ...build, reported: shuffled(build.reported, random).map(withNextTail) };
  },
  // The interpreter calls C functions directly from hot code.
  "calls get hot": (build, random) =>
    mapStacks(build, (frames) => {
      const boundary = frames.findIndex((frame) => isBoundary(normalizeName(frame)));
      const own = frames.slice(0, Math.max(0, boundary)).findLastIndex((frame) => !isTrampoline(normalizeName(frame)));
      return own === -1 || random() < 0.5 ? frames : [...frames.slice(0, own + 1), ...frames.slice(boundary)];
    }),
  "fewer blocks": (build, random) => ({
    ...build,
    reported: build.reported.map((one) =>
      one.isPlanted || random() > 0.3 ? one : { ...one, error: withBlocks(one.error, (blocks) => Math.ceil(blocks / 2)) },
    ),
  }),
} as const satisfies Readonly<Record<string, Mutation>>;

export const MUTATIONS: typeof EACH & Readonly<Record<string, Mutation>> = {
  ...EACH,
  "most of it at once": (build, random) =>
    [EACH["lines shift"], EACH.rename, EACH["merge into callers"], EACH.split, EACH["files move"], EACH["order of tests"]].reduce(
      (changed, mutation) => mutation(changed, random),
      build,
    ),
};

export function withBlocks(error: MemoryError, change: (blocks: number) => number): MemoryError {
  if (error.leaked === undefined) return error;
  return { ...error, leaked: { ...error.leaked, blocks: change(error.leaked.blocks) } };
}

/** The frames up to the eval loop, which make up signatures: a change elsewhere would have no effect. */
function ownFrames(build: BuildErrors): readonly Frame[] {
  return build.reported.flatMap(({ error: { frames } }) => {
    const end = frames.findIndex((frame) => isBoundary(normalizeName(frame)));
    return frames.slice(0, end === -1 ? frames.length : end).filter(({ directory }) => directory?.startsWith(SOURCE) ?? false);
  });
}

/** By the names that signatures use, in which the parts of a split function have one name. */
function functionsOf(build: BuildErrors): readonly string[] {
  return [...new Set(ownFrames(build).flatMap((frame) => (frame.file?.endsWith(".c") ? normalizeName(frame) : [])))].sort();
}

/** Static helpers, whose names may change; public names do not. */
function helpersOf(build: BuildErrors): readonly string[] {
  return functionsOf(build).filter((name) => /^[a-z]\w*$/.test(name) && build.symbols.has(name));
}

function filesOf(build: BuildErrors): readonly string[] {
  return [...new Set(ownFrames(build).flatMap(({ file }) => (file?.endsWith(".c") ? file : [])))].sort();
}

function choose(names: readonly string[], random: Random): ReadonlySet<string> {
  return new Set(sample(names, HOW_MANY, random));
}

/** The source folder in debug information (the recipe's `-ffile-prefix-map`). */
export const SOURCE = "/cpython";

/** From the project's root. */
function pathOf({ directory = "", file = "" }: Frame): string {
  return `${directory}/${file}`.replace(`${SOURCE}/`, "").replace("./", "");
}

function mapFrames(build: BuildErrors, change: (frame: Frame) => Frame): BuildErrors {
  return mapStacks(build, (frames) => frames.map(change));
}

function mapStacks(build: BuildErrors, change: (frames: readonly Frame[]) => readonly Frame[]): BuildErrors {
  const changeError = (error: MemoryError): MemoryError => ({
    ...error,
    frames: change(error.frames),
    auxiliary: error.auxiliary.map((stack) => ({ ...stack, frames: change(stack.frames) })),
  });
  return { ...build, reported: build.reported.map((one) => ({ ...one, error: changeError(one.error) })) };
}

/** Gives these functions, and all that is inlined into them, the address of their callers. */
function inlined(frames: readonly Frame[], chosen: ReadonlySet<string>): readonly Frame[] {
  const addresses = frames.map(({ address }) => address);
  for (let index = frames.length - 2; index >= 0; index--) {
    const [frame, caller] = [frames[index], frames[index + 1]];
    const isInlined = frame !== undefined && (chosen.has(normalizeName(frame)) || frame.address === caller?.address);
    if (isInlined) addresses[index] = addresses[index + 1] ?? frame.address;
  }
  return frames.map((frame, index) => ({ ...frame, address: addresses[index] ?? frame.address }));
}

function withSymbols(build: BuildErrors, symbols: Iterable<string>): BuildErrors {
  return { ...build, symbols: new Set(symbols) };
}

function withoutSymbols(build: BuildErrors, chosen: ReadonlySet<string>): BuildErrors {
  return withSymbols(
    build,
    [...build.symbols].filter((name) => !chosen.has(name)),
  );
}

function headOf({ frames }: MemoryError): readonly Frame[] {
  const starts = frames.flatMap(({ address }, index) => (address === frames[index - 1]?.address ? [] : [index]));
  return frames.slice(0, starts[4] ?? frames.length);
}

function tailOf(error: MemoryError): readonly Frame[] {
  return error.frames.slice(headOf(error).length);
}
