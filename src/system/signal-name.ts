import { constants } from "node:os";

/** `SIGSEGV`; `signal 99` for a number without a name. */
export function signalName(number: number): string {
  return Object.entries(constants.signals).find(([, value]) => value === number)?.[0] ?? `signal ${number}`;
}
