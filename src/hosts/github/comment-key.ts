import { minorLabel } from "../../model/python-version.ts";
import type { Settings } from "../../settings/settings.ts";
import type { Processes } from "../../system/processes.ts";
import { checkedPython } from "../common/checked-python.ts";
import { checkKey } from "./baseline-name.ts";
import { readJobIdentity } from "./job-identity.ts";

/**
 * Distinguishes a check's comment on a pull request from those of other checks, as their baselines are distinguished: otherwise a clean job of a
 * matrix would replace the leak that another one reports. Read it before any test runs: tests can change the source and the environment.
 */
export async function commentKey(settings: Settings, env: NodeJS.ProcessEnv, processes: Processes): Promise<string> {
  // If there is no such Python, the check says so in its comment.
  const python = await checkedPython(settings, processes).then(minorLabel, () => "unknown");
  const identity = await readJobIdentity(env);
  // The plan and the report of a check are separate jobs, of which the later one edits the earlier one's comment.
  const own = settings.part.kind === "check" ? identity : { ...identity, job: "", step: "" };
  // The run's branch follows the path of the workflow file.
  const workflow = env.GITHUB_WORKFLOW_REF?.replace(/@.*$/s, "") ?? "";
  return `${workflow} ${checkKey(settings, python, own)}`;
}
