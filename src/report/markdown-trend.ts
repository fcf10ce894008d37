// The trend of the branch in the step summary. GitHub renders Mermaid charts. They contain only numbers and days, no names that tests control.

import { markdownCell, markdownText } from "./escape.ts";
import type { Part } from "./fit.ts";
import { count, kindInWords, shortName } from "./format.ts";
import { fold } from "./markdown-finding.ts";
import type { Report } from "./report.ts";

/** More labels would overlap. */
const MAX_BARS = 12;
const MAX_KINDS = 10;

/** Known errors after each of the last recordings; for a single recording, a table by kind. */
export function trendPart({ timeline }: Report): Part {
  const last = timeline.at(-1);
  if (last === undefined) return [""];
  const title = `Trend: ${count(errorsIn(last), "known error")} after ${count(timeline.length, "recording")}`;
  // Mermaid measures text when it renders, so a chart in a closed fold may stay empty.
  return timeline.length === 1 ? [fold(title, kindsTable(last)), ""] : [fold(title, chart(timeline.slice(-MAX_BARS)), true), ""];
}

type Point = Report["timeline"][number];

function errorsIn({ kinds }: Point): number {
  return kinds.reduce((sum, { errors }) => sum + errors, 0);
}

function chart(points: readonly Point[]): string {
  const errors = points.map(errorsIn);
  const lines = [
    "```mermaid",
    "xychart-beta",
    '  title "Known errors after each recording"',
    `  x-axis [${labelsOf(points).join(", ")}]`,
    `  y-axis "errors" 0 --> ${Math.max(1, ...errors)}`,
    `  bar [${errors.join(", ")}]`,
    "```",
  ];
  return lines.join("\n");
}

/** Labels must be unique: Mermaid draws bars with the same label on top of each other. */
function labelsOf(points: readonly Point[]): readonly string[] {
  const days = points.map(({ recordedAt }) => /^\d{4}-(\d\d-\d\d)T/.exec(recordedAt)?.[1] ?? "?");
  return days.map((day, index) => {
    const before = days.slice(0, index).filter((other) => other === day).length;
    return `"${day}${before === 0 ? "" : ` (${before + 1})`}"`;
  });
}

function kindsTable({ kinds }: Point): string {
  const rows = kinds
    .slice(0, MAX_KINDS)
    .map(({ kind, errors }) => `| ${markdownCell(markdownText(shortName(kindInWords(kind))))} | ${errors} |`);
  return ["| known errors | number |", "| --- | ---: |", ...rows].join("\n");
}
