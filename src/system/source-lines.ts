import { hash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open, readlink } from "node:fs/promises";
import { isAbsolute, join } from "node:path";

/** A generated file of numpy has 1.5 MB. */
const MAX_BYTES = 8 * 1024 * 1024;

/** Never waits for a writer, as of a pipe that a test put in the place of a file. */
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;

/**
 * The lines of a source file, after tests ran that may have put anything in its place. Undefined for what is no regular file below the folder, is too
 * large, cannot be read, or has another content than expected.
 * @param root a folder without links on its path, as it was before tests ran. @param file relative to it
 * @param sha256 what its content must be; undefined where any will do.
 */
export async function readSourceLines(root: string, file: string, sha256?: string): Promise<readonly string[] | undefined> {
  if (isAbsolute(file) || file.includes("\0")) return undefined;
  try {
    await using opened = await open(join(root, file), FLAGS);
    const content = (await isBelow(opened, root)) ? await readWhole(opened) : undefined;
    if (content === undefined || (sha256 !== undefined && hash("sha256", content) !== sha256)) return undefined;
    return content.toString("utf8").split("\n");
  } catch {
    // An excerpt is left out; the finding is shown all the same.
    return undefined;
  }
}

/** Asked of the open file: a folder on its path may be a link, and may become one at any time. */
async function isBelow({ fd }: FileHandle, folder: string): Promise<boolean> {
  return (await readlink(`/proc/self/fd/${fd}`)).startsWith(`${folder}/`);
}

async function readWhole(file: FileHandle): Promise<Buffer | undefined> {
  const status = await file.stat();
  if (!status.isFile() || status.size > MAX_BYTES) return undefined;
  // It may grow while it is read.
  const buffer = Buffer.alloc(status.size);
  const { bytesRead } = await file.read(buffer, 0, status.size, 0);
  return buffer.subarray(0, bytesRead);
}
