import { lstatSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../model/user-error.ts";

/** The state of files at one moment, to detect later changes. */
export type Snapshot = ReadonlyMap<string, string>;

/** Reads no file. Every write changes a file's ctime, which no program can set. */
export function takeSnapshot(path: string, names: Iterable<string>): Snapshot {
  return new Map([...names].map((name) => [name, stateOf(join(path, name))]));
}

/** A file that is in only one of them, or has another state in the other; undefined if there is none. */
export function firstDifference(before: Snapshot, after: Snapshot): string | undefined {
  return [...new Set([...before.keys(), ...after.keys()])].find((name) => before.get(name) !== after.get(name));
}

export function sourceChanged(path: string, name: string): UserError {
  return new UserError(`The source ${path} changed while the check was reading it: ${name}.`, {
    hint: "Check again when nothing else writes there, such as a `git checkout`, a build or an editor.",
  });
}

function stateOf(path: string): string {
  const status = lstatSync(path, { throwIfNoEntry: false });
  return status === undefined ? "" : [status.ino, status.mode, status.size, status.mtimeMs, status.ctimeMs].join(" ");
}

/** The kind and permissions of a file in a state; 0 if there was none. */
export function modeIn(state: string): number {
  return Number(state.split(" ")[1] ?? 0);
}
