import type { Processes } from "../system/processes.ts";
import { type Changes, parseDiff } from "./changes.ts";
import { withGit } from "./git.ts";

// Without submodules: git would run in each of them and read its configuration.
const SUBMODULES = "--ignore-submodules=all";

/** Limit: Node.js has no longer text. */
const MAX_BYTES = 2 ** 28;

/** A checkout's changes since a commit; undefined if unknown: it is not a git checkout, or lacks that commit. */
export async function readChanges(path: string, since: string, processes: Processes): Promise<Changes | undefined> {
  const pieces: Buffer[] = [];
  const options = ["--no-color", "--no-ext-diff", "--no-textconv", SUBMODULES, "--src-prefix=a/", "--dst-prefix=b/"];
  const args = ["diff", ...options, "-M", "-U0", "--relative", "--end-of-options", since, "--"];
  const run = withGit(path, processes, (git) => git(args, { onBytes: (bytes) => pieces.push(bytes), timeout: 300 }));
  const ended = await run.catch(() => undefined);
  const size = pieces.reduce((sum, { length }) => sum + length, 0);
  return ended?.code === 0 && size <= MAX_BYTES ? parseDiff(Buffer.concat(pieces).toString("utf8")) : undefined;
}
