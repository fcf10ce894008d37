import { readFileSync } from "node:fs";
import { systemCodeOf } from "../model/user-error.ts";
import { processIds } from "./process-life.ts";

/** A variable that every process has which we started, and whatever that started in turn. */
export interface Mark {
  readonly name: string;
  readonly value: string;
}

/** What starts others faster than it is killed has to be given up some time. */
const MAX_ROUNDS = 20;

/**
 * Kills the processes that were started with the mark in their environment, whatever group or session they are in. One that was started without
 * it (`env -i`) is not found.
 */
export function killByMark({ name, value }: Mark): void {
  const entry = `${name}=${value}`;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const marked = processIds().filter((pid) => environmentOf(pid).split("\0").includes(entry));
    if (marked.length === 0) return;
    for (const pid of marked) kill(pid);
  }
}

/** Empty for what is gone, for a zombie, and for what belongs to another user. */
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
