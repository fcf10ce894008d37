// An attack on the check: its name, the required outcome, and how to run it.

import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { messageOf } from "../../src/model/user-error.ts";

export interface Attack {
  readonly name: string;
  /** The required outcome: a sentence without its period. */
  readonly must: string;
  /** Returns what happened. @throws Error if that is not the required outcome. */
  readonly attempt: () => string | Promise<string>;
}

export interface Group {
  readonly title: string;
  readonly attacks: readonly Attack[];
  /** Called after all attacks. */
  readonly close?: () => void;
}

export interface Outcome {
  readonly happened: string;
  readonly isAsRequired: boolean;
}

export async function runAttack({ attempt }: Attack): Promise<Outcome> {
  try {
    return { happened: await attempt(), isAsRequired: true };
  } catch (thrown) {
    return { happened: messageOf(thrown), isAsRequired: false };
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
