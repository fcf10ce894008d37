import { usersOfFunctions } from "../affected/footprints.ts";
import type { Note } from "../model/note.ts";
import type { AffectedSome } from "./choose-affected.ts";
import { type Budget, expectedSeconds, secondsToSpend } from "./memcheck-budget.ts";

/** The test files that memcheck looks at for a change, in the order of their choice. */
export interface ReachedTests {
  readonly names: readonly string[];
  /** How many functions and files that some test file reaches changed, and how many of these the chosen ones reach. */
  readonly targets: number;
  readonly covered: number;
}

/**
 * Test files that run or open what changed: the least expensive ones that together reach all of it, then those that the baseline has errors of, as
 * many as fit. Pure. @param isSuitable for memcheck.
 */
export function chooseReached(affected: AffectedSome, isSuitable: (name: string) => boolean, budget: Budget): ReachedTests {
  const targets = targetsOf(affected).flatMap((names) => {
    const suitable = names.filter((name) => affected.chosen.has(name) && isSuitable(name));
    return suitable.length === 0 ? [] : [suitable];
  });
  const choice = new Spending(budget);
  let open = targets;
  for (let next = choice.cheapest(open); next !== undefined; next = choice.cheapest(open)) {
    const name = next;
    choice.take(name);
    open = open.filter((names) => !names.includes(name));
  }
  const covered = targets.length - open.length;
  for (const name of [...new Set(targets.flat())].filter((one) => budget.recorded.has(one)).toSorted(choice.byCost)) {
    if (choice.canTake(name)) choice.take(name);
  }
  return { names: choice.names, targets: targets.length, covered };
}

/** For each function and each file that changed, the test files that run or open it. */
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

class Spending {
  readonly names: string[] = [];
  readonly #budget: Budget;
  #left: number;

  constructor(budget: Budget) {
    this.#budget = budget;
    this.#left = secondsToSpend(budget);
  }

  canTake(name: string): boolean {
    return this.#costOf(name) <= this.#left && !this.names.includes(name);
  }

  take(name: string): void {
    this.#left -= this.#costOf(name);
    this.names.push(name);
  }

  byCost = (one: string, other: string): number => this.#costOf(one) - this.#costOf(other) || (one < other ? -1 : 1);

  /** Of the affordable ones, that with the least cost for each target that it reaches. */
  cheapest(targets: readonly (readonly string[])[]): string | undefined {
    const reached = new Map<string, number>();
    for (const name of targets.flat()) reached.set(name, (reached.get(name) ?? 0) + 1);
    const costPerTarget = (name: string): number => this.#costOf(name) / (reached.get(name) ?? 1);
    const [best] = [...reached.keys()]
      .filter((name) => this.canTake(name))
      .toSorted((one, other) => costPerTarget(one) - costPerTarget(other) || this.byCost(one, other));
    return best;
  }

  #costOf(name: string): number {
    return expectedSeconds(name, this.#budget);
  }
}

export function reachedNote({ names, targets, covered }: ReachedTests, { budget }: Pick<Budget, "budget">): Note {
  const seconds = typeof budget === "number" ? budget : null;
  return { code: "memcheck-chosen", looked: [...names], targets, covered, seconds };
}
