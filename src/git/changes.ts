/** A checkout's changes since a commit, from git. Paths are relative to the project. */
export interface Changes {
  /** New paths by old ones. */
  readonly moves: ReadonlyMap<string, string>;
  /** By file: new or changed lines, counted from 1, as inclusive ranges; if lines were only deleted, the line before them. */
  readonly lines: ReadonlyMap<string, readonly (readonly [from: number, to: number])[]>;
}

export const NO_CHANGES: Changes = { moves: new Map(), lines: new Map() };

/**
 * Reads `git diff --no-color --no-ext-diff --src-prefix=a/ --dst-prefix=b/ -M -U0`. Pure; skips unknown lines. Git ends lines with `\n` only: `^` in a
 * pattern would also match within a line, after a carriage return or U+2028.
 */
export function parseDiff(diff: string): Changes {
  const files = filesIn(diff.split("\n")).map(parseFile);
  return {
    moves: new Map(files.flatMap(({ from, to }) => (from === undefined || to === undefined ? [] : [[from, to]]))),
    lines: new Map(files.flatMap(({ path, ranges }) => (path === undefined || ranges.length === 0 ? [] : [[path, ranges]]))),
  };
}

/** The lines of each file's diff. Content lines begin with a sign, so none of them begins a file. */
function filesIn(lines: readonly string[]): readonly (readonly string[])[] {
  const starts = lines.flatMap((line, index) => (index === 0 || line.startsWith("diff --git ") ? [index] : []));
  return starts.map((start, index) => lines.slice(start, starts[index + 1]));
}

/** Reads one file's diff. Content lines begin with a sign, header lines do not. */
function parseFile(lines: readonly string[]) {
  const first = lines.findIndex((line) => line.startsWith("@@ "));
  const head = first < 0 ? lines : lines.slice(0, first);
  const field = (name: string): string | undefined => head.find((line) => line.startsWith(name))?.slice(name.length);
  // Git marks the end of a name with blanks by a tab.
  const path = unquote(field("+++ ")?.replace(/\t$/, ""));
  return {
    from: unquote(field("rename from ")),
    to: unquote(field("rename to ")),
    path: path?.startsWith("b/") ? path.slice("b/".length) : undefined,
    ranges: lines.flatMap(rangeOf),
  };
}

const ESCAPED: Readonly<Record<string, string>> = { a: "\x07", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };

/** Git quotes a name with a quote, a backslash or a control character as C does: `"a\tb\\c\001"`. */
function unquote(name: string | undefined): string | undefined {
  const inner = /^"(.*)"$/s.exec(name ?? "")?.[1];
  if (inner === undefined) return name;
  return inner.replace(/\\([0-7]{3}|.)/g, (_, code: string) =>
    code.length === 3 ? String.fromCharCode(Number.parseInt(code, 8)) : (ESCAPED[code] ?? code),
  );
}

/** ` -12,3 +14,2 ` is lines 14 to 15. */
function rangeOf(line: string): (readonly [number, number])[] {
  const [, start, count = "1"] = /^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@/.exec(line) ?? [];
  return start === undefined ? [] : [[Number(start), Number(start) + Math.max(0, Number(count) - 1)]];
}
