// The test files in which allocations of changed functions are made to fail.

import { usersOfFunctions } from "../affected/footprints.ts";
import type { Cause } from "../affected/selection.ts";
import type { Note } from "../model/note.ts";
import { type Affected, isInFewFunctions, type KnownChange } from "./choose-affected.ts";
import { Spending } from "./spending.ts";

export type Idle = Extract<Note, { code: "torture-idle" }>["why"];

export interface TortureChoice {
  /** Test files. */
  readonly names: readonly string[];
  /** The number of changed functions that they run. */
  readonly covered: number;
}

/** The cost of test files. */
export interface TortureCosts {
  /** Seconds in the scan. */
  readonly scanned: ReadonlyMap<string, number>;
  /** Number of parallel runs. */
  readonly width: number;
}

/** Seconds for all test files. */
const SECONDS = 120;

/** Each test runs twice before any failure; then come the failures, in forked children, and errors are tried a second time. */
const MIN_SECONDS = 4;
const SLOWDOWN = 6;

/** The change to test, or why there is none. Pure. */
export function changeToTorture(affected: Affected): KnownChange | Idle {
  if (affected.kind === "any") return affected.why === "asked" || affected.why === "not-collected" ? "no-record" : affected.why;
  if (affected.rewritten.length === 0) return "no-function";
  return isInFewFunctions(affected) ? affected : "many-functions";
}

/**
 * The fastest test files that together run all changed functions, then further ones while there is time: no single test file takes all error
 * paths. Pure.
 */
export function chooseTorture(change: KnownChange, isSuitable: (name: string) => boolean, costs: TortureCosts): TortureChoice {
  const targets = targetsOf(change, isSuitable);
  const spending = new Spending((name) => MIN_SECONDS + SLOWDOWN * (costs.scanned.get(name) ?? 1), SECONDS * costs.width);
  const covered = spending.cover(targets);
  spending.cover(targets.map((names) => names.filter((name) => !spending.names.includes(name))));
  return { names: spending.names, covered };
}

/** For each function the test files that may run it. */
function targetsOf(change: KnownChange, isSuitable: (name: string) => boolean): readonly (readonly string[])[] {
  const users = change.rewritten.map(usersOfFunctions(change.footprints));
  const known = users.flatMap((one) => (one.kind === "some" ? one.tests : []));
  // The test files that use a new function are unknown: use edited ones, which may test it, and those that run the rest of the change.
  const likely = [...new Set([...editedTests(change), ...known])];
  return users.map((one) => {
    if (one.kind === "some" && one.tests.length > 0) return one.tests.filter(isSuitable);
    return (one.kind === "everyone" || likely.length === 0 ? change.scanned : likely).filter(isSuitable);
  });
}

function editedTests(change: KnownChange): readonly string[] {
  if (change.kind === "all") return [];
  return [...change.chosen].flatMap(([name, causes]) => (causes.some((cause) => isOfItself(cause, name)) ? [name] : []));
}

function isOfItself(cause: Cause, test: string): boolean {
  return cause.code === "unrecorded" || (cause.code === "file" && cause.name.startsWith(`Lib/test/${test.replaceAll(".", "/")}`));
}
