import { hash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open, readlink } from "node:fs/promises";
import { isAbsolute, join } from "node:path";

/** Generated files can be large: one of numpy's has 1.5 MB. */
const MAX_BYTES = 8 * 1024 * 1024;

/** A test may have replaced the file by a pipe: opening it must not block. */
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;

/**
 * The lines of a source file, read after untrusted tests, which may have replaced it. Undefined if it is not a regular file below the folder, is too
 * large, cannot be read, or has the wrong hash.
 * @param root folder, whose path had no symbolic links before the tests ran
 * @param file path relative to the folder
 * @param sha256 the expected hash; undefined accepts any content
 */
export async function readSourceLines(root: string, file: string, sha256?: string): Promise<readonly string[] | undefined> {
  if (isAbsolute(file) || file.includes("\0")) return undefined;
  try {
    await using opened = await open(join(root, file), FLAGS);
    const content = (await isBelow(opened, root)) ? await readWhole(opened) : undefined;
    if (content === undefined || (sha256 !== undefined && hash("sha256", content) !== sha256)) return undefined;
    return content.toString("utf8").split("\n");
  } catch {
    // The finding is shown without an excerpt.
    return undefined;
  }
}

/** Checks the open file, not the path: a folder on the path may be, or become, a symbolic link. */
async function isBelow({ fd }: FileHandle, folder: string): Promise<boolean> {
  return (await readlink(`/proc/self/fd/${fd}`)).startsWith(`${folder}/`);
}

async function readWhole(file: FileHandle): Promise<Buffer | undefined> {
  const status = await file.stat();
  if (!status.isFile() || status.size > MAX_BYTES) return undefined;
  // The file may grow while it is read.
  const buffer = Buffer.alloc(status.size);
  const { bytesRead } = await file.read(buffer, 0, status.size, 0);
  return buffer.subarray(0, bytesRead);
}
