// Recorded errors of real runs, for replays: every frame and stack once, in one compressed file. Pure.
import { gunzipSync, gzipSync } from "node:zlib";
import * as v from "valibot";
import { isLeak } from "../../src/findings/segment.ts";
import type { AuxiliaryStack, Frame, MemoryError } from "../../src/model/memory-error.ts";

/** Goes up with every change of the stored form. */
export const CORPUS_VERSION = 1;

/** The errors of test files on one build. */
export interface Side {
  /** `base`, or the case that was applied to it. */
  readonly name: string;
  /** When leaks were looked for. */
  readonly leakCheck: "live" | "exit";
  /** Names of the functions on its stacks for which the build has symbols. */
  readonly symbols: readonly string[];
  /** Those that are defined in several files. */
  readonly ambiguous: readonly string[];
  /** By test file. */
  readonly errors: ReadonlyMap<string, readonly MemoryError[]>;
}

const Index = v.pipe(v.number(), v.integer(), v.minValue(0));

const CorpusSchema = v.strictObject({
  corpusVersion: v.literal(CORPUS_VERSION),
  /** Indexes below are into this; 0 is nothing. */
  texts: v.array(v.string()),
  /** Address, function, directory, file, line, object. */
  frames: v.array(v.tuple([Index, Index, Index, Index, Index, Index])),
  /** Of frames. */
  stacks: v.array(v.array(Index)),
  sides: v.array(
    v.strictObject({
      name: v.string(),
      leakCheck: v.picklist(["live", "exit"]),
      symbols: v.array(Index),
      ambiguous: v.array(Index),
      tests: v.array(
        v.strictObject({
          file: v.string(),
          /** Kind, text, stack, blocks, bytes, then text and stack of each further stack. */
          errors: v.array(v.pipe(v.array(Index), v.minLength(5))),
        }),
      ),
    }),
  ),
});

type Corpus = v.InferOutput<typeof CorpusSchema>;

export function packCorpus(sides: readonly Side[]): Buffer {
  const texts = new Table<string>();
  const frames = new Table<Corpus["frames"][number]>();
  const stacks = new Table<number[]>();
  texts.indexOf("");
  // Addresses differ from build to build; only their equality matters.
  const addresses = new Table<string>();
  const text = (value: string | undefined): number => texts.indexOf(value ?? "");
  const frameOf = ({ address, function: name, directory, file, line, object }: Frame): number =>
    frames.indexOf([addresses.indexOf(address), text(name), text(directory), text(file), line ?? 0, text(object)]);
  const stackOf = (list: readonly Frame[]): number => stacks.indexOf(list.map(frameOf));
  const errorOf = ({ kind, what, frames: list, leaked, auxiliary }: MemoryError): number[] => [
    text(kind),
    text(isLeak(kind) ? "" : what),
    stackOf(list),
    leaked?.blocks ?? 0,
    leaked?.bytes ?? 0,
    ...auxiliary.flatMap((further) => [text(further.what), stackOf(further.frames)]),
  ];
  const packed = sides.map(({ name, leakCheck, symbols, ambiguous, errors }) => ({
    name,
    leakCheck,
    symbols: symbols.map(text),
    ambiguous: ambiguous.map(text),
    tests: [...errors].map(([file, list]) => ({ file, errors: list.map(errorOf) })),
  }));
  const corpus: Corpus = {
    corpusVersion: CORPUS_VERSION,
    texts: texts.values,
    frames: frames.values,
    stacks: stacks.values,
    sides: packed,
  };
  return gzipSync(JSON.stringify(corpus), { level: 9 });
}

/** @throws ValiError if it is not a corpus of this version. */
export function unpackCorpus(file: Uint8Array): readonly Side[] {
  const { texts, frames, stacks, sides } = v.parse(CorpusSchema, JSON.parse(gunzipSync(file).toString()));
  const text = (index = 0): string => texts[index] ?? "";
  const allFrames = frames.map(
    ([address, name, directory, file, line, object]): Frame => ({
      address: `0x${address.toString(16)}`,
      ...(name && { function: text(name) }),
      ...(directory && { directory: text(directory) }),
      ...(file && { file: text(file) }),
      ...(line && { line }),
      ...(object && { object: text(object) }),
    }),
  );
  const stackOf = (index = 0): readonly Frame[] => (stacks[index] ?? []).flatMap((frame) => allFrames[frame] ?? []);
  const errorOf = ([kind, what, stack, blocks = 0, bytes = 0, ...further]: readonly number[]): MemoryError => ({
    unique: "0x0",
    kind: text(kind),
    what: isLeak(text(kind)) ? `${bytes} bytes in ${blocks} blocks are definitely lost` : text(what),
    frames: stackOf(stack),
    auxiliary: pairsOf(further).map(([words, frames]): AuxiliaryStack => ({ what: text(words), frames: stackOf(frames) })),
    ...(isLeak(text(kind)) && { leaked: { blocks, bytes } }),
  });
  return sides.map(({ name, leakCheck, symbols, ambiguous, tests }) => ({
    name,
    leakCheck,
    symbols: symbols.map(text),
    ambiguous: ambiguous.map(text),
    errors: new Map(tests.map(({ file, errors }) => [file, errors.map(errorOf)])),
  }));
}

function pairsOf(values: readonly number[]): readonly (readonly [number | undefined, number | undefined])[] {
  return values.flatMap((value, index) => (index % 2 === 0 ? [[value, values[index + 1]] as const] : []));
}

/** Stores each value once, at an index. */
class Table<Value> {
  readonly values: Value[] = [];
  readonly #places = new Map<string, number>();

  indexOf(value: Value): number {
    const key = JSON.stringify(value);
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    this.#places.set(key, this.values.length);
    return this.values.push(value) - 1;
  }
}
