// Charts of report.html: plain SVG, with descriptions for screen readers. Widths are percentages, so that text keeps its size on a phone.

import { html, type Markup, NOTHING, when } from "./markup.ts";

export interface Bar {
  /** Shown below the first and the last bar. */
  readonly label: string;
  /** Tooltip, which screen readers also read. */
  readonly words: string;
  /** One value for each series. */
  readonly values: readonly number[];
}

export interface BarChart {
  /** Prefix of the chart's element ids: letters, digits and dashes. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly bars: readonly Bar[];
  /** Short label for a line of the scale. */
  readonly onScale: (value: number) => string;
}

/** In pixels. */
const HEIGHT = 168;
const [TOP, BOTTOM] = [22, 20];
const PLOT = HEIGHT - TOP - BOTTOM;
/** In percent: space for the numbers of the axis. */
const LEFT = 11;
/** Minimum number of slots, so that a few bars do not fill the whole width. */
const MIN_SLOTS = 14;

/** A stacked bar chart. @param chart its bars, oldest first; the newest is at the right edge */
export function barChart({ id, title, description, bars, onScale }: BarChart): Markup {
  const most = Math.max(1, ...bars.map(({ values }) => sum(values)));
  const slot = (100 - LEFT) / Math.max(MIN_SLOTS, bars.length);
  const shown = bars.map((bar, index) => stackedBar(bar, 100 - (bars.length - index) * slot, slot, most));
  return html`<svg class="chart" role="img" aria-labelledby="${id}-t ${id}-d" width="100%" height="${HEIGHT}">
<title id="${id}-t">${title}</title><desc id="${id}-d">${description}</desc>
${[0, 0.5, 1].map((part) => gridLine(part, onScale(most * part)))}
${shown}
${labels(bars, slot)}</svg>`;
}

function gridLine(part: number, words: string): Markup {
  const y = TOP + PLOT * (1 - part);
  return html`<line class="grid" x1="0" x2="100%" y1="${y}" y2="${y}"/><text x="0" y="${y - 4}">${words}</text>`;
}

function stackedBar({ words, values }: Bar, x: number, slot: number, most: number): Markup {
  const heights = values.map((value) => (value / most) * PLOT);
  const rects = heights.map((height, series) => {
    const y = TOP + PLOT - sum(heights.slice(0, series + 1));
    return when(
      height > 0,
      () =>
        html`<rect class="c${series % COLORS}" x="${percent(x + slot * 0.14)}" width="${percent(slot * 0.72)}" y="${y.toFixed(1)}" height="${height.toFixed(1)}"/>`,
    );
  });
  return html`<g><title>${words}</title>${rects}<rect class="hover" x="${percent(x)}" width="${percent(slot)}" y="${TOP}" height="${PLOT}"/></g>`;
}

/** Number of series with different colors. */
export const COLORS = 7;

/** With fewer bars, the labels of the first and the last one would overlap. */
const MIN_LABELED = 6;

function labels(bars: readonly Bar[], slot: number): Markup {
  const [first, last] = [bars[0], bars.at(-1)];
  if (first === undefined || last === undefined) return NOTHING;
  const x = percent(100 - (bars.length - 0.5) * slot);
  const oldest = html`<text x="${x}" y="${HEIGHT - 4}" text-anchor="middle">${first.label}</text>`;
  return html`${when(bars.length >= MIN_LABELED, () => oldest)}<text x="100%" y="${HEIGHT - 4}" text-anchor="end">${last.label}</text>`;
}

/** A line chart of the height of text; undefined values are gaps. */
export function sparkline(values: readonly (number | undefined)[], title: string): Markup {
  const known = values.filter((value) => value !== undefined);
  const [least, most] = [Math.min(0, ...known), Math.max(1, ...known)];
  const x = (index: number): number => 2 + (index / Math.max(1, values.length - 1)) * (SPARK.width - 4);
  const y = (value: number): number => 2 + (1 - (value - least) / (most - least)) * (SPARK.height - 4);
  const points = values.flatMap((value, index) =>
    value === undefined ? [] : [{ index, at: `${x(index).toFixed(1)} ${y(value).toFixed(1)}` }],
  );
  const path = points.map(({ index, at }) => `${values[index - 1] === undefined ? "M" : "L"}${at}`).join("");
  const [end] = points.slice(-1);
  const [cx = 0, cy = 0] = end?.at.split(" ") ?? [];
  return html`<svg class="spark" role="img" aria-label="${title}" width="${SPARK.width}" height="${SPARK.height}"><title>${title}</title><path d="${path}"/>${when(end !== undefined, () => html`<circle cx="${cx}" cy="${cy}" r="2"/>`)}</svg>`;
}

/** In pixels. */
const SPARK = { width: 120, height: 22 } as const;

/** The names of a chart's series with their colors. */
export function legend(series: readonly string[]): Markup {
  return html`<ul class="legend">${series.map((name, index) => html`<li><svg width="10" height="10" aria-hidden="true"><rect class="c${index % COLORS}" width="10" height="10" rx="2"/></svg>${name}</li>`)}</ul>`;
}

/** `memory leak 3, invalid read 1`; zeros are left out. */
export function valuesInWords(series: readonly string[], values: readonly number[], inWords: (value: number) => string): string {
  const parts = series.flatMap((name, index) => ((values[index] ?? 0) === 0 ? [] : [`${name} ${inWords(values[index] ?? 0)}`]));
  return parts.length === 0 ? "none" : parts.join(", ");
}

export function wholeNumber(value: number): string {
  return Number.isInteger(value) ? value.toLocaleString("en-US") : "";
}

function percent(value: number): string {
  return `${value.toFixed(2)}%`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
