import { changedCFiles, closestTests } from "../affected/closeness.ts";
import { usersOfFunctions } from "../affected/footprints.ts";
import type { Note } from "../model/note.ts";
import type { AffectedSome, KnownChange } from "./choose-affected.ts";
import { type Budget, expectedSeconds, secondsToSpend } from "./memcheck-budget.ts";
import { withoutSlowest } from "./slowest-tests.ts";
import { Spending } from "./spending.ts";

/** The test files that memcheck runs for a change, in the order of selection. */
export interface ReachedTests {
  readonly names: readonly string[];
  /** The number of changed functions and files that some test file reaches, and how many of them the selected test files reach. */
  readonly targets: number;
  readonly covered: number;
  /** The tests to leave out, by test file, of files that run only in part. */
  readonly leaveOut: ReadonlyMap<string, readonly string[]>;
}

/**
 * Test files that run or open changed code, in three steps: the closest ones for up to half of the time, because a test that only passes through
 * shows few errors; the fastest ones that together reach the rest; then other close ones and those in the baseline, as many as fit. Pure.
 * @param isSuitable for memcheck
 * @param files names of changed source files
 */
export function chooseReached(
  affected: AffectedSome,
  isSuitable: (name: string) => boolean,
  budget: Budget,
  files: readonly string[],
): ReachedTests {
  const targets = targetsOf(affected).flatMap((names) => {
    const suitable = names.filter((name) => affected.chosen.has(name) && isSuitable(name));
    return suitable.length === 0 ? [] : [suitable];
  });
  const seconds = secondsToSpend(budget);
  const choice = new Spending((name) => expectedSeconds(name, budget), seconds);
  const close = closeTo(affected, files).filter((name) => affected.chosen.has(name) && isSuitable(name));
  const leaveOut = takeClose(close, choice, budget, Number.isFinite(seconds) ? seconds / 2 : 0);
  const covered = choice.cover(targets);
  choice.takeEach(close);
  choice.takeEach([...new Set(targets.flat())].filter((one) => budget.recorded.has(one)).toSorted(choice.byCost));
  return { names: choice.names, targets: targets.length, covered, leaveOut };
}

/** Takes test files whole or, if they take too long, without their slowest tests. @returns the tests to leave out, by test file */
function takeClose(names: readonly string[], choice: Spending, budget: Budget, reserve: number): ReachedTests["leaveOut"] {
  const leaveOut = new Map<string, readonly string[]>();
  for (const name of names) {
    // A test file runs on one core only.
    const seconds = Math.min(choice.left - reserve, typeof budget.budget === "number" ? budget.budget : choice.left);
    const part = withoutSlowest(name, seconds, budget, budget.slowTests?.get(name) ?? []);
    if (part !== undefined) {
      choice.take(name, part.cost);
      leaveOut.set(name, part.leaveOut);
    } else if (choice.canTake(name, reserve)) choice.take(name);
  }
  return leaveOut;
}

/**
 * For a change that reaches all test files: those closest to it, as many as fit. Pure.
 * @param isSuitable for memcheck
 * @param also test files that run in any case
 * @param files names of changed source files
 */
export function chooseClosest(
  affected: KnownChange,
  isSuitable: (name: string) => boolean,
  also: readonly string[],
  budget: Budget,
  files: readonly string[],
): ReachedTests {
  const choice = new Spending((name) => expectedSeconds(name, budget), secondsToSpend(budget));
  const close = closeTo(affected, files).filter((name) => isSuitable(name) && !also.includes(name));
  const leaveOut = takeClose(close, choice, budget, 0);
  const names = [...also, ...choice.names];
  const users = affected.functions.map(usersOfFunctions(affected.footprints));
  const covered = users.filter((one) => one.kind === "everyone" || (one.kind === "some" && one.tests.some((test) => names.includes(test))));
  return { names, targets: users.length, covered: covered.length, leaveOut };
}

function closeTo({ functions, footprints }: KnownChange, files: readonly string[]): readonly string[] {
  return closestTests(changedCFiles(functions, files), footprints);
}

/** For each changed function and file, the test files that run or open it. */
function targetsOf({ functions, footprints, chosen }: AffectedSome): readonly (readonly string[])[] {
  const usersOf = usersOfFunctions(footprints);
  const runners = functions.map((key) => {
    const users = usersOf(key);
    return users.kind === "some" ? users.tests : [];
  });
  const opened = [...chosen].flatMap(([test, causes]) =>
    causes.flatMap((cause) => (cause.code === "file" ? [{ test, file: cause.name }] : [])),
  );
  const readers = [...Map.groupBy(opened, ({ file }) => file).values()];
  return [...runners, ...readers.map((group) => group.map(({ test }) => test))];
}

export function reachedNotes({ names, targets, covered, leaveOut }: ReachedTests, { budget }: Pick<Budget, "budget">): readonly Note[] {
  const seconds = typeof budget === "number" ? budget : null;
  const partly = [...leaveOut].map(([test, ids]): Note => ({ code: "memcheck-partly", test, leftOut: ids.length }));
  return [{ code: "memcheck-chosen", looked: [...names], targets, covered, seconds }, ...partly];
}
