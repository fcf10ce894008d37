import { closeSync, existsSync, openSync, readSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { UserError } from "../model/user-error.ts";
import { ALLOWED_COMMANDS } from "../settings/command.ts";
import type { Work } from "../settings/work.ts";

/** Detects a command that is no Python script before anything is built. @throws UserError that names it. */
export function requireScript(work: Work, directory: string): void {
  if (work.kind !== "command") return;
  const [first = ""] = work.words;
  if (first.startsWith("-")) return;
  const what = otherThanScript(resolve(directory, first));
  if (what === undefined) return;
  const where = what === "not a file" ? ` in ${directory}` : "";
  throw new UserError(`\`command\` starts with \`${first}\`, which is ${what}${where}. Allowed: ${ALLOWED_COMMANDS}.`);
}

/** Python also runs a folder with a `__main__.py`, and a zip file of one. */
function otherThanScript(path: string): string | undefined {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status?.isDirectory()) return existsSync(join(path, "__main__.py")) ? undefined : "a folder without a `__main__.py`";
  if (!status?.isFile()) return "not a file";
  const start = startOf(path);
  if (start.startsWith("\x7fELF")) return "a program in machine code";
  return isShellScript(start) ? "a shell script" : undefined;
}

/** pip begins some Python scripts like shell scripts: to a shell, their second line starts Python; to Python, it is a string. */
function isShellScript(start: string): boolean {
  return /^#!.*\b(ba|da|k|z)?sh\b.*(\n(?!['"])|$)/.test(start);
}

const ENOUGH = 400;

/** Empty if it cannot be read: the interpreter says why. */
function startOf(path: string): string {
  try {
    return readStart(path);
  } catch {
    return "";
  }
}

function readStart(path: string): string {
  const file = openSync(path, "r");
  try {
    const bytes = Buffer.alloc(ENOUGH);
    return bytes.toString("latin1", 0, readSync(file, bytes, 0, ENOUGH, 0));
  } finally {
    closeSync(file);
  }
}
