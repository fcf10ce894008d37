import { readFileSync } from "node:fs";
import { summarize } from "../../src/affected/code.ts";
import type { Footprints } from "../../src/affected/footprints.ts";
import { readBuildCode } from "../../src/build/object-files.ts";
import type { Baseline } from "../../src/findings/baseline.ts";
import { decodeBaseline } from "../../src/hosts/common/baseline-file.ts";
import { build } from "../watch.ts";
import { resetCheckout } from "./changes.ts";

/** A baseline, and its record of what each test file runs. */
export interface BaselineRecord {
  readonly baseline: Baseline;
  readonly footprints: Footprints;
}

/** Reads a baseline that was recorded on this checkout, and computes the code's hashes again by this version. @throws Error for another baseline. */
export async function readRecord(path: string, source: string): Promise<BaselineRecord> {
  const lookup = decodeBaseline(readFileSync(path), path);
  if (lookup.kind !== "found" || lookup.baseline.footprints === null) throw new Error(`${path} is not a baseline with footprints`);
  const { baseline } = lookup;
  const { footprints } = lookup.baseline;
  resetCheckout(source);
  await using prepared = await build({ source }, 2);
  const code = readBuildCode(prepared.python.tree);
  const own = code && summarize(code);
  if (own === undefined || own.keys.join() !== footprints.code.keys.join()) throw new Error(`${path} was recorded on another source`);
  return { baseline, footprints: { ...footprints, code: { ...own, keys: [...own.keys] } } };
}
