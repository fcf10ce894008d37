// Makes trials from a corpus: errors known on both sides, and errors planted on the later side only. Pure.
import type { MemoryError } from "../../src/model/memory-error.ts";
import { type Random, sample, shuffled } from "../random.ts";
import type { Side } from "./corpus.ts";
import { type Mutation, type ReportedError, withBlocks } from "./mutations.ts";
import type { Trial } from "./trial.ts";

/** Test files in one trial. */
const TESTS = 6;

/** Real leaks that are hidden from the earlier side, and known ones that grow. */
const HELD_OUT = 20;
const GROWN = 5;

const NO_MOVES: ReadonlyMap<string, string> = new Map();

/** The corpus by its parts. */
export interface Material {
  readonly base: Side;
  /** The errors reported with each bug. */
  readonly bugs: readonly Side[];
}

/** Applies a change of the source to the later side. The errors of half of the bugs are planted; those of the others are known on both sides. */
export function mutatedTrial({ base, bugs }: Material, mutation: Mutation, random: Random): Trial {
  const tests = sample([...base.errors.keys()].sort(), TESTS, random);
  const noise = tests.flatMap((test) => asReported(test, base.errors.get(test) ?? [], false));
  const mixed = shuffled(bugs, random).map((bug, index) => ({
    test: tests[index % tests.length] ?? "",
    errors: [...bug.errors.values()].flat(),
    isPlanted: index % 2 === 0,
  }));
  const ofBugs = mixed.flatMap(({ test, errors, isPlanted }) => asReported(test, errors, isPlanted));
  const [heldOut, grown] = choosePlanted(noise, random);
  const later = noise.map((one) => {
    if (grown.has(one)) return { ...one, error: withBlocks(one.error, (blocks) => 2 * blocks + 1), isPlanted: true };
    return heldOut.has(one) ? { ...one, isPlanted: true } : one;
  });
  const before = [...noise.filter((one) => !heldOut.has(one)), ...ofBugs.filter(({ isPlanted }) => !isPlanted)];
  const symbols = new Set([base, ...bugs].flatMap((side) => side.symbols));
  const after = mutation({ reported: [...later, ...ofBugs], symbols, moves: NO_MOVES }, random);
  return { before: { reported: before, symbols, moves: NO_MOVES }, after, ambiguous: new Set(base.ambiguous) };
}

/** The later side ran with a real, harmless patch. The leaks planted on it are hidden from the earlier side. */
export function patchedTrial({ base, bugs }: Material, patched: Side, random: Random): Trial {
  const tests = [...patched.errors.keys()];
  const noise = (side: Side): readonly ReportedError[] => tests.flatMap((test) => asReported(test, side.errors.get(test) ?? [], false));
  const known = noise(base);
  const stacks = new Set(known.map(({ error }) => stackOf(error)));
  const later = noise(patched);
  const heldOut = new Set(
    sample(
      later.filter(({ error }) => stacks.has(stackOf(error))),
      HELD_OUT,
      random,
    ),
  );
  const hidden = new Set([...heldOut].map(({ error }) => stackOf(error)));
  const marked = later.map((one) => (hidden.has(stackOf(one.error)) ? { ...one, isPlanted: true } : one));
  const ofBugs = bugs.flatMap((bug) => asReported(tests[0] ?? "", [...bug.errors.values()].flat(), true));
  return {
    before: { reported: known.filter(({ error }) => !hidden.has(stackOf(error))), symbols: new Set(base.symbols), moves: NO_MOVES },
    after: { reported: [...marked, ...ofBugs], symbols: new Set(patched.symbols), moves: NO_MOVES },
    ambiguous: new Set(base.ambiguous),
  };
}

function asReported(test: string, errors: readonly MemoryError[], isPlanted: boolean): readonly ReportedError[] {
  return errors.map((error) => ({ test, error, isPlanted }));
}

function choosePlanted(
  noise: readonly ReportedError[],
  random: Random,
): readonly [heldOut: ReadonlySet<ReportedError>, grown: ReadonlySet<ReportedError>] {
  const leaks = noise.filter(({ error }) => error.leaked !== undefined);
  const chosen = sample(leaks, HELD_OUT + GROWN, random);
  return [new Set(chosen.slice(0, HELD_OUT)), new Set(chosen.slice(HELD_OUT))];
}

function stackOf({ kind, frames }: MemoryError): string {
  return JSON.stringify([kind, frames.map((frame) => frame.function)]);
}
