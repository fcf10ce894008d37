import { constants } from "node:fs";
import { open } from "node:fs/promises";

const MAX_LINES = 20;
/** Maximum characters of a line. */
const MAX_LINE = 500;
/** Bytes to read from the end of the log. */
const MAX_BYTES = 64 * 1024;

/**
 * The last lines of a test's output, without empty lines at the end. The log is untrusted: the test may have replaced it by a pipe or a link to
 * another file, which counts as no lines.
 */
export async function lastLinesOf(path: string): Promise<readonly string[]> {
  const text = await readEnd(path).catch(() => "");
  const lines = text.trimEnd().split(/\r?\n/);
  return text.trimEnd() === ""
    ? []
    : lines.slice(-MAX_LINES).map((line) => (line.length > MAX_LINE ? `${line.slice(0, MAX_LINE)}…` : line).toWellFormed());
}

async function readEnd(path: string): Promise<string> {
  await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  const status = await file.stat();
  if (!status.isFile()) return "";
  const start = Math.max(0, status.size - MAX_BYTES);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(status.size, MAX_BYTES)), 0, undefined, start);
  const text = buffer.toString("utf8", 0, bytesRead);
  // The first line is incomplete if not all was read.
  return start === 0 ? text : text.slice(text.indexOf("\n") + 1);
}
