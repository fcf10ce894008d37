// The baseline after each of its last recordings: errors of each kind, blocks of each known leak, seconds of each stage.

import type { TimelinePoint } from "../../model/timeline.ts";
import { count, kindInWords, secondsInWords, shortName } from "../format.ts";
import type { Report } from "../report.ts";
import { barChart, COLORS, legend, sparkline, valuesInWords, wholeNumber } from "./charts.ts";
import { html, type Markup, NOTHING, when } from "./markup.ts";

type Timeline = Report["timeline"];

/** Charts and tables of the timeline; nothing if it is empty. @param anchors of the page's findings, by signature */
export function trendSection({ timeline }: Report, anchors: ReadonlyMap<string, string>): Markup {
  const last = timeline.at(-1);
  if (last === undefined) return NOTHING;
  const [first] = timeline;
  const span =
    first === last
      ? `Recorded ${dayOf(last)}`
      : `${count(timeline.length, "recording")} of the branch, ${dayOf(first ?? last)} to ${dayOf(last)}`;
  return html`<section id="trend"><h2>Trend</h2><p class="remark">${span}.</p>
<div class="charts">${kindsChart(timeline)}${secondsChart(timeline)}</div>
${leaksTable(timeline, anchors)}${numbersTable(timeline)}</section>`;
}

/** `2026-01-02` */
function dayOf({ recordedAt }: TimelinePoint): string {
  return recordedAt.slice(0, 10);
}

/** `2026-01-02 03:04, commit 0123456789` */
function pointInWords({ recordedAt, sha }: TimelinePoint): string {
  const time = recordedAt.slice(0, 16).replace("T", " ");
  return sha === null ? time : `${time}, commit ${sha.slice(0, 10)}`;
}

function kindsChart(timeline: Timeline): Markup {
  const { series, valuesOf } = seriesOf(timeline, ({ kinds }) => kinds.map(({ kind, errors }) => [kindInWords(kind), errors]));
  const chart = barChart({
    id: "kinds",
    title: "Known errors of each kind, by recording",
    description: describeEnds(timeline, (point) => valuesInWords(series, valuesOf(point), wholeNumber)),
    bars: timeline.map((point) => ({
      label: dayOf(point),
      words: wordsOf(point, series, valuesOf(point), wholeNumber),
      values: valuesOf(point),
    })),
    onScale: wholeNumber,
  });
  return html`<figure><figcaption>Known errors</figcaption>${chart}${legend(series)}</figure>`;
}

function secondsChart(timeline: Timeline): Markup {
  const { series, valuesOf } = seriesOf(timeline, ({ stages }) => stages.map(({ engine, seconds }) => [engine, seconds]));
  const chart = barChart({
    id: "seconds",
    title: "Time of each stage, by recording",
    description: describeEnds(timeline, (point) => valuesInWords(series, valuesOf(point), secondsInWords)),
    bars: timeline.map((point) => ({
      label: dayOf(point),
      words: wordsOf(point, series, valuesOf(point), secondsInWords),
      values: valuesOf(point),
    })),
    onScale: roughSeconds,
  });
  return html`<figure><figcaption>Total time of all test files</figcaption>${chart}${legend(series)}</figure>`;
}

