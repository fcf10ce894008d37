import * as v from "valibot";
import type { Report } from "../../report/report.ts";
import { commentReport, markerOf, type Origin } from "../../report/short-report.ts";
import type { Writer } from "./writer.ts";

/** A conversation with more than 3,000 comments gets a new one each time. */
const MAX_PAGES = 30;
const PAGE = 100;

export interface Comment {
  /** `owner/name` */
  readonly repository: string;
  /** Of the pull request. */
  readonly number: number;
  readonly title: string;
  readonly origin: Origin;
}

const ViewerSchema = v.object({ data: v.object({ viewer: v.object({ login: v.string() }) }) });
const CommentsSchema = v.array(
  v.object({ id: v.pipe(v.number(), v.integer()), body: v.nullish(v.string()), user: v.nullable(v.object({ login: v.string() })) }),
);

/** Says it on the pull request, once: later runs edit what this wrote. Where there is nothing new and nothing to edit, it stays silent. */
export async function publishComment(writer: Writer, report: Report, comment: Comment): Promise<void> {
  const issues = `/repos/${comment.repository}/issues`;
  const body = commentReport(report, comment.title, comment.origin);
  const before = await findComment(writer, `${issues}/${comment.number}/comments`, markerOf(comment.title));
  if (before !== undefined) await writer.request("PATCH", `${issues}/comments/${before}`, { body });
  else if (report.verdict !== "clean" || report.relaxations.length > 0)
    await writer.request("POST", `${issues}/${comment.number}/comments`, { body });
}

/** Anyone can write our marker; only what the token's own user wrote is ours to edit. */
async function findComment(writer: Writer, path: string, marker: string): Promise<number | undefined> {
  // Not below the REST API's root: /graphql on github.com, /api/graphql beside /api/v3 elsewhere.
  const { data } = v.parse(ViewerSchema, await writer.request("POST", "/../graphql", { query: "{ viewer { login } }" }));
  for (let page = 1; page <= MAX_PAGES; page++) {
    const comments = v.parse(CommentsSchema, await writer.request("GET", `${path}?per_page=${PAGE}&page=${page}`));
    const own = comments.find(({ body, user }) => user?.login === data.viewer.login && body?.startsWith(marker));
    if (own !== undefined) return own.id;
    if (comments.length < PAGE) return undefined;
  }
  return undefined;
}
