// Finished rows as JSON Lines, so that a stopped run can resume. Pure.
import * as v from "valibot";
import { OutcomeSchema } from "./outcome.ts";

export const FinishedSchema = v.object({
  key: v.string(),
  table: v.picklist(["introduced", "fixes", "harmless"]),
  sha: v.string(),
  kind: v.string(),
  note: v.string(),
  outcome: OutcomeSchema,
  /** Wall-clock seconds of the check that recorded the baseline, and of the check of the change; null if it did not run. */
  baseSeconds: v.nullable(v.number()),
  seconds: v.nullable(v.number()),
  /** The part of `seconds` that the build took. */
  buildSeconds: v.nullable(v.number()),
  /** How many of the scan's test files the change can reach, and of how many; null if unknown. */
  chosen: v.nullable(v.object({ tests: v.number(), of: v.number() })),
  /** The commit whose tests were added to both trees, because their own do not show the bug; null if none were. */
  testsOf: v.nullable(v.string()),
  /** Hash of the command that checked the row. */
  tool: v.string(),
});

export type Finished = v.InferOutput<typeof FinishedSchema>;

/** Reads finished rows. A row's last line counts; truncated lines and lines of another format are ignored. */
export function parseState(text: string): ReadonlyMap<string, Finished> {
  const schema = v.pipe(v.string(), v.parseJson(), FinishedSchema);
  const rows = text.split("\n").flatMap((line) => {
    const parsed = v.safeParse(schema, line);
    return parsed.success ? [parsed.output] : [];
  });
  return new Map(rows.map((row) => [row.key, row]));
}

/** Whether a row is finished. A commit that could not be checked out is tried again: it may have been fetched since. */
export function isDone(row: Finished | undefined): boolean {
  return row !== undefined && !(row.outcome.code === "not-reached" && row.outcome.why === "no-commit");
}

/** Starts with a line end, because the line before may be truncated. */
export function stateLine(row: Finished): string {
  return `\n${JSON.stringify(row)}`;
}

/** Estimates the seconds for the remaining rows from finished ones; undefined if none has been checked. */
export function secondsLeft(finished: Iterable<Finished>, rowsLeft: number): number | undefined {
  const checked = [...finished].flatMap(({ baseSeconds, seconds }) => (seconds === null ? [] : [(baseSeconds ?? 0) + seconds]));
  return checked.length === 0 ? undefined : (rowsLeft * checked.reduce((sum, one) => sum + one, 0)) / checked.length;
}
