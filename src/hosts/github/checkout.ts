import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { commitOf, originOf } from "../../git/git.ts";
import type { Settings } from "../../settings/settings.ts";
import { repositoryOf } from "../../stages/preparation.ts";
import type { Processes } from "../../system/processes.ts";
import type { JobEvent } from "./event.ts";

/** A checkout of the run's own repository. */
export interface OwnCheckout {
  readonly root: string;
  readonly commit: string;
  /** Whether the checked source is at its root, so that a baseline names this commit. */
  readonly isSource: boolean;
}

/**
 * The checkout of the run's own repository that the checked files come from: that of the source, or of the command's folder, also if it is in a
 * folder of the workspace (`path`), or the workspace if the source belongs to another repository (`repository: python/cpython`, a submodule), whose commits say nothing about the run. Undefined if there is none, as in a
 * container without git: actions/checkout then unpacks an archive, which has no commit.
 */
export async function readOwnCheckout(settings: Settings, env: NodeJS.ProcessEnv, processes: Processes): Promise<OwnCheckout | undefined> {
  const source = repositoryOf(settings);
  for (const folder of [source, settings.directory, settings.workspace]) {
    const root = checkoutOf(folder, settings.workspace);
    if (root === undefined || !(await isOwn(root, env.GITHUB_REPOSITORY ?? "", processes))) continue;
    const commit = await commitOf(root, processes);
    if (commit !== null) return { root, commit, isSource: root === source };
  }
  return undefined;
}

/**
 * The event adjusted for the checkout. A commit other than the run's, which a dispatch may check out, can't be compared or recorded as the
 * branch's, and a check run for the branch's commit would speak of another one.
 */
export function countFor(event: JobEvent, checkout: OwnCheckout | undefined, { GITHUB_SHA: sha }: NodeJS.ProcessEnv): JobEvent {
  if (checkout === undefined || !isOtherCommit(event, checkout, sha)) return event;
  const origin = { ...event.origin, sha: event.head ?? checkout.commit };
  return { ...event, recordsBaseline: false, origin };
}

/** For a pull request, both its merge and its head commit belong to the run. */
export function isOtherCommit({ head }: JobEvent, checkout: OwnCheckout | undefined, sha: string | undefined): boolean {
  return checkout !== undefined && Boolean(sha) && checkout.commit !== sha && checkout.commit !== head;
}

/** Not above the workspace: the folders of the runner are not a checkout of the workflow's. */
function checkoutOf(folder: string, workspace: string): string | undefined {
  if (existsSync(join(folder, ".git"))) return folder;
  const above = dirname(folder);
  return folder === workspace || above === folder ? undefined : checkoutOf(above, workspace);
}

/** Compares the URL that it was fetched from. Without one, it counts as the run's own: that can only prevent a recording. */
async function isOwn(root: string, repository: string, processes: Processes): Promise<boolean> {
  const address = (await originOf(root, processes))
    .replace(/\/$/, "")
    .replace(/\.git$/, "")
    .toLowerCase();
  return address === "" || ["/", ":"].some((before) => address.endsWith(`${before}${repository.toLowerCase()}`));
}
