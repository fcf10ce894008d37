// What functions and variables are called in a baseline. Pure.

import type { ElfSymbol } from "./elf.ts";

/** `list_sort.cold` is a part of `list_sort`, which alone jumps there. */
export function functionName(name: string): string {
  return name.replace(/\.cold(\.\d+)?$/, "");
}

/** What a program keeps to itself of its objects' global symbols is local to no file. */
export function keyOf({ name, isLocal, file }: Pick<ElfSymbol, "name" | "isLocal" | "file">): string {
  return isLocal && file !== "" ? `${file}:${functionName(name)}` : functionName(name);
}
