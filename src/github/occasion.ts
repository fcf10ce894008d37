import { readFile } from "node:fs/promises";
import * as v from "valibot";
import type { Origin } from "../report/comment.ts";

/** What a job reports on, and where. */
export interface Occasion {
  /** `owner/name` */
  readonly repository: string;
  readonly origin: Origin;
  /** Its number; undefined on any other event. */
  readonly pullRequest: number | undefined;
}

const PayloadSchema = v.object({
  pull_request: v.optional(v.object({ number: v.optional(v.number()), head: v.optional(v.object({ sha: v.optional(v.string()) })) })),
});

/** On a pull request the runner checks out a merge that nobody has pushed: what is reported on is the head. */
export async function readOccasion(env: NodeJS.ProcessEnv): Promise<Occasion> {
  const {
    GITHUB_REPOSITORY: repository = "",
    GITHUB_SERVER_URL: server = "",
    GITHUB_RUN_ID: run = "",
    GITHUB_RUN_ATTEMPT: attempt = "1",
  } = env;
  const text = env.GITHUB_EVENT_PATH ? await readFile(env.GITHUB_EVENT_PATH, "utf8") : "{}";
  const { pull_request: pull } = v.parse(v.pipe(v.string(), v.parseJson(), PayloadSchema), text);
  const url = `${server}/${repository}/actions/runs/${run}/attempts/${attempt}`;
  return { repository, origin: { sha: pull?.head?.sha ?? env.GITHUB_SHA ?? "", url }, pullRequest: pull?.number };
}
