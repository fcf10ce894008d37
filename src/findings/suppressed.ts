import type { EngineName } from "../model/engine-name.ts";
import type { TestRun } from "../model/test-run.ts";
import { compareText } from "./make-finding.ts";

/** A suppression that hid errors. */
export interface SuppressedCount {
  readonly engine: EngineName;
  /** Name of the suppression. */
  readonly name: string;
  /** Test files in which it hid errors. */
  readonly tests: number;
}

/**
 * The number of test files in which each suppression hid errors: memcheck's own counts include those that a forked process inherits from its
 * parent.
 */
export function countSuppressed(runs: readonly Pick<TestRun, "engine" | "suppressed">[]): readonly SuppressedCount[] {
  const pairs = runs.flatMap(({ engine, suppressed }) => suppressed.map((name) => ({ engine, name })));
  const groups = Map.groupBy(pairs, ({ engine, name }) => `${engine} ${name}`);
  const counts = [...groups.values()].flatMap((group) => group.slice(0, 1).map((one) => ({ ...one, tests: group.length })));
  return counts.sort((a, b) => compareText(a.engine, b.engine) || compareText(a.name, b.name));
}

/** The larger count of each suppression: if only some test files are recorded, the others' counts stay. */
export function mergeSuppressed(one: readonly SuppressedCount[], other: readonly SuppressedCount[]): readonly SuppressedCount[] {
  const groups = Map.groupBy([...one, ...other], ({ engine, name }) => `${engine} ${name}`);
  return [...groups.values()]
    .flatMap((group) => group.slice(0, 1).map((first) => ({ ...first, tests: Math.max(...group.map(({ tests }) => tests)) })))
    .sort((a, b) => compareText(a.engine, b.engine) || compareText(a.name, b.name));
}
