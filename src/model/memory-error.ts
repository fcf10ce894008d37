// What engines report, as values. Names and meanings follow valgrind's docs/internals/xml-output-protocol4.txt, 5 and 6.

import type { LeakedObject } from "./leaked-object.ts";

/** One code location of a stack, innermost first in its array. */
export interface Frame {
  /** Hexadecimal, as printed (`0x4A2B10`). Frames that the compiler inlined share the address of the frame they were inlined into. */
  readonly address: string;
  readonly object?: string;
  readonly function?: string;
  /** What the linker calls it, where that is known and `function` is a readable name made of it. */
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
  /** `InvalidRead`, `Leak_DefinitelyLost`, …; a kind that we do not know is kept as it is. */
  readonly kind: string;
  /** The engine's own sentence, where it says more than the kind; else empty. */
  readonly what: string;
  readonly frames: readonly Frame[];
  readonly auxiliary: readonly AuxiliaryStack[];
  /** The functions that had a part in it, where the engine can tell them from those that only called. */
  readonly part?: readonly string[];
  /** Which allocation failed, of an error that torture made: the innermost functions of its site, and whether all that followed failed, too. */
  readonly failure?: { readonly site: readonly string[]; readonly lasting: boolean };
  /** The number of a loss record. Depends on what else is lost. */
  readonly record?: number;
  /** Bytes and blocks of a loss record; of `FdLeftOpen` the blocks are descriptors. */
  readonly leaked?: { readonly bytes: number; readonly blocks: number };
  /** How many references each run of the tests takes to an object, and does not give back; of growth, how many objects it adds. */
  readonly references?: number;
  /** One of the objects that growth is made of. */
  readonly example?: LeakedObject;
  /** Ready-made suppression text, where `--gen-suppressions=all` was given. */
  readonly suppression?: string;
}

/** What an engine reports of one process, in the order in which it was written. */
export type EngineEvent =
  | { readonly type: "process"; readonly protocol: number; readonly tool: string; readonly pid: number; readonly parentPid: number }
  | { readonly type: "state"; readonly state: "RUNNING" | "FINISHED" }
  | { readonly type: "message"; readonly text: string }
  | { readonly type: "error"; readonly error: MemoryError }
  /** How many errors each suppression hid, by its name. */
  | { readonly type: "suppressed"; readonly counts: ReadonlyMap<string, number> };
