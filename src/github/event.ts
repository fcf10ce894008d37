import { readFile } from "node:fs/promises";
import * as v from "valibot";
import { UserError } from "../errors.ts";

/** What the check needs to know of the event that started the job. */
export interface JobEvent {
  readonly name: string;
  /** Undefined where nothing says which it is. */
  readonly defaultBranch: string | undefined;
  /** Where the change is to go, of a pull request or a merge queue. */
  readonly baseBranch: string | undefined;
  /** The last commit of a pull request; what is checked out is its merge into the base branch, unless the workflow says otherwise. */
  readonly head: string | undefined;
  /** Whether this run is one that the default branch's baseline may come from. */
  readonly recordsBaseline: boolean;
}

const PayloadSchema = v.object({
  repository: v.optional(v.object({ default_branch: v.optional(v.string()) })),
  pull_request: v.optional(
    v.object({
      base: v.optional(v.object({ ref: v.optional(v.string()) })),
      head: v.optional(v.object({ sha: v.optional(v.string()) })),
    }),
  ),
  merge_group: v.optional(v.object({ base_ref: v.optional(v.string()) })),
});

/** @throws UserError on `pull_request_target`: it gives code from a stranger's pull request the rights of the base branch. */
export async function readEvent(env: NodeJS.ProcessEnv): Promise<JobEvent> {
  const name = env.GITHUB_EVENT_NAME ?? "";
  if (name === "pull_request_target") {
    throw new UserError("The check does not run on `pull_request_target`: it executes the pull request's code.", {
      hint: "Use `on: pull_request`; the check needs no write access.",
    });
  }
  const payload = await readPayload(env.GITHUB_EVENT_PATH);
  // A schedule runs on the default branch only, and its payload has no repository that would say which that is.
  const scheduled = name === "schedule" ? branchOf(env.GITHUB_REF) : undefined;
  const defaultBranch = payload.repository?.default_branch ?? scheduled;
  return {
    name,
    defaultBranch,
    baseBranch: payload.pull_request?.base?.ref ?? branchOf(payload.merge_group?.base_ref),
    head: payload.pull_request?.head?.sha,
    recordsBaseline:
      defaultBranch !== undefined && branchOf(env.GITHUB_REF) === defaultBranch && ["push", "schedule", "workflow_dispatch"].includes(name),
  };
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
