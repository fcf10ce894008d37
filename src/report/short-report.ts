import { createHash } from "node:crypto";
import { markdownCode } from "./escape.ts";
import { fit, type Part } from "./fit.ts";
import { freshSections, headingOf, notCheckedSection, relaxationsSection } from "./markdown.ts";
import type { Report } from "./report.ts";

/** GitHub takes 65,536 characters in a comment, and as many in a check run's summary. */
const MAX_BYTES = 65_000;

/** Where more is to be read, and of what commit. */
export interface Origin {
  readonly sha: string;
  /** Of the run that made the report. */
  readonly url: string;
}

/** What distinguishes a comment from the pull request's other ones. */
export interface CommentName {
  readonly title: string;
  /** Differs for checks that must not edit each other's comment. */
  readonly key: string;
}

/** The first line of a comment, by which it is found again; it is not shown. A hash, since a title could end it. */
export function markerOf({ title, key }: CommentName): string {
  return `<!-- cpython-memcheck ${createHash("sha256").update(`${title}\n${key}`).digest("hex").slice(0, 16)} -->`;
}

/** The report as a comment on a pull request. */
export function commentReport(report: Report, name: CommentName, origin: Origin): string {
  const run = runOf(origin);
  return `${markerOf(name)}${run === undefined ? "" : `<!-- run ${run} -->`}\n${shortReport(report, origin, name.title)}`;
}

/** Runs are numbered in the order in which they were started; one that is run again keeps its number. */
function runOf({ url }: Pick<Origin, "url">): number | undefined {
  const run = /\/actions\/runs\/(\d+)/.exec(url)?.[1];
  return run === undefined ? undefined : Number(run);
}

/** Whether a comment was written by a later run than this one: it is about a newer commit, or another merge of the same. */
export function isOfLaterRun(comment: string, origin: Origin): boolean {
  const written = /^<!-- cpython-memcheck [0-9a-f]+ --><!-- run (\d+) -->\n/.exec(comment)?.[1];
  const own = runOf(origin);
  return written !== undefined && own !== undefined && Number(written) > own;
}

/** What is new and what was not checked, with a pointer to the rest. First what no number of findings may push out. */
export function shortReport(report: Report, { sha, url }: Origin, name?: string): string {
  const isInconclusive = report.verdict === "inconclusive";
  const notChecked = notCheckedSection(report);
  const parts: readonly Part[] = [
    [headingOf(report, name)],
    ...(isInconclusive ? [notChecked] : []),
    relaxationsSection(report),
    ...freshSections(report),
    ...(isInconclusive ? [] : [notChecked]),
  ];
  return `${fit(parts, MAX_BYTES - 1000, "the run's summary")}\nOf commit ${markdownCode(sha)}; [the run's summary](${url}) has the rest.\n`;
}
