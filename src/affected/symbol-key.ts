// Keys of functions and variables, as in a baseline. Pure.

import type { ElfSymbol } from "./elf.ts";

/**
 * `list_sort.cold` is a part of `list_sort`, and only `list_sort` jumps there. `.llvm.N`, on local names that LLVM exports, changes with the file.
 */
export function functionName(name: string): string {
  return name.replace(/\.llvm\.\d+$/, "").replace(/\.cold(\.\d+)?$/, "");
}

/** Whether it is the cold part of a function, which can be entered anywhere. */
export function isColdPart(name: string): boolean {
  return /\.cold(\.\d+)?(\.llvm\.\d+)?$/.test(name);
}

/** Global symbols of objects that a program makes local have no file. */
export function keyOf({ name, isLocal, file }: Pick<ElfSymbol, "name" | "isLocal" | "file">): string {
  return isLocal && file !== "" ? `${file}:${functionName(name)}` : functionName(name);
}