/** `40 s`, `12 min`, `1.5 h` */
function roughSeconds(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  return seconds < 3600 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

function wordsOf(point: TimelinePoint, series: readonly string[], values: readonly number[], inWords: (value: number) => string): string {
  return `${pointInWords(point)}: ${valuesInWords(series, values, inWords)}`;
}

/** Describes the first and the last bar for screen readers. */
function describeEnds(timeline: Timeline, inWords: (point: TimelinePoint) => string): string {
  const [first, last] = [timeline[0], timeline.at(-1)];
  if (first === undefined || last === undefined) return "";
  return first === last
    ? `${dayOf(last)}: ${inWords(last)}.`
    : `From ${dayOf(first)}: ${inWords(first)}. To ${dayOf(last)}: ${inWords(last)}.`;
}

interface Series {
  readonly series: readonly string[];
  readonly valuesOf: (point: TimelinePoint) => readonly number[];
}

/** The names with the highest values. If there are more names than colors, the rest becomes one series. */
function seriesOf(timeline: Timeline, pairsOf: (point: TimelinePoint) => readonly (readonly [string, number])[]): Series {
  const most = new Map<string, number>();
  for (const [name, value] of timeline.flatMap(pairsOf)) most.set(name, Math.max(value, most.get(name) ?? 0));
  const names = [...most].toSorted(([, a], [, b]) => b - a).map(([name]) => name);
  const own = names.length > COLORS ? names.slice(0, COLORS - 1) : names;
  const valueIn = (point: TimelinePoint, isMeant: (name: string) => boolean): number =>
    pairsOf(point).reduce((sum, [name, value]) => sum + (isMeant(name) ? value : 0), 0);
  const hasOthers = names.length > own.length;
  return {
    series: [...own.map(shortName), ...(hasOthers ? ["others"] : [])],
    valuesOf: (point) => [
      ...own.map((name) => valueIn(point, (other) => other === name)),
      ...(hasOthers ? [valueIn(point, (other) => !own.includes(other))] : []),
    ],
  };
}

/** Rows that are visible initially. */
const MAX_ROWS = 12;

function leaksTable(timeline: Timeline, anchors: ReadonlyMap<string, string>): Markup {
  const last = timeline.at(-1);
  if (last === undefined || last.leaks.length === 0) return NOTHING;
  const rows = last.leaks.map((leak) => leakRow(leak, timeline, anchors));
  const more = last.moreLeaks === 0 ? NOTHING : html`<p class="remark">${count(last.moreLeaks, "smaller leak")} not shown.</p>`;
  const rest = when(
    rows.length > MAX_ROWS,
    () => html`<details><summary>${count(rows.length - MAX_ROWS, "more known leak")}</summary>${table(rows.slice(MAX_ROWS))}</details>`,
  );
  return html`<h3>Blocks of known leaks</h3>${table(rows.slice(0, MAX_ROWS))}${rest}${more}`;
}

function table(rows: readonly Markup[]): Markup {
  return html`<div class="scroll"><table><thead><tr><th>leak</th><th>blocks</th><th>trend</th><th>known since</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

function leakRow(
  { signature, function: name, blocks }: TimelinePoint["leaks"][number],
  timeline: Timeline,
  anchors: ReadonlyMap<string, string>,
): Markup {
  const anchor = anchors.get(signature);
  // This run may not have run its test file.
  const shown =
    anchor === undefined ? html`<span class="sig">${signature}</span>` : html`<a class="sig" href="#f-${anchor}">${signature}</a>`;
  const values = timeline.map((point) => blocksIn(point, signature));
  const [first = blocks] = values.filter((value) => value !== undefined && value > 0);
  const change = blocks > first ? html` <span class="up">+${(blocks - first).toLocaleString("en-US")}</span>` : NOTHING;
  const title = `${shortName(name)}: ${count(first, "block")} at first, ${count(blocks, "block")} now`;
  return html`<tr><td><code>${shortName(name)}</code> ${shown}</td><td class="num">${blocks.toLocaleString("en-US")}${change}</td><td>${sparkline(values, title)}</td><td class="num">${knownSince(timeline, signature)}</td></tr>`;
}

/** Undefined if the leak may be among those that were dropped. */
function blocksIn({ leaks, moreLeaks }: TimelinePoint, signature: string): number | undefined {
  return leaks.find((leak) => leak.signature === signature)?.blocks ?? (moreLeaks === 0 ? 0 : undefined);
}

/** The day since which all recordings have the leak: `2026-01-02`, or `2026-01-02 or earlier` at the start of the timeline. */
export function knownSince(timeline: Timeline, signature: string): string {
  const values = timeline.map((point) => blocksIn(point, signature));
  const before = values.findLastIndex((value) => value === undefined || value === 0);
  const first = timeline[before + 1];
  if (first === undefined) return "";
  // A leak that was dropped before, or is in the first recording, may be older.
  return before === -1 || values[before] === undefined ? `${dayOf(first)} or earlier` : dayOf(first);
}

/** The numbers of the charts as a table. */
function numbersTable(timeline: Timeline): Markup {
  const rows = timeline.toReversed().map((point) => {
    const kinds = point.kinds.map(({ kind, errors }) => `${shortName(kindInWords(kind))} ${errors}`).join(", ");
    const stages = point.stages
      .map(({ engine, tests, seconds }) => `${engine} ${secondsInWords(seconds)} (${count(tests, "test file")})`)
      .join(", ");
    return html`<tr><td>${point.recordedAt.slice(0, 16).replace("T", " ")}</td><td><code>${point.sha?.slice(0, 10) ?? ""}</code></td><td>${kinds || "none"}</td><td>${stages}</td></tr>`;
  });
  return html`<details><summary>All numbers</summary><div class="scroll"><table><thead><tr><th>recorded</th><th>commit</th><th>known errors</th><th>time</th></tr></thead><tbody>${rows}</tbody></table></div></details>`;
}
