// Processes in separate namespaces, like containers: process ids and abstract sockets mean nothing to the others.
import { spawnSync } from "node:child_process";

export type Isolation = "none" | "network" | "processes" | "all" | "unknown user";

const OPTIONS = {
  none: [],
  network: ["--net"],
  processes: ["--pid", "--fork", "--mount-proc"],
  all: ["--pid", "--fork", "--mount-proc", "--net", "--ipc", "--uts"],
  "unknown user": ["--user", "--map-user=54321"],
} as const;

/** The same command in separate namespaces; unchanged if this machine does not allow them. */
export function isolated(isolation: Isolation, words: readonly [string, ...string[]]): readonly [string, ...string[]] {
  if (isolation === "none") return words;
  const user = process.getuid?.() === 0 || isolation === "unknown user" ? [] : ["--user", "--map-root-user"];
  const prefix = ["unshare", "--kill-child", ...user, ...OPTIONS[isolation]] as const;
  const args = prefix.slice(1);
  if (spawnSync("unshare", [...args, "true"]).status === 0) return ["unshare", ...args, ...words];
  console.log(`Not isolated (${isolation}): this machine allows no such namespace.`);
  return words;
}
