import { readdirSync, statfsSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Incomplete } from "../model/incomplete.ts";
import { MAX_PROCESSES, MAX_WRITTEN, MIN_FREE } from "../model/limits.ts";
import { descendantsOf } from "../system/process-life.ts";

/** Milliseconds. */
const INTERVAL = 1000;

type Excess = Extract<Incomplete, { code: "excess" }>["of"];

/** Monitors a test file's use of resources. */
export interface Watch extends Disposable {
  /** The exceeded limit; undefined if none was. */
  readonly excess: Excess | undefined;
}

/**
 * Stops a test file before it exhausts the machine: calls `stop` once.
 * @param folder with its reports and its log.
 * @param ancestor the process that it and all its children descend from.
 */
export function watchTest(folder: string, ancestor: number, stop: () => void): Watch {
  const before = bytesIn(folder);
  let excess: Excess | undefined;
  const timer = setInterval(() => {
    excess = excessOf(folder, before, ancestor);
    if (excess === undefined) return;
    clearInterval(timer);
    stop();
  }, INTERVAL);
  return {
    get excess() {
      return excess;
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

function excessOf(folder: string, before: number, ancestor: number): Excess | undefined {
  if (bytesIn(folder) - before > MAX_WRITTEN) return "output";
  if (bytesFree(folder) < MIN_FREE) return "disk";
  return descendantsOf(ancestor).length > MAX_PROCESSES ? "processes" : undefined;
}

/** Total size of the files in a folder and its subfolders. Files that the test deletes meanwhile count as empty. */
function bytesIn(folder: string): number {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    return entries.reduce((sum, entry) => sum + (entry.isFile() ? sizeOf(join(entry.parentPath, entry.name)) : 0), 0);
  } catch {
    return 0;
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function bytesFree(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
