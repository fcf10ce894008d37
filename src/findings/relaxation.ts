import { createHash } from "node:crypto";

/** Something in the checked source that hides findings. */
export interface Relaxation {
  readonly kind: "suppression" | "accept" | "skip";
  /** Its name, signature or test file. */
  readonly title: string;
  /** Relative to the project, or absolute outside of it. */
  readonly file: string;
  readonly line: number;
  /** Hash of its content, not of its position. */
  readonly hash: string;
}

/** The entries of a suppression file (valgrind's manual, 2.5). Names and comments of entries are ignored. Pure. */
export function suppressionsIn(text: string, file: string): readonly Relaxation[] {
  const found: Relaxation[] = [];
  let start: number | undefined;
  let body: string[] = [];
  for (const [index, raw] of text.split("\n").entries()) {
    const line = raw.trim();
    if (line === "{") [start, body] = [index + 1, []];
    else if (line === "}" && start !== undefined) {
      const [title = "", ...rest] = body;
      found.push({ kind: "suppression", title, file, line: start, hash: hashOf(rest) });
      start = undefined;
    } else if (line !== "" && !line.startsWith("#")) body.push(line);
  }
  return found;
}

/**
 * The entries of one kind in `.memcheck.toml`, with their lines.
 * @param entries in the order of the file.
 */
export function entriesIn(
  text: string,
  file: string,
  kind: "accept" | "skip",
  entries: readonly { readonly title: string; readonly says: unknown }[],
): readonly Relaxation[] {
  const header = new RegExp(`^[ \\t]*\\[\\[[ \\t]*${kind}[ \\t]*\\]\\]`);
  const lines = text.split("\n").flatMap((line, index) => (header.test(line) ? [index + 1] : []));
  // An inline array has no headers.
  return entries.map(({ title, says }, index) => ({ kind, title, file, line: lines[index] ?? 1, hash: hashOf([kind, says]) }));
}

/** Relaxations that did not exist when the baseline was recorded. */
export function addedRelaxations(now: readonly Relaxation[], recorded: readonly string[]): readonly Relaxation[] {
  const known = new Set(recorded);
  return now.filter(({ hash }) => !known.has(hash));
}

function hashOf(says: unknown): string {
  return createHash("sha256").update(JSON.stringify(says)).digest("hex").slice(0, 16);
}
