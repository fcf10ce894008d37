// Stored format of the functions that a shard's test files run and the files that they open.

import * as v from "valibot";
import { decodeBits, encodeBits, type Footprint, type RecordedFootprints } from "../affected/footprints.ts";

const texts = v.array(v.string());

/** Sets of indices into `functions` and `files`, as bits in base64. */
const FootprintSchema = v.strictObject({ functions: v.string(), files: v.string() });

export const StoredFootprintsSchema = v.strictObject({
  functions: texts,
  files: texts,
  watched: v.string(),
  shared: FootprintSchema,
  tests: v.array(v.strictObject({ name: v.string(), ...FootprintSchema.entries })),
});

export type StoredFootprints = v.InferOutput<typeof StoredFootprintsSchema>;

export function storeFootprints({ watched, shared, tests }: RecordedFootprints): StoredFootprints {
  const all = [shared, ...tests.values()];
  const functions = [...new Set([...watched, ...all.flatMap((one) => [...one.functions])])].toSorted();
  const files = [...new Set(all.flatMap((one) => [...one.files]))].toSorted();
  const bits = (values: readonly string[], set: ReadonlySet<string>): string => encodeBits(values.map((value) => set.has(value)));
  const store = (one: Footprint) => ({ functions: bits(functions, one.functions), files: bits(files, one.files) });
  const stored = [...tests].map(([name, one]) => ({ name, ...store(one) }));
  return { functions, files, watched: bits(functions, watched), shared: store(shared), tests: stored };
}

export function readFootprints({ functions, files, watched, shared, tests }: StoredFootprints): RecordedFootprints {
  const read = (one: v.InferOutput<typeof FootprintSchema>): Footprint => ({
    functions: new Set(decodeBits(one.functions, functions)),
    files: new Set(decodeBits(one.files, files)),
  });
  return {
    watched: new Set(decodeBits(watched, functions)),
    shared: read(shared),
    tests: new Map(tests.map((test) => [test.name, read(test)])),
  };
}

/** Merges the records of several machines. Functions and files that all test files of one machine share count as shared for all. */
export function mergeFootprints(all: readonly RecordedFootprints[]): RecordedFootprints {
  return {
    watched: new Set(all.flatMap(({ watched }) => [...watched])),
    shared: {
      functions: new Set(all.flatMap(({ shared }) => [...shared.functions])),
      files: new Set(all.flatMap(({ shared }) => [...shared.files])),
    },
    tests: new Map(all.flatMap(({ tests }) => [...tests])),
  };
}
