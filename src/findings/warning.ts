import { GROWTH } from "./segment.ts";

/** Whether a new finding of this kind is shown, but fails no check: what stays open or grows may well be meant to. */
export function isWarning(kind: string): boolean {
  return WARNINGS.has(kind);
}

const WARNINGS: ReadonlySet<string> = new Set(["FdLeftOpen", GROWTH]);
