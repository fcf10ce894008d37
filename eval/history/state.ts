// Finished rows, one JSON object a line, so that a run that was stopped goes on. Pure.
import * as v from "valibot";
import { OutcomeSchema } from "./outcome.ts";

export const FinishedSchema = v.object({
  key: v.string(),
  table: v.picklist(["introduced", "fixes", "harmless"]),
  sha: v.string(),
  kind: v.string(),
  note: v.string(),
  outcome: OutcomeSchema,
  /** Wall seconds of the check that recorded the baseline, and of the check of the change; null where there was none. */
  baseSeconds: v.nullable(v.number()),
  seconds: v.nullable(v.number()),
  /** Of the check's seconds, those of its build. */
  buildSeconds: v.nullable(v.number()),
  /** How many of the scan's test files the change can reach, and of how many; null where it is unknown. */
  chosen: v.nullable(v.object({ tests: v.number(), of: v.number() })),
  /** The commit whose tests both trees had, too, since those of their own time do not show the bug; else null. */
  testsOf: v.nullable(v.string()),
  /** Hash of the command that checked it. */
  tool: v.string(),
});

export type Finished = v.InferOutput<typeof FinishedSchema>;

/** Reads the lines of finished rows. The last line of a row counts; one that was cut off, or is of another form, is left out. */
export function parseState(text: string): ReadonlyMap<string, Finished> {
  const schema = v.pipe(v.string(), v.parseJson(), FinishedSchema);
  const rows = text.split("\n").flatMap((line) => {
    const parsed = v.safeParse(schema, line);
    return parsed.success ? [parsed.output] : [];
  });
  return new Map(rows.map((row) => [row.key, row]));
}

/** Whether a row need not be checked again. What the repository could not check out may have been fetched since. */
export function isDone(row: Finished | undefined): boolean {
  return row !== undefined && !(row.outcome.code === "not-reached" && row.outcome.why === "no-commit");
}

/** Begins on a line of its own: the one before may have been cut off. */
export function stateLine(row: Finished): string {
  return `\n${JSON.stringify(row)}`;
}

/** Seconds that the rows that are left will take, by those that were checked; undefined where none was. */
export function secondsLeft(finished: Iterable<Finished>, rowsLeft: number): number | undefined {
  const checked = [...finished].flatMap(({ baseSeconds, seconds }) => (seconds === null ? [] : [(baseSeconds ?? 0) + seconds]));
  return checked.length === 0 ? undefined : (rowsLeft * checked.reduce((sum, one) => sum + one, 0)) / checked.length;
}
