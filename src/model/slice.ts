import * as v from "valibot";

/** One of so many parts of all allocation sites, from 0. */
export type Slice = readonly [part: number, of: number];

/** As it is recorded: `3/14`. */
export const SliceSchema = v.pipe(v.string(), v.regex(/^\d+\/\d+$/));

export function sliceName([part, of]: Slice): string {
  return `${part}/${of}`;
}
