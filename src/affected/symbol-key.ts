// What functions and variables are called in a baseline. Pure.

import type { ElfSymbol } from "./elf.ts";

/** `list_sort.cold` is a part of `list_sort`, which alone jumps there. LLVM's number for a local name that it exported changes with the file. */
export function functionName(name: string): string {
  return name.replace(/\.llvm\.\d+$/, "").replace(/\.cold(\.\d+)?$/, "");
}

/** Whether it is the end of a function, which is entered anywhere. */
export function isEnd(name: string): boolean {
  return /\.cold(\.\d+)?(\.llvm\.\d+)?$/.test(name);
}

/** What a program keeps to itself of its objects' global symbols is local to no file. */
export function keyOf({ name, isLocal, file }: Pick<ElfSymbol, "name" | "isLocal" | "file">): string {
  return isLocal && file !== "" ? `${file}:${functionName(name)}` : functionName(name);
}
