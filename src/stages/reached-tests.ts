import { usersOfFunctions } from "../affected/footprints.ts";
import type { Note } from "../model/note.ts";
import type { AffectedSome } from "./choose-affected.ts";
import { type Budget, expectedSeconds, secondsToSpend } from "./memcheck-budget.ts";
import { Spending } from "./spending.ts";

/** The test files that memcheck runs for a change, in the order of selection. */
export interface ReachedTests {
  readonly names: readonly string[];
  /** The number of changed functions and files that some test file reaches, and how many of them the selected test files reach. */
  readonly targets: number;
  readonly covered: number;
}

/**
 * Test files that run or open changed code: the fastest ones that together reach all of it, then those with errors in the baseline, as many as
 * fit. Pure. @param isSuitable for memcheck.
 */
export function chooseReached(affected: AffectedSome, isSuitable: (name: string) => boolean, budget: Budget): ReachedTests {
  const targets = targetsOf(affected).flatMap((names) => {
    const suitable = names.filter((name) => affected.chosen.has(name) && isSuitable(name));
    return suitable.length === 0 ? [] : [suitable];
  });
  const choice = new Spending((name) => expectedSeconds(name, budget), secondsToSpend(budget));
  const covered = choice.cover(targets);
  for (const name of [...new Set(targets.flat())].filter((one) => budget.recorded.has(one)).toSorted(choice.byCost)) {
    if (choice.canTake(name)) choice.take(name);
  }
  return { names: choice.names, targets: targets.length, covered };
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

export function reachedNote({ names, targets, covered }: ReachedTests, { budget }: Pick<Budget, "budget">): Note {
  const seconds = typeof budget === "number" ? budget : null;
  return { code: "memcheck-chosen", looked: [...names], targets, covered, seconds };
}
