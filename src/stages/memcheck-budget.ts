// The time limit of memcheck, and which test files of a suite it allows.

import type { Job } from "../engines/job.ts";
import type { TestRunner } from "../engines/run-all.ts";
import type { Note } from "../model/note.ts";
import { runWithoutReport, type TestRun, type TestTime } from "../model/test-run.ts";
import type { MemcheckBudget } from "../settings/work.ts";

/** The cost of test files, and the limit. */
export interface Budget {
  readonly budget: MemcheckBudget;
  /** How many test files run at once. */
  readonly width: number;
  /** Seconds under memcheck, for test files in the baseline. */
  readonly recorded: ReadonlyMap<string, number>;
  /** Seconds in the scan. */
  readonly scanned: ReadonlyMap<string, number>;
  /** The slowest tests of each scanned test file. */
  readonly slowTests?: ReadonlyMap<string, readonly TestTime[]>;
}

export interface Choice extends Budget {
  /** Whether to leave out test files without a baseline, since their errors can't be compared. */
  readonly onlyRecorded: boolean;
}

/** Memcheck's slowdown: an estimate, until the baseline has the real time. */
export const SLOWDOWN = 30;

/** Minimum seconds for each test file. */
export const MIN_SECONDS = 1;

/** Expected seconds of a test file under memcheck. */
export function expectedSeconds(name: string, { recorded, scanned }: Pick<Budget, "recorded" | "scanned">): number {
  return recorded.get(name) ?? MIN_SECONDS + SLOWDOWN * (scanned.get(name) ?? 1);
}

/** Total of all parallel runs. */
export function secondsToSpend({ budget, width }: Pick<Budget, "budget" | "width">): number {
  if (budget === "none") return 0;
  return budget === "all" ? Number.POSITIVE_INFINITY : budget * width;
}

/**
 * The test files for memcheck. Those in the baseline come first, so that the selection is stable from run to run, then the shortest: as many as
 * fit. Pure.
 */
export function chooseForMemcheck(names: readonly string[], choice: Choice): readonly string[] {
  const { budget, recorded, onlyRecorded } = choice;
  if (budget === "all" || budget === "none") return budget === "all" ? names : [];
  const expected = (name: string): number => expectedSeconds(name, choice);
  const candidates = names.filter((name) => recorded.has(name) || !onlyRecorded);
  const rank = (name: string): number => (recorded.has(name) ? 0 : 1);
  const ordered = candidates.toSorted((a, b) => rank(a) - rank(b) || expected(a) - expected(b));
  const chosen = new Set<string>();
  let left = secondsToSpend(choice);
  for (const name of ordered) {
    // A recorded test file that is too slow by now does not keep out the others.
    if (expected(name) > left) continue;
    left -= expected(name);
    chosen.add(name);
  }
  return names.filter((name) => chosen.has(name));
}

/** A test runner that starts nothing after the time limit. */
export function withinBudget(testRunner: TestRunner, budget: MemcheckBudget): TestRunner {
  if (typeof budget !== "number") return testRunner;
  const end = performance.now() + budget * 1000;
  const run: TestRunner["run"] = async (job) => (performance.now() <= end ? testRunner.run(job) : notStarted(job));
  return { run, stop: () => testRunner.stop() };
}

function notStarted({ name }: Job): TestRun {
  return runWithoutReport({ name, engine: "memcheck", status: "stopped", incomplete: { code: "not-begun" } });
}

/**
 * Notes on the test files that memcheck checked. If time ran out, the note on the choice is dropped, because it lists test files that did not run.
 * @param all test files that should run. @param notes on their choice. @param looked test files that ran.
 */
export function memcheckNotes(
  { all, notes }: { readonly all: readonly string[]; readonly notes: readonly Note[] },
  looked: readonly string[],
  budget: MemcheckBudget,
): readonly Note[] {
  const leftOut = new Set(all.filter((name) => !looked.includes(name)));
  const isWrong = (note: Note): boolean => note.code === "memcheck-chosen" && note.looked.some((name) => leftOut.has(name));
  return [...budgetNotes(all, looked, budget), ...notes.filter((note) => !isWrong(note))];
}

/** A note on test files that memcheck did not check; none if it was not supposed to. */
export function budgetNotes(names: readonly string[], looked: readonly string[], budget: MemcheckBudget): readonly Note[] {
  const leftOut = names.filter((name) => !looked.includes(name));
  if (leftOut.length === 0 || typeof budget !== "number") return [];
  return [{ code: "memcheck-budget", seconds: budget, looked: names.length - leftOut.length, leftOut }];
}
