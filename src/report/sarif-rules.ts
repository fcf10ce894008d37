import type { ReportingDescriptor } from "sarif";
import { classOf } from "../findings/make-finding.ts";
import { printable } from "./escape.ts";
import { kindInWords } from "./format.ts";

/** What a class of errors is, and what to look for. */
const HELP: Readonly<Record<string, string>> = {
  Leak:
    "Memory was allocated, and nothing points at it any more. The stack is that of the allocation: somewhere after it a reference is not given back " +
    "(a missing Py_DECREF or Py_CLEAR, often on an error path), or a block is not freed.",
  ReferenceLeak:
    "Each run of the test file takes references to an object that stays, and does not give them back. Look for a missing Py_DECREF of a " +
    "constant, a type or a cached object.",
  ErrorPathLeak:
    "An allocation was made to fail, and what the function had allocated before is lost. The stack is that of the failed allocation, from the " +
    "function on that held the lost block: its error path does not give it back.",
  ErrorPathCrash:
    "An allocation was made to fail, and the process crashed. The stack is that of the crash; the failed allocation's is beside it.",
  LostError:
    "An allocation was made to fail, and a function returned NULL without an exception, or succeeded with one set. The stack is that of the failed " +
    "allocation.",
  InvalidRead: "Memory outside of a live block is read: past its end, before its start, or after it was freed.",
  InvalidWrite: "Memory outside of a live block is written: past its end, before its start, or after it was freed.",
  InvalidFree: "A pointer is freed that is not a live block: freed twice, or never allocated.",
  InvalidJump: "The program jumps to an address that has no code.",
  MismatchedFree: "A block is freed by another family of functions than it was allocated by, such as PyMem_Free and malloc.",
  Overlap: "Source and destination of a copy overlap; memmove allows that, memcpy does not.",
  UninitCondition: "A conditional jump depends on a value that was never initialized.",
  UninitValue: "An address or a calculation depends on a value that was never initialized.",
  FdBadClose:
    "A file descriptor is closed that was closed before. In between, another thread may have opened a file with the same number, which is then " +
    "closed behind its back.",
  FdBadUse: "A system call is given a file descriptor that was closed before, was never opened, or is not a valid number.",
  FdLeftOpen: "A descriptor that the test file opened is open when it ends, after a garbage collection.",
  Growth:
    "Each run of the test file leaves objects that something still points to: a cache or a registry that only grows. The name says what keeps them, " +
    "outermost first.",
  FdNotClosed: "A file descriptor is still open when the process ends.",
  SyscallParam: "A system call is given memory that is not addressable, or that was never initialized.",
};

/** One rule for each class of errors: what still points at a lost block changes with the order of tests, and makes no other rule. */
export function ruleOf(kind: string): ReportingDescriptor {
  const id = printable(classOf(kind)).replaceAll("\n", " ").slice(0, 100);
  const help = (Object.hasOwn(HELP, id) ? HELP[id] : undefined) ?? "An error of this kind, as valgrind's memcheck reports it.";
  return {
    id,
    name: id,
    shortDescription: { text: id === "Leak" ? "memory leak" : printable(kindInWords(kind)).slice(0, 100) },
    fullDescription: { text: help },
    help: { text: help },
    defaultConfiguration: { level: "error" },
    properties: { tags: ["memory", "valgrind"] },
  };
}
