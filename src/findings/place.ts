import type { Changes } from "../git/changes.ts";
import type { Finding } from "../model/finding.ts";

/** The line of the checkout where a reader of the change should see a finding. `file` is relative to the project. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/** Maximum distance in lines: a changed line this close to a line of the stack counts as the same function. */
const MAX_LINE_DISTANCE = 40;

/**
 * The changed line nearest to the finding's site: on a line of its stack, or some lines away from one, since the cause of a leak is often a
 * missing line in a function on the stack. Undefined if no function on the stack changed: the site itself is used then.
 */
export function placeOf({ stack, site }: Pick<Finding, "stack" | "site">, { lines }: Changes): Place | undefined {
  const frames = stack.flatMap(({ function: name, file, line }) => (file === null || line === null ? [] : [{ name, file, line }]));
  const index = Math.max(
    0,
    frames.findIndex(({ file, line }) => file === site.file && line === site.line),
  );
  const candidates = frames.flatMap(({ file, line }, position) =>
    (lines.get(file) ?? []).map((range) => {
      const nearest = Math.min(Math.max(line, range[0]), range[1]);
      return { file, line: nearest, lines: Math.abs(nearest - line), frames: Math.abs(position - index) };
    }),
  );
  const [best] = candidates
    .filter((one) => one.lines <= MAX_LINE_DISTANCE)
    .sort((a, b) => Math.sign(a.lines) - Math.sign(b.lines) || a.frames - b.frames || a.lines - b.lines);
  return best && { file: best.file, line: best.line };
}
