// What engines report, as values. Names and meanings follow valgrind's docs/internals/xml-output-protocol4.txt, 5 and 6.

import type { LeakedObject } from "./leaked-object.ts";

/** One code location of a stack, innermost first in its array. */
export interface Frame {
  /** Hexadecimal, as printed (`0x4A2B10`). Frames that the compiler inlined share the address of the frame they were inlined into. */
  readonly address: string;
  readonly object?: string;
  readonly function?: string;
  /** The linker's name, if it is known and `function` is a readable name derived from it. */
  readonly linkerName?: string;
  readonly directory?: string;
  readonly file?: string;
  readonly line?: number;
}

/** A further stack of an error, with the line of text that says what it shows ("Address 0x… is 0 bytes inside a block … free'd"). */
export interface AuxiliaryStack {
  readonly what: string;
  readonly frames: readonly Frame[];
}

/** One `<error>`. */
export interface MemoryError {
  /** The engine's tag of the error. Unique in one process only. */
  readonly unique: string;
  /** `InvalidRead`, `Leak_DefinitelyLost`, …; unknown kinds are kept as is. */
  readonly kind: string;
  /** The engine's own message, if it says more than the kind; else empty. */
  readonly what: string;
  readonly frames: readonly Frame[];
  readonly auxiliary: readonly AuxiliaryStack[];
  /** The involved functions, if the engine can tell them from mere callers. */
  readonly part?: readonly string[];
  /** For torture's errors, the allocation that failed: the innermost functions of its site, and whether all later ones failed, too. */
  readonly failure?: { readonly site: readonly string[]; readonly lasting: boolean };
  /** The number of a loss record. It depends on the other lost blocks. */
  readonly record?: number;
  /** Bytes and blocks of a loss record; for `FdLeftOpen`, blocks are descriptors. */
  readonly leaked?: { readonly bytes: number; readonly blocks: number };
  /** For reference leaks, the references that each run of the tests takes and does not release; for growth, the objects that it adds. */
  readonly references?: number;
  /** An example of the objects that accumulate. */
  readonly example?: LeakedObject;
  /** Ready-made suppression text, with `--gen-suppressions=all`. */
  readonly suppression?: string;
}

/** An engine's report of one process, in the order in which it was written. */
export type EngineEvent =
  | { readonly type: "process"; readonly protocol: number; readonly tool: string; readonly pid: number; readonly parentPid: number }
  | { readonly type: "state"; readonly state: "RUNNING" | "FINISHED" }
  | { readonly type: "message"; readonly text: string }
  | { readonly type: "error"; readonly error: MemoryError }
  /** Number of errors that each suppression hid, by its name. */
  | { readonly type: "suppressed"; readonly counts: ReadonlyMap<string, number> };
