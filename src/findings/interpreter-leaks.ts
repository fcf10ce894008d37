import type { Finding } from "../model/finding.ts";
import type { LeftByInterpreter } from "../model/test-run.ts";
import { isLeak } from "./segment.ts";

/**
 * Counts blocks lost at exit on stacks without an extension, instead of reporting them: CPython leaves hundreds of such blocks behind, in
 * varying numbers. For CPython's own tests nothing is left out: there the interpreter is the project.
 */
export class InterpreterLeaks {
  readonly #signatures = new Set<string>();
  #blocks = 0;

  /** Whether an error is one of them. Call it for each error, before errors of one signature are summed: another one may involve an extension. */
  take({ kind, owner, signature, blocks }: Finding): boolean {
    if (!isLeak(kind) || owner === "project" || owner === "extension") return false;
    this.#signatures.add(signature);
    this.#blocks += blocks;
    return true;
  }

  /** Undefined if there were none. */
  get left(): LeftByInterpreter | undefined {
    return this.#signatures.size === 0 ? undefined : { sites: this.#signatures.size, blocks: this.#blocks };
  }
}
