import { GROWTH } from "./segment.ts";

/** Whether a new finding of this kind is shown without failing the check: descriptors may be left open, and caches may grow, on purpose. */
export function isWarning(kind: string): boolean {
  return WARNINGS.has(kind);
}

const WARNINGS: ReadonlySet<string> = new Set(["FdLeftOpen", GROWTH]);
