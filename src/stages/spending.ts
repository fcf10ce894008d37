/** Selects test files until a time limit is used up. */
export class Spending {
  readonly names: string[] = [];
  readonly #costOf: (name: string) => number;
  #left: number;

  /** @param costOf expected seconds of a test file. @param seconds the limit. */
  constructor(costOf: (name: string) => number, seconds: number) {
    this.#costOf = costOf;
    this.#left = seconds;
  }

  /** @param reserve seconds that must remain after it. */
  canTake(name: string, reserve = 0): boolean {
    return this.#costOf(name) <= this.#left - reserve && !this.names.includes(name);
  }

  /** @param cost in seconds, if it differs from the estimate. */
  take(name: string, cost = this.#costOf(name)): void {
    this.#left -= cost;
    this.names.push(name);
  }

  /** Remaining seconds. */
  get left(): number {
    return this.#left;
  }

  /** Takes test files in order, skipping those that do not fit. */
  takeEach(names: readonly string[], reserve = 0): void {
    for (const name of names) if (this.canTake(name, reserve)) this.take(name);
  }

  byCost = (one: string, other: string): number => this.#costOf(one) - this.#costOf(other) || (one < other ? -1 : 1);

  /**
   * Selects the fastest test file for each target. @param targets for each, the test files that reach it.
   * @returns the number of targets reached.
   */
  cover(targets: readonly (readonly string[])[]): number {
    let open = targets.filter((names) => !names.some((name) => this.names.includes(name)));
    for (let next = this.#cheapest(open); next !== undefined; next = this.#cheapest(open)) {
      const name = next;
      this.take(name);
      open = open.filter((names) => !names.includes(name));
    }
    return targets.length - open.length;
  }

  #cheapest(targets: readonly (readonly string[])[]): string | undefined {
    const reached = new Map<string, number>();
    for (const name of targets.flat()) reached.set(name, (reached.get(name) ?? 0) + 1);
    const costPerTarget = (name: string): number => this.#costOf(name) / (reached.get(name) ?? 1);
    const [best] = [...reached.keys()]
      .filter((name) => this.canTake(name))
      .toSorted((one, other) => costPerTarget(one) - costPerTarget(other) || this.byCost(one, other));
    return best;
  }
}
