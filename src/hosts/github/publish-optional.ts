import type { Note } from "../../model/note.ts";
import type { Annotation } from "../../report/annotations.ts";
import { exitCode, type Report } from "../../report/report.ts";
import type { Settings } from "../../settings/settings.ts";
import { publishCheckRun } from "./check-run.ts";
import type { JobEvent } from "./event.ts";
import { publishComment } from "./pull-request-comment.ts";
import { refusalOf, type Writer } from "./writer.ts";

/** What a job may write besides its own log, if the settings ask for it and the token allows it. */
export type ExtraSettings = Pick<Settings, "checkRun" | "comment" | "failOn">;

/** `key`: of the comment. */
export type Occasion = Pick<JobEvent, "repository" | "origin" | "pullRequest"> & { readonly key: string };

type NotPublished = Extract<Note, { code: "not-published" }>;
type Published = NotPublished["what"];

/** Creates the check run and the comment. A failure adds a note instead of failing the check. */
export async function publishExtras(
  writer: Writer | undefined,
  report: Report,
  annotations: readonly Annotation[],
  { checkRun, comment, failOn }: ExtraSettings,
  { repository, origin, pullRequest, key }: Occasion,
): Promise<readonly Note[]> {
  const notes: Note[] = [];
  const attempt = async (what: Published, permission: string, make: (given: Writer) => Promise<void>): Promise<void> => {
    const refuse = (error: unknown): void => void notes.push({ code: "not-published", what, why: refusalOf(permission, error) });
    if (writer === undefined) notes.push({ code: "not-published", what, why: { code: "no-token" } });
    else await make(writer).catch(refuse);
  };
  if (checkRun !== undefined) {
    const run = { repository, name: checkRun, origin, exitCode: exitCode(report, failOn) };
    await attempt("check-run", "checks", (given) => publishCheckRun(given, report, annotations, run));
  }
  if (comment !== undefined && pullRequest !== undefined) {
    const place = { repository, number: pullRequest, title: comment, key, origin };
    await attempt("comment", "pull-requests", (given) => publishComment(given, report, place));
  }
  return notes;
}
