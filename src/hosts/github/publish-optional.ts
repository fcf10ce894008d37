import type { Annotation } from "../../report/annotations.ts";
import { exitCode, type Report } from "../../report/report.ts";
import type { Settings } from "../../settings/settings.ts";
import { publishCheckRun } from "./check-run.ts";
import type { JobEvent } from "./event.ts";
import { publishComment } from "./pull-request-comment.ts";
import { describeRefusal, type Writer } from "./writer.ts";

/** What a job may write beside its own log, where the settings ask for it and the token allows. */
export type ExtraSettings = Pick<Settings, "checkRun" | "comment" | "failOn">;

/** Makes the check run and the comment. What cannot be made fails nothing: a sentence says so. */
export async function publishExtras(
  writer: Writer | undefined,
  report: Report,
  annotations: readonly Annotation[],
  { checkRun, comment, failOn }: ExtraSettings,
  { repository, origin, pullRequest }: Pick<JobEvent, "repository" | "origin" | "pullRequest">,
): Promise<readonly string[]> {
  const notes: string[] = [];
  const attempt = async (what: string, permission: string, make: (given: Writer) => Promise<void>): Promise<void> => {
    if (writer === undefined) notes.push(`${what} was not made: the input \`token\` is empty.`);
    else await make(writer).catch((error: unknown) => notes.push(describeRefusal(what, permission, error)));
  };
  if (checkRun !== undefined) {
    const run = { repository, name: checkRun, origin, exitCode: exitCode(report, failOn) };
    await attempt("The check run", "checks", (given) => publishCheckRun(given, report, annotations, run));
  }
  if (comment !== undefined && pullRequest !== undefined) {
    const place = { repository, number: pullRequest, title: comment, origin };
    await attempt("The comment", "pull-requests", (given) => publishComment(given, report, place));
  }
  return notes;
}
