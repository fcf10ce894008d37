import { readFile } from "node:fs/promises";
import { UserError } from "../errors.ts";

/** A build's failure in the compiler's words: its errors, else its last lines, and where the rest is. */
export async function describeBuildFailure(step: "configure" | "make", log: string): Promise<UserError> {
  const text = await readFile(log, "utf8").catch(() => "");
  return new UserError(`CPython does not build: \`${step}\` failed.`, { hint: `${essence(text)}\nThe whole log: ${log}` });
}

/** Exported for its tests. */
export function essence(log: string): string {
  const lines = log.trim().split("\n");
  if (/No space left on device/.test(log)) return "The disk is full (No space left on device).";
  const errors = lines.filter((line) => /\berror:|undefined reference|\*\*\* .*Error|Killed/.test(line));
  return (errors.length > 0 ? errors.slice(0, 8) : lines.slice(-8)).join("\n");
}
