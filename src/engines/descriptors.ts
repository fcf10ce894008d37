// Errors about file descriptors that say nothing about the C code under test. Why: docs/decisions/bad-file-descriptors.md. Pure.

import type { Frame, MemoryError } from "../model/memory-error.ts";

/** Functions that close every number in a range, open or not: CPython before it starts a program, glibc's posix_spawn by its list of actions. */
const CLOSES_WHATEVER_IS_OPEN = /^(close_range|closefrom|__spawni_child)$/;

/** Source files of the functions of the module `os`, and of their shared helpers. */
const OS_FILES = /^(posixmodule\.c|posixmodule\.c\.h|fileutils\.c)$/;

const C_LIBRARY = /\/(libc|libpthread|libutil|librt)[-.][^/]*$/;

/** Whether an error is about a descriptor that Python code named, or one that was never known to be open. */
export function isExpectedDescriptorError({ kind, what, frames }: MemoryError): boolean {
  if (kind === "FdBadUse" && !what.endsWith(" was closed already")) return true;
  if (kind !== "FdBadClose" && kind !== "FdBadUse") return false;
  return (
    isAskedForByPython(frames) || (kind === "FdBadClose" && frames.some(({ function: name = "" }) => CLOSES_WHATEVER_IS_OPEN.test(name)))
  );
}

/** Whether a function of the module `os` called the C library, with nothing else in between. */
function isAskedForByPython(frames: readonly Frame[]): boolean {
  const end = frames.findIndex(({ object = "", file = "" }) => !C_LIBRARY.test(object) && !OS_FILES.test(file));
  return frames.slice(0, end === -1 ? undefined : end).some(({ function: name = "" }) => name.startsWith("os_"));
}
