import { readdirSync, statfsSync, statSync } from "node:fs";
import { join } from "node:path";
import { descendantsOf } from "../system/process-life.ts";

/** Bytes that one test file may write into its reports and its log: a gigabyte of memcheck's XML is a whole suite's. */
const MAX_WRITTEN = 2 * 1024 ** 3;

/** Bytes. With less no report can be written, and no baseline saved. */
const MIN_FREE = 128 * 1024 ** 2;

/** The tests of CPython start some dozens. */
const MAX_PROCESSES = 400;

/** Milliseconds. */
const INTERVAL = 1000;

/** A look now and then at what a test file takes of the machine. */
export interface Watch extends Disposable {
  /** What it took too much of, in words that follow "it"; undefined while it took nothing. */
  readonly excess: string | undefined;
}

/**
 * Stops a test file before it takes the machine from all others: calls `stop` once.
 * @param folder where its reports and its log are.
 * @param ancestor the process that it and all that it starts descend from.
 */
export function watchTest(folder: string, ancestor: number, stop: () => void): Watch {
  const before = bytesIn(folder);
  let excess: string | undefined;
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

function excessOf(folder: string, before: number, ancestor: number): string | undefined {
  if (bytesIn(folder) - before > MAX_WRITTEN) return "wrote too much (2 GiB of reports and output)";
  if (bytesFree(folder) < MIN_FREE) return "left less than 128 MiB of disk space";
  return descendantsOf(ancestor).length > MAX_PROCESSES ? `had more than ${MAX_PROCESSES} processes at once` : undefined;
}

/** Of the files in a folder and in the folders there. What the test has taken away meanwhile has none. */
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
