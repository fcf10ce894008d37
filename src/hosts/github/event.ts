import { readFile } from "node:fs/promises";
import * as v from "valibot";
import { UserError } from "../../model/user-error.ts";
import type { Origin } from "../../report/short-report.ts";
import { EVENTS } from "./trust.ts";

/**
 * The facts about the event that started the job, and where to report. Read before anything runs: tests can overwrite the event file later.
 */
export interface JobEvent {
  readonly name: string;
  /** Undefined if unknown. */
  readonly defaultBranch: string | undefined;
  /** The target branch of a pull request or a merge queue. */
  readonly baseBranch: string | undefined;
  /** The head commit of a pull request; by default, its merge into the base branch is checked out. */
  readonly head: string | undefined;
  /** Whether the default branch's baseline may come from this run. */
  readonly recordsBaseline: boolean;
  /** Whether the event runs a branch's own code, and not a change to it: only then may the run record a baseline. */
  readonly mayRecord: boolean;
  /** `owner/name`, where to report. */
  readonly repository: string;
  /** The commit to report on: for a pull request its head, not the merge that the runner checks out, which was never pushed. */
  readonly origin: Origin;
  /** Its number; undefined on other events. */
  readonly pullRequest: number | undefined;
}

const PayloadSchema = v.object({
  repository: v.optional(v.object({ default_branch: v.optional(v.string()) })),
  pull_request: v.optional(
    v.object({
      number: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
      base: v.optional(v.object({ ref: v.optional(v.string()) })),
      head: v.optional(v.object({ sha: v.optional(v.string()) })),
    }),
  ),
  merge_group: v.optional(v.object({ base_ref: v.optional(v.string()) })),
});

/** @throws UserError on `pull_request_target`: it gives untrusted code of a pull request the permissions of the base branch. */
export async function readEvent(env: NodeJS.ProcessEnv): Promise<JobEvent> {
  const name = env.GITHUB_EVENT_NAME ?? "";
  if (name === "pull_request_target") {
    throw new UserError("The check does not run on `pull_request_target`: it executes the pull request's code.", {
      hint: "Use `on: pull_request`; the check needs no write access.",
    });
  }
  const payload = await readPayload(env.GITHUB_EVENT_PATH);
  // A schedule runs only on the default branch, and its payload does not name the repository's default branch.
  const scheduled = name === "schedule" ? branchOf(env.GITHUB_REF) : undefined;
  const defaultBranch = payload.repository?.default_branch ?? scheduled;
  return {
    name,
    defaultBranch,
    baseBranch: payload.pull_request?.base?.ref ?? branchOf(payload.merge_group?.base_ref),
    head: payload.pull_request?.head?.sha,
    recordsBaseline: defaultBranch !== undefined && branchOf(env.GITHUB_REF) === defaultBranch && EVENTS.includes(name),
    mayRecord: EVENTS.includes(name),
    repository: env.GITHUB_REPOSITORY ?? "",
    origin: { sha: payload.pull_request?.head?.sha ?? env.GITHUB_SHA ?? "", url: runUrl(env) },
    pullRequest: payload.pull_request?.number,
  };
}

function runUrl({
  GITHUB_SERVER_URL = "",
  GITHUB_REPOSITORY = "",
  GITHUB_RUN_ID = "",
  GITHUB_RUN_ATTEMPT = "1",
}: NodeJS.ProcessEnv): string {
  return `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}/attempts/${GITHUB_RUN_ATTEMPT}`;
}

/** `main`, of `refs/heads/main`. */
export function branchOf(ref: string | undefined): string | undefined {
  return /^refs\/heads\/(.+)$/s.exec(ref ?? "")?.[1];
}

async function readPayload(path: string | undefined): Promise<v.InferOutput<typeof PayloadSchema>> {
  if (path === undefined || path === "") return {};
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new UserError(`The event's description ${path} cannot be read.`, { cause });
  });
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), PayloadSchema), text);
  if (!parsed.success) throw new UserError(`The event's description ${path} is not what GitHub writes.`);
  return parsed.output;
}
