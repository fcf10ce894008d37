// Trials made of a corpus: what is known on both sides, and what is planted on the later one only. Pure.
import type { MemoryError } from "../../src/model/memory-error.ts";
import { type Random, sample, shuffled } from "../random.ts";
import type { Side } from "./corpus.ts";
import { type Mutation, type Told, withBlocks } from "./mutations.ts";
import type { Trial } from "./trial.ts";

/** Test files in one trial. */
const TESTS = 6;

/** Real leaks that the earlier side does not get to see, and known ones that grow. */
const HELD_OUT = 20;
const GROWN = 5;

const NO_MOVES: ReadonlyMap<string, string> = new Map();

/** The corpus by its parts. */
export interface Material {
  readonly base: Side;
  /** The errors reported with each bug. */
  readonly bugs: readonly Side[];
}

/** A change of the source is played to the later side; errors of half of the bugs are known on both sides, of the others they are planted. */
export function mutatedTrial({ base, bugs }: Material, mutation: Mutation, random: Random): Trial {
  const tests = sample([...base.errors.keys()].sort(), TESTS, random);
  const noise = tests.flatMap((test) => tell(test, base.errors.get(test) ?? [], false));
  const mixed = shuffled(bugs, random).map((bug, index) => ({
    test: tests[index % tests.length] ?? "",
    errors: [...bug.errors.values()].flat(),
    isPlanted: index % 2 === 0,
  }));
  const ofBugs = mixed.flatMap(({ test, errors, isPlanted }) => tell(test, errors, isPlanted));
  const [heldOut, grown] = choosePlanted(noise, random);
  const later = noise.map((one) => {
    if (grown.has(one)) return { ...one, error: withBlocks(one.error, (blocks) => 2 * blocks + 1), isPlanted: true };
    return heldOut.has(one) ? { ...one, isPlanted: true } : one;
  });
  const before = [...noise.filter((one) => !heldOut.has(one)), ...ofBugs.filter(({ isPlanted }) => !isPlanted)];
  const symbols = new Set([base, ...bugs].flatMap((side) => side.symbols));
  const after = mutation({ told: [...later, ...ofBugs], symbols, moves: NO_MOVES }, random);
  return { before: { told: before, symbols, moves: NO_MOVES }, after, ambiguous: new Set(base.ambiguous) };
}

/** The later side ran with a real, harmless patch. Of each planted leak of it the earlier side has nothing. */
export function patchedTrial({ base, bugs }: Material, patched: Side, random: Random): Trial {
  const tests = [...patched.errors.keys()];
  const noise = (side: Side): readonly Told[] => tests.flatMap((test) => tell(test, side.errors.get(test) ?? [], false));
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
  const ofBugs = bugs.flatMap((bug) => tell(tests[0] ?? "", [...bug.errors.values()].flat(), true));
  return {
    before: { told: known.filter(({ error }) => !hidden.has(stackOf(error))), symbols: new Set(base.symbols), moves: NO_MOVES },
    after: { told: [...marked, ...ofBugs], symbols: new Set(patched.symbols), moves: NO_MOVES },
    ambiguous: new Set(base.ambiguous),
  };
}

function tell(test: string, errors: readonly MemoryError[], isPlanted: boolean): readonly Told[] {
  return errors.map((error) => ({ test, error, isPlanted }));
}

function choosePlanted(noise: readonly Told[], random: Random): readonly [heldOut: ReadonlySet<Told>, grown: ReadonlySet<Told>] {
  const leaks = noise.filter(({ error }) => error.leaked !== undefined);
  const chosen = sample(leaks, HELD_OUT + GROWN, random);
  return [new Set(chosen.slice(0, HELD_OUT)), new Set(chosen.slice(HELD_OUT))];
}

function stackOf({ kind, frames }: MemoryError): string {
  return JSON.stringify([kind, frames.map((frame) => frame.function)]);
}
