// GitHub's limits of requests ("Rate limit errors" in its documentation of the REST API): the answer to too many of them is 403 or 429.
import type { IncomingHttpHeaders } from "node:http";

/** The status of every answer to too many requests, so that a 403 means a missing permission only. */
const TOO_MANY = 429;

/** The status of a refusal, the same for both ways in which GitHub refuses too many requests. @param said GitHub's message */
export function meantBy(status: number, headers: IncomingHttpHeaders, said: string): number {
  const isLimit = secondsToWait(headers) !== undefined || /\brate limit\b/i.test(said);
  return status === 403 && isLimit ? TOO_MANY : status;
}

/** Seconds until GitHub answers again; undefined if it does not say. */
export function secondsToWait(headers: IncomingHttpHeaders): number | undefined {
  const { "retry-after": after, "x-ratelimit-remaining": remaining, "x-ratelimit-reset": reset } = headers;
  const seconds = Number(after ?? Number.NaN);
  if (!Number.isNaN(seconds)) return seconds;
  const until = remaining === "0" ? Number(reset ?? Number.NaN) - Date.now() / 1000 : Number.NaN;
  return Number.isNaN(until) ? undefined : Math.max(0, until);
}
