import { readdirSync, readFileSync } from "node:fs";
import { systemCodeOf } from "../model/user-error.ts";

/** Whether a process with that number exists on this machine. */
export function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid < 1) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCodeOf(error) !== "ESRCH";
  }
}

/** The numbers of all visible processes. */
export function processIds(): readonly number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** All descendants of a process, by the parents in /proc; parents before children. */
export function descendantsOf(ancestor: number): readonly number[] {
  const children = Map.groupBy(processIds(), parentOf);
  const found: number[] = [];
  for (let generation = children.get(ancestor) ?? []; generation.length > 0; ) {
    found.push(...generation);
    generation = generation.flatMap((pid) => children.get(pid) ?? []);
  }
  return found;
}

/** proc(5): after the name, which may contain blanks and parentheses, come the state and the parent. 0 if the process is gone. */
export function parentOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return 0;
  }
}
