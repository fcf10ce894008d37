import { type Changes, parseDiff } from "../findings/changes.ts";
import type { Processes } from "../system/processes.ts";
import { gitArgs } from "./source.ts";

/** What a checkout changed since a commit; undefined where that cannot be told: no git checkout, or one without that commit. */
export async function readChanges(path: string, since: string, processes: Processes): Promise<Changes | undefined> {
  const lines: string[] = [];
  const options = ["--no-color", "--no-ext-diff", "--no-textconv", "--src-prefix=a/", "--dst-prefix=b/", "-M", "-U0", "--relative"];
  const args = [...gitArgs(path), "diff", ...options, "--end-of-options", since, "--"];
  const ended = await processes.run("git", args, { onLine: (line) => lines.push(line), timeout: 300 }).catch(() => undefined);
  return ended?.code === 0 ? parseDiff(lines.join("\n")) : undefined;
}
