/** What a checkout changed since a commit, as git tells it. Paths are relative to the project. */
export interface Changes {
  /** New paths by old ones. */
  readonly moves: ReadonlyMap<string, string>;
  /** By file: the lines that are new or others now, from 1, as ranges that include both ends; where lines only went away, the line before. */
  readonly lines: ReadonlyMap<string, readonly (readonly [from: number, to: number])[]>;
}

export const NO_CHANGES: Changes = { moves: new Map(), lines: new Map() };

/** Reads `git diff --no-color --no-ext-diff --src-prefix=a/ --dst-prefix=b/ -M -U0`. Pure; skips what it does not know. */
export function parseDiff(diff: string): Changes {
  const files = diff.split(/^diff --git .*\n/m).map(parseFile);
  return {
    moves: new Map(files.flatMap(({ from, to }) => (from === undefined || to === undefined ? [] : [[from, to]]))),
    lines: new Map(files.flatMap(({ path, ranges }) => (path === undefined || ranges.length === 0 ? [] : [[path, ranges]]))),
  };
}

/** Of one file. Lines of its content begin with a sign, those of the head do not. */
function parseFile(text: string) {
  const [head = ""] = text.split(/^@@ /m, 1);
  const field = (pattern: RegExp): string | undefined => pattern.exec(head)?.[1];
  return {
    from: field(/^rename from (.*)$/m),
    to: field(/^rename to (.*)$/m),
    path: field(/^\+\+\+ b\/(.*?)\t?$/m),
    ranges: text.split("\n").flatMap(rangeOf),
  };
}

/** `@@ -12,3 +14,2 @@` is 14 to 15. */
function rangeOf(line: string): (readonly [number, number])[] {
  const [, start, count = "1"] = /^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@/.exec(line) ?? [];
  return start === undefined ? [] : [[Number(start), Number(start) + Math.max(0, Number(count) - 1)]];
}
