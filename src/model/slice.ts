import * as v from "valibot";

/** One of a number of parts of all allocation sites, from 0. */
export type Slice = readonly [part: number, of: number];

/** The stored form: `3/14`. */
export const SliceSchema = v.pipe(v.string(), v.regex(/^\d+\/\d+$/));

export function sliceName([part, of]: Slice): string {
  return `${part}/${of}`;
}
