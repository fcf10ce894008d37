import { type Ran, run } from "./command.ts";

const NAMESPACES = ["--user", "--map-root-user", "--mount"];

/**
 * Runs a program for which there is little room: in the folder `mount` on a disk of its own where this machine lets us mount one, else with files
 * that cannot grow beyond that size. The system then says EFBIG where it would have said ENOSPC.
 */
export async function runWithLittleRoom(mount: string, kilobytes: number, words: readonly string[]): Promise<Ran> {
  const mountable = await run("unshare", [...NAMESPACES, "sh", "-c", 'mount -t tmpfs none "$1"', "sh", mount]);
  if (mountable.code === 0) {
    const script = 'mount -t tmpfs -o "size=$1k" none "$2" && shift 2 && exec "$@"';
    return await run("unshare", [...NAMESPACES, "sh", "-c", script, "sh", `${kilobytes}`, mount, ...words]);
  }
  // POSIX counts in blocks of 512 bytes.
  return await run("sh", ["-c", 'ulimit -f "$1" && shift && exec "$@"', "sh", `${kilobytes * 2}`, ...words]);
}
