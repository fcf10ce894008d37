// An attack on the check: what it is called, what must come of it, and how it is made.

import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { messageOf } from "../../src/model/user-error.ts";

export interface Attack {
  readonly name: string;
  /** A sentence without its end. */
  readonly must: string;
  /** Returns what happened. @throws where it ended in another way. */
  readonly attempt: () => string | Promise<string>;
}

export interface Group {
  readonly title: string;
  readonly attacks: readonly Attack[];
  /** When all were made. */
  readonly close?: () => void;
}

export interface Outcome {
  readonly happened: string;
  readonly isAsItMust: boolean;
}

export async function make({ attempt }: Attack): Promise<Outcome> {
  try {
    return { happened: await attempt(), isAsItMust: true };
  } catch (thrown) {
    return { happened: messageOf(thrown), isAsItMust: false };
  }
}

/** Runs an action with a temporary folder. */
export async function inFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), "cpython-memcheck-hostile-"));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
