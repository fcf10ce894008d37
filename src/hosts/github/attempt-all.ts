import { describeFailure, UserError } from "../../model/user-error.ts";

/** Runs one action after the other, even if earlier ones failed. */
export class Attempts {
  readonly #failures: unknown[] = [];

  async attempt(part: () => void | Promise<void>): Promise<void> {
    try {
      await part();
    } catch (error) {
      this.#failures.push(error);
    }
  }

  /** @throws UserError that describes all failures, if there were any. */
  finish(): void {
    if (this.#failures.length === 0) return;
    throw new UserError(this.#failures.map(describeFailure).join("\n"), { cause: this.#failures[0] });
  }
}
