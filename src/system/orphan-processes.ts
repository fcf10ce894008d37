import { readFileSync } from "node:fs";
import { systemCodeOf } from "../model/user-error.ts";
import { processIds } from "./process-life.ts";

/** A variable that is set in all processes that we start, and inherited by their children. */
export interface Mark {
  readonly name: string;
  readonly value: string;
}

/** Limit of rounds: processes may start others faster than they are killed. */
const MAX_ROUNDS = 20;

/**
 * Kills the processes that have the mark in their environment, in any group or session. A process that was started without it (`env -i`) is not
 * found.
 */
export function killByMark({ name, value }: Mark): void {
  const entry = `${name}=${value}`;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const marked = processIds().filter((pid) => environmentOf(pid).split("\0").includes(entry));
    if (marked.length === 0) return;
    for (const pid of marked) kill(pid);
  }
}

/** Empty if the process is gone, a zombie, or another user's. */
function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, "latin1");
  } catch {
    return "";
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if (systemCodeOf(error) !== "ESRCH") throw error;
  }
}
