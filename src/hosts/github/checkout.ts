import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { commitOf, originOf } from "../../git/git.ts";
import type { Settings } from "../../settings/settings.ts";
import { repositoryOf } from "../../stages/preparation.ts";
import type { Processes } from "../../system/processes.ts";
import type { JobEvent } from "./event.ts";

/** A checkout of the run's own repository. */
export interface OwnCheckout {
  readonly commit: string;
  /** Whether what is checked is at its top, so that a baseline names this commit. */
  readonly isSource: boolean;
}

/**
 * The checkout of the run's own repository that the checked files come from: that of the source, or the workspace where the source is of another
 * repository (`repository: python/cpython`, a submodule), whose commits say nothing about the run. Undefined where there is none to ask, as in
 * a container without git: actions/checkout then unpacks an archive, which names no commit.
 */
export async function readOwnCheckout(settings: Settings, env: NodeJS.ProcessEnv, processes: Processes): Promise<OwnCheckout | undefined> {
  const source = repositoryOf(settings);
  for (const folder of [source, settings.directory]) {
    const root = checkoutOf(folder, settings.directory);
    if (root === undefined || !(await isOwn(root, env.GITHUB_REPOSITORY ?? "", processes))) continue;
    const commit = await commitOf(root, processes);
    if (commit !== null) return { commit, isSource: root === source };
  }
  return undefined;
}

/**
 * The event as it counts for what is checked out. Another commit than the run's, which a dispatch may check out, is neither the branch's to
 * compare with nor its own to record.
 */
export function countFor(event: JobEvent, checkout: OwnCheckout | undefined, { GITHUB_SHA: sha }: NodeJS.ProcessEnv): JobEvent {
  return isOtherCommit(event, checkout, sha) ? { ...event, recordsBaseline: false } : event;
}

/** Of a pull request both its merge and its last commit are the run's own. */
export function isOtherCommit({ head }: JobEvent, checkout: OwnCheckout | undefined, sha: string | undefined): boolean {
  return checkout !== undefined && Boolean(sha) && checkout.commit !== sha && checkout.commit !== head;
}

/** Not above the workspace: what the runner is installed in is no checkout of the workflow's. */
function checkoutOf(folder: string, workspace: string): string | undefined {
  if (existsSync(join(folder, ".git"))) return folder;
  const above = dirname(folder);
  return folder === workspace || above === folder ? undefined : checkoutOf(above, workspace);
}

/** By the address that it was fetched from. Without one it is taken for the run's own: that can only keep a baseline from being recorded. */
async function isOwn(root: string, repository: string, processes: Processes): Promise<boolean> {
  const address = (await originOf(root, processes))
    .replace(/\/$/, "")
    .replace(/\.git$/, "")
    .toLowerCase();
  return address === "" || ["/", ":"].some((before) => address.endsWith(`${before}${repository.toLowerCase()}`));
}
