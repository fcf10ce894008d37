import * as v from "valibot";
import { messageOf } from "../errors.ts";

/** GitHub's REST API, with the job's token. */
export interface GitHubApi {
  /**
   * @param path below the API's root, `/repos/owner/name/…`
   * @throws an Error with the answer's `status`, where there was one and it was none of success.
   */
  request(method: "GET" | "POST" | "PATCH", path: string, body?: unknown): Promise<unknown>;
}

const RefusalSchema = v.object({ status: v.picklist([401, 403, 404]) });

/** Why something was not made, in a sentence. GitHub says 404 of what a token may not even see. */
export function whyNotMade(what: string, permission: string, error: unknown): string {
  const refusal = v.safeParse(RefusalSchema, error);
  return refusal.success
    ? `${what} was not made: GitHub answered ${refusal.output.status}. It needs \`${permission}: write\`, which a pull request from a fork never has.`
    : `${what} was not made: ${messageOf(error)}.`;
}
