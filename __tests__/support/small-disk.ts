import { type Ran, run } from "./command.ts";

const NAMESPACES = ["--user", "--map-root-user", "--mount"];

/**
 * Runs a program with little disk space: with a small disk at `mount` if this machine allows us to mount one, else with a limit for the size of each
 * file. The error is then EFBIG instead of ENOSPC.
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
