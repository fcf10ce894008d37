import type { EngineName } from "./engine-name.ts";
import type { LeakedObject } from "./leaked-object.ts";
import type { MemoryError } from "./memory-error.ts";

/** What a frame is to the signature. All but `key` are left out of it, each for another reason. */
export type FrameRole =
  | "key"
  /** From a header, inlined into the function that follows. */
  | "inlined"
  /** Allocates for its caller. */
  | "allocator"
  /** Of C++'s, Rust's or Cython's own library, or of what binds C++ and Rust to Python. */
  | "library"
  /** Only passes the call on. */
  | "call"
  /** The same function stands further in. */
  | "repeated"
  /** Called the Python code that called what this is about. */
  | "caller"
  /** Further out than a signature looks. */
  | "beyond";

/** An error's frames as far as a signature can look: for each address the functions' keys, innermost first in both. Stored in baselines. */
export type NormalizedStack = readonly (readonly string[])[];

/** The place to show first. `file` is relative to the checked project where it lies in it. */
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
  /** What it is to the signature; null in stacks that have no part in it. */
  readonly role: FrameRole | null;
}

export interface FurtherStack {
  readonly what: string;
  readonly frames: readonly StackFrame[];
}

/**
 * Whose shared objects are on an error's stack: the project's, those of another package, or none but the interpreter's and the system's. What the
 * interpreter allocated for Python code, an extension may lose all the same. Unknown where the stack was cut before it could tell.
 */
export type Owner = "project" | "extension" | "interpreter" | "unknown";

/** All errors of one signature that one test file made. */
export interface Finding {
  readonly engine: EngineName;
  /** 16 hexadecimal digits: of the class of the kind and of the segment, nothing else. */
  readonly signature: string;
  readonly segment: readonly string[];
  /** What a baseline keeps of the stack. */
  readonly normalizedStack: NormalizedStack;
  /** The kind of the first of them, as valgrind names kinds: `InvalidRead`, `Leak_DefinitelyLost`. */
  readonly kind: string;
  /** The engine's own sentence for the first of them, where it says more than the kind; else empty. */
  readonly what: string;
  /** The test file, and the test by its id where the error came during one. */
  readonly test: { readonly file: string; readonly id: string | null };
  /** Whether only interpreters that the test started made it. */
  readonly isInChild: boolean;
  readonly site: Site;
  readonly owner: Owner;
  readonly stack: readonly StackFrame[];
  readonly further: readonly FurtherStack[];
  /** The functions that had a part in it, where the engine can tell them from those that only called. */
  readonly part?: readonly string[];
  /** As the error has it. */
  readonly failure?: MemoryError["failure"];
  /** Leaks only, else 0: how many blocks and bytes are lost. Of `FdLeftOpen` the blocks are descriptors. */
  readonly blocks: number;
  readonly bytes: number;
  /** Of reference leaks and growth, else 0: how many references each run of the tests takes and keeps, or objects it adds. */
  readonly references: number;
  /** Some of the Python objects that a leak lost. */
  readonly objects: readonly LeakedObject[];
  /** Text to paste into a suppression file. */
  readonly suppression: string | null;
}
