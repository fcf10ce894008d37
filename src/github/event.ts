import { readFile } from "node:fs/promises";
import * as v from "valibot";
import { UserError } from "../errors.ts";

/** What the check needs to know of the event that started the job. */
export interface JobEvent {
  readonly name: string;
  /** Whether this run is one that the default branch's baseline may come from. */
  readonly recordsBaseline: boolean;
}

const PayloadSchema = v.object({ repository: v.optional(v.object({ default_branch: v.optional(v.string()) })) });

/** @throws UserError on `pull_request_target`: it gives code from a stranger's pull request the rights of the base branch. */
export async function readEvent(env: NodeJS.ProcessEnv): Promise<JobEvent> {
  const name = env.GITHUB_EVENT_NAME ?? "";
  if (name === "pull_request_target") {
    throw new UserError("The check does not run on `pull_request_target`: it executes the pull request's code.", {
      hint: "Use `on: pull_request`; the check needs no write access.",
    });
  }
  const branch = await readDefaultBranch(env.GITHUB_EVENT_PATH);
  const isDefault = branch !== undefined && env.GITHUB_REF === `refs/heads/${branch}`;
  // A schedule runs on the default branch only, and its payload has no repository that would say which that is.
  return { name, recordsBaseline: name === "schedule" || (isDefault && ["push", "workflow_dispatch"].includes(name)) };
}

async function readDefaultBranch(path: string | undefined): Promise<string | undefined> {
  if (path === undefined || path === "") return undefined;
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new UserError(`The event's description ${path} cannot be read.`, { cause });
  });
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), PayloadSchema), text);
  if (!parsed.success) throw new UserError(`The event's description ${path} is not what GitHub writes.`);
  return parsed.output.repository?.default_branch;
}
