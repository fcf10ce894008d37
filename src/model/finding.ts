import type { EngineName } from "./engine-name.ts";
import type { LeakedObject } from "./leaked-object.ts";
import type { MemoryError } from "./memory-error.ts";

/** A frame's role in the signature. All but `key` are left out of it, each for a different reason. */
export type FrameRole =
  | "key"
  /** From a header, inlined into the next function. */
  | "inlined"
  /** Allocates for its caller. */
  | "allocator"
  /** From C++'s, Rust's or Cython's own library, or from a binding of C++ or Rust to Python. */
  | "library"
  /** Only forwards a call. */
  | "call"
  /** The same function occurs further in. */
  | "repeated"
  /** Called the Python code that called the function with the error. */
  | "caller"
  /** Beyond the length of a signature. */
  | "beyond";

/** The frames of an error that a signature can use: for each address the functions' keys, innermost first in both. Stored in baselines. */
export type NormalizedStack = readonly (readonly string[])[];

/** The place to show first. `file` is relative to the checked project if it is in it. */
export interface Site {
  readonly function: string;
  readonly file: string | null;
  readonly line: number | null;
}

export interface StackFrame {
  readonly function: string;
  readonly file: string | null;
  readonly line: number | null;
  readonly object: string | null;
  /** Its role in the signature; null in stacks that are not part of it. */
  readonly role: FrameRole | null;
}

export interface FurtherStack {
  readonly what: string;
  readonly frames: readonly StackFrame[];
}

/**
 * Whose shared objects are on an error's stack: the project's, another package's, or only the interpreter's and the system's. An extension can
 * leak objects that the interpreter allocated for Python code. Unknown if the stack was cut off too early.
 */
export type Owner = "project" | "extension" | "interpreter" | "unknown";

/** All errors of one signature in one test file. */
export interface Finding {
  readonly engine: EngineName;
  /** 16 hexadecimal digits: hash of the class of the kind and of the segment, nothing else. */
  readonly signature: string;
  readonly segment: readonly string[];
  /** The part of the stack that a baseline stores. */
  readonly normalizedStack: NormalizedStack;
  /** The kind of the first error, by valgrind's names: `InvalidRead`, `Leak_DefinitelyLost`. */
  readonly kind: string;
  /** The engine's own message for the first error, if it says more than the kind; else empty. */
  readonly what: string;
  /** The test file, and the test id if the error came during a test. */
  readonly test: { readonly file: string; readonly id: string | null };
  /** Whether it was found only in interpreters that the test started. */
  readonly isInChild: boolean;
  readonly site: Site;
  readonly owner: Owner;
  readonly stack: readonly StackFrame[];
  readonly further: readonly FurtherStack[];
  /** The involved functions, if the engine can tell them from mere callers. */
  readonly part?: readonly string[];
  /** As the error has it. */
  readonly failure?: MemoryError["failure"];
  /** For leaks, else 0: lost blocks and bytes. For `FdLeftOpen`, blocks are descriptors. */
  readonly blocks: number;
  readonly bytes: number;
  /** For reference leaks and growth, else 0: references taken and not released, or objects added, in each run of the tests. */
  readonly references: number;
  /** Some of the Python objects that were lost. */
  readonly objects: readonly LeakedObject[];
  /** Text to paste into a suppression file. */
  readonly suppression: string | null;
}
