import type { Finding } from "../model/finding.ts";
import type { LeftByInterpreter } from "../model/test-run.ts";
import { isLeak } from "./segment.ts";

/**
 * Counts what is lost at exit on stacks without an extension, in place of findings: CPython leaves hundreds of such blocks behind, a few more or
 * less each time. For CPython's own tests no finding is of this kind: there the interpreter is the project.
 */
export class InterpreterLeaks {
  readonly #signatures = new Set<string>();
  #blocks = 0;

  /** Whether it is one of them. To be asked of each error, before those of one signature are added up: an extension may have another one. */
  take({ kind, owner, signature, blocks }: Finding): boolean {
    if (!isLeak(kind) || owner === "project" || owner === "extension") return false;
    this.#signatures.add(signature);
    this.#blocks += blocks;
    return true;
  }

  /** Undefined where there were none. */
  get left(): LeftByInterpreter | undefined {
    return this.#signatures.size === 0 ? undefined : { sites: this.#signatures.size, blocks: this.#blocks };
  }
}
