import * as v from "valibot";
import type { Annotation } from "../../report/annotations.ts";
import { verdictInWords } from "../../report/describe.ts";
import type { Report } from "../../report/report.ts";
import { type Origin, shortReport } from "../../report/short-report.ts";
import type { Writer } from "./writer.ts";

/** GitHub takes 50 annotations with each request, and adds them to those that are there. */
const BATCH = 50;
/** Twenty requests; the rest is in the summary. */
const MOST = 1000;

export interface CheckRun {
  /** `owner/name` */
  readonly repository: string;
  readonly name: string;
  readonly origin: Origin;
  /** Of the check's process. */
  readonly exitCode: 0 | 1 | 2;
}

const CreatedSchema = v.object({ id: v.pipe(v.number(), v.integer()) });

/** Makes a check run of the commit, with all annotations that have a place. */
export async function publishCheckRun(writer: Writer, report: Report, annotations: readonly Annotation[], run: CheckRun): Promise<void> {
  const checks = `/repos/${run.repository}/check-runs`;
  const output = { title: verdictInWords(report), summary: shortReport(report, run.origin) };
  const placed = annotations.flatMap(asPlaced).slice(0, MOST);
  const created = await writer.request("POST", checks, {
    name: run.name,
    head_sha: run.origin.sha,
    details_url: run.origin.url,
    status: "completed",
    conclusion: conclusionOf(report, run),
    output: { ...output, annotations: placed.slice(0, BATCH) },
  });
  const { id } = v.parse(CreatedSchema, created);
  for (let from = BATCH; from < placed.length; from += BATCH) {
    await writer.request("PATCH", `${checks}/${id}`, { output: { ...output, annotations: placed.slice(from, from + BATCH) } });
  }
}

/** New errors that `fail-on` lets pass are neutral; what was not checked is no success of any kind. */
function conclusionOf({ verdict }: Report, { exitCode }: CheckRun): "success" | "neutral" | "failure" {
  if (exitCode !== 0) return "failure";
  return verdict === "clean" ? "success" : "neutral";
}

const LEVELS = { error: "failure", warning: "warning", notice: "notice" } as const;

function asPlaced({ level, title, message, file, line }: Annotation) {
  if (file === null) return [];
  return [{ path: file, start_line: line ?? 1, end_line: line ?? 1, annotation_level: LEVELS[level], title, message }];
}
