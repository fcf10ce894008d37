// The rows of the tables that `npm run eval:history` gets, and the order in which they are checked. Pure.
import { UserError } from "../../src/model/user-error.ts";
import { namesIn, parseTable, type TableRow } from "../changes/table.ts";

/** `introduced`: commits that brought a bug. `fixes`: commits that mended one, and are taken back. `harmless`: nothing may be found. */
export type TableName = "introduced" | "fixes" | "harmless";

/** One commit that is checked. */
export interface HistoryRow {
  /** `fixes daebcac92d42…`: what a finished row is known by. */
  readonly key: string;
  readonly table: TableName;
  /** 40 hexadecimal digits. */
  readonly sha: string;
  /** The commit that the baseline is recorded on, as git knows it. Of a fix its own: it is taken back on its own tree. */
  readonly base: string;
  /** Of an introduced bug, the commit that mended it; its tests show the bug. Null where it is unknown. */
  readonly fix: string | null;
  /** The table's own word: `leak`, `uaf`, `feature`. */
  readonly kind: string;
  /** Test files that show the bug, or run what changed. The tree may know them by older names. */
  readonly tests: readonly string[];
  /** What the table says of it. */
  readonly note: string;
  /** Whether a test reaches the bug. If not, only torture can show it. */
  readonly isReached: boolean;
  /** The C files that the table names. */
  readonly files: readonly string[];
}

/** Where a commit stands in the history. */
export interface Position {
  /** `3.15`, of the tree. */
  readonly version: string;
  /** Seconds since 1970. */
  readonly time: number;
}

const COLUMNS: Readonly<Record<TableName, readonly string[]>> = {
  introduced: ["intro_sha", "kind", "test_files"],
  fixes: ["sha", "kind", "test_file", "visible"],
  harmless: ["sha", "kind", "test_files"],
};

/** @param name of the file, for errors. @throws UserError where a column is missing or a commit is no hash. */
export function parseRows(table: TableName, text: string, name: string): readonly HistoryRow[] {
  return parseTable(text, name, COLUMNS[table]).map((row) => READERS[table](row, name));
}

const READERS: Readonly<Record<TableName, (row: TableRow, name: string) => HistoryRow>> = {
  introduced: (row, name) => {
    const { intro_sha, intro_parent, fix_sha, days } = row;
    const note = days ? `mended after ${days} days` : "";
    return { ...plainRow("introduced", intro_sha, intro_parent, row, name), note, fix: isCommit(fix_sha) ? fix_sha : null };
  },
  fixes: (row, name) => {
    const { sha, gh, note, visible, test_file, c_files } = row;
    const plain = plainRow("fixes", sha, sha, row, name);
    const tests = namesIn(test_file);
    const isReached = visible === "yes" || (visible === "maybe" && tests.length > 0);
    return { ...plain, tests, files: namesIn(c_files), note: [gh, note].filter(Boolean).join(": "), isReached };
  },
  harmless: (row, name) => plainRow("harmless", row.sha, row.parent, row, name),
};

function plainRow(table: TableName, sha: string | undefined, base: string | undefined, row: TableRow, name: string): HistoryRow {
  if (!isCommit(sha)) throw new UserError(`${name}: \`${sha}\` is no commit.`, { hint: "Commits have 40 hexadecimal digits." });
  return {
    key: `${table} ${sha}`,
    table,
    sha,
    base: isCommit(base) ? base : `${sha}~1`,
    fix: null,
    kind: row.kind ?? "",
    tests: namesIn(row.test_files),
    note: "",
    isReached: true,
    files: namesIn(row.files),
  };
}

function isCommit(text: string | undefined): text is string {
  return /^[0-9a-f]{40}$/.test(text ?? "");
}

/** Versions one after another, the oldest commit first: then each build has the least to compile after the one before. */
export function inOrder(rows: readonly HistoryRow[], positionOf: (row: HistoryRow) => Position): readonly HistoryRow[] {
  const placed = rows.map((row) => ({ row, ...positionOf(row) }));
  return placed.toSorted((a, b) => minorOf(a.version) - minorOf(b.version) || a.time - b.time).map(({ row }) => row);
}

function minorOf(version: string): number {
  return Number(version.split(".")[1] ?? 0);
}

/** Keeps the rows of which a part of the name is given; all where none is. */
export function chosenRows(rows: readonly HistoryRow[], parts: readonly string[] | undefined): readonly HistoryRow[] {
  return parts === undefined ? rows : rows.filter((row) => parts.some((part) => `${row.key} ${row.kind} ${row.note}`.includes(part)));
}
