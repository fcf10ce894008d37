import type { Processes } from "../system/processes.ts";
import { type Changes, parseDiff } from "./changes.ts";
import { withGit } from "./git.ts";

// Without submodules: git would run in each of them and read its configuration.
const SUBMODULES = "--ignore-submodules=all";

/** A checkout's changes since a commit; undefined if unknown: it is not a git checkout, or lacks that commit. */
export async function readChanges(path: string, since: string, processes: Processes): Promise<Changes | undefined> {
  const lines: string[] = [];
  const options = ["--no-color", "--no-ext-diff", "--no-textconv", SUBMODULES, "--src-prefix=a/", "--dst-prefix=b/"];
  const args = ["diff", ...options, "-M", "-U0", "--relative", "--end-of-options", since, "--"];
  const run = withGit(path, processes, (git) => git(args, { onLine: (line) => lines.push(line), timeout: 300 }));
  const ended = await run.catch(() => undefined);
  return ended?.code === 0 ? parseDiff(lines.join("\n")) : undefined;
}
