// Which ports a process listens on, by /proc.

import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** `LISTEN` in /proc/net/tcp. */
const LISTENS = "0A";

export function listeningPorts(pid: number): readonly number[] {
  const sockets = new Set(
    readdirSync(`/proc/${pid}/fd`).map((descriptor) => /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${descriptor}`))?.[1]),
  );
  const rows = ["tcp", "tcp6"].flatMap((family) => readFileSync(`/proc/${pid}/net/${family}`, "utf8").trim().split("\n").slice(1));
  return rows.flatMap((row) => {
    const [, local = "", , state, , , , , , inode] = row.trim().split(/\s+/);
    return state === LISTENS && sockets.has(inode) ? [Number.parseInt(local.split(":")[1] ?? "", 16)] : [];
  });
}

/** A descriptor may be closed meanwhile. */
function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}
