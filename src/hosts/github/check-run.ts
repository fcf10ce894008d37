import * as v from "valibot";
import type { Annotation } from "../../report/annotations.ts";
import { verdictInWords } from "../../report/describe.ts";
import type { Report } from "../../report/report.ts";
import { type Origin, shortReport } from "../../report/short-report.ts";
import type { Writer } from "./writer.ts";

/** GitHub accepts 50 annotations in each request, and adds them to the existing ones. */
const BATCH = 50;
/** Limit: twenty requests; the rest is in the summary. */
const MOST = 1000;

export interface CheckRun {
  /** `owner/name` */
  readonly repository: string;
  readonly name: string;
  readonly origin: Origin;
  /** The check's exit code. */
  readonly exitCode: 0 | 1 | 2;
}

const CreatedSchema = v.object({ id: v.pipe(v.number(), v.integer()) });

/** Creates a check run for the commit, with all annotations that have a place. */
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

/** New errors that `fail-on` allows are neutral; an incomplete check is never a success. */
function conclusionOf({ verdict }: Report, { exitCode }: CheckRun): "success" | "neutral" | "failure" {
  if (exitCode !== 0) return "failure";
  return verdict === "clean" ? "success" : "neutral";
}

const LEVELS = { error: "failure", warning: "warning", notice: "notice" } as const;

function asPlaced({ level, title, message, file, line }: Annotation) {
  if (file === null) return [];
  return [{ path: file, start_line: line ?? 1, end_line: line ?? 1, annotation_level: LEVELS[level], title, message }];
}
