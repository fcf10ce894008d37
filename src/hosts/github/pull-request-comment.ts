import * as v from "valibot";
import type { Report } from "../../report/report.ts";
import { type CommentName, commentReport, isOfLaterRun, markerOf, type Origin } from "../../report/short-report.ts";
import type { Writer } from "./writer.ts";

/** Limit: in a conversation with more than 3,000 comments, each run adds a new one. */
const MAX_PAGES = 30;
const PAGE = 100;

export interface Comment extends CommentName {
  /** `owner/name` */
  readonly repository: string;
  /** Number of the pull request. */
  readonly number: number;
  readonly origin: Origin;
}

const ViewerSchema = v.object({ data: v.object({ viewer: v.object({ login: v.string() }) }) });
const CommentsSchema = v.array(
  v.object({ id: v.pipe(v.number(), v.integer()), body: v.nullish(v.string()), user: v.nullable(v.object({ login: v.string() })) }),
);

/**
 * Comments on the pull request, once: later runs edit that comment, and earlier ones that end after them do not. If there is nothing new and no
 * comment to edit, it does nothing.
 */
export async function publishComment(writer: Writer, report: Report, comment: Comment): Promise<void> {
  const issues = `/repos/${comment.repository}/issues`;
  const body = commentReport(report, comment, comment.origin);
  const before = await findComment(writer, `${issues}/${comment.number}/comments`, markerOf(comment));
  if (before !== undefined && isOfLaterRun(before.body, comment.origin)) return;
  if (before !== undefined) await writer.request("PATCH", `${issues}/comments/${before.id}`, { body });
  else if (report.verdict !== "clean" || report.relaxations.length > 0)
    await writer.request("POST", `${issues}/${comment.number}/comments`, { body });
}

interface Found {
  readonly id: number;
  readonly body: string;
}

/** Anyone can write our marker; we only edit comments of the token's own user. */
async function findComment(writer: Writer, path: string, marker: string): Promise<Found | undefined> {
  // Not below the REST API's root: /graphql on github.com, /api/graphql beside /api/v3 elsewhere.
  const { data } = v.parse(ViewerSchema, await writer.request("POST", "/../graphql", { query: "{ viewer { login } }" }));
  for (let page = 1; page <= MAX_PAGES; page++) {
    const comments = v.parse(CommentsSchema, await writer.request("GET", `${path}?per_page=${PAGE}&page=${page}`));
    const own = comments.find(({ body, user }) => user?.login === data.viewer.login && body?.startsWith(marker));
    if (own !== undefined) return { id: own.id, body: own.body ?? "" };
    if (comments.length < PAGE) return undefined;
  }
  return undefined;
}
