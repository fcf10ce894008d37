// Reads the tables of `npm run eval:history`, and orders their rows. Pure.
import { UserError } from "../../src/model/user-error.ts";
import { namesIn, parseTable, type TableRow } from "../changes/table.ts";

/** `introduced`: commits that introduced a bug. `fixes`: fixes, which are reverted. `harmless`: commits in which nothing may be found. */
export type TableName = "introduced" | "fixes" | "harmless";

/** One commit to check. */
export interface HistoryRow {
  /** Identifies a row: `fixes daebcac92d42…`. */
  readonly key: string;
  readonly table: TableName;
  /** 40 hexadecimal digits. */
  readonly sha: string;
  /** Git revision that the baseline is recorded on. For a fix, the fix itself, because the change is its revert. */
  readonly base: string;
  /** The commit that fixed an introduced bug, whose tests show the bug; null if unknown. */
  readonly fix: string | null;
  /** The table's word: `leak`, `uaf`, `feature`. */
  readonly kind: string;
  /** Test files that show the bug, or run the changed code. The tree may have them under older names. */
  readonly tests: readonly string[];
  readonly note: string;
  /** Whether a test reaches the bug; if not, only torture can find it. */
  readonly isReached: boolean;
  /** The C files in the table. */
  readonly files: readonly string[];
}

/** Version and time of a commit, by which rows are ordered. */
export interface Position {
  /** Of the tree: `3.15`. */
  readonly version: string;
  /** Seconds since 1970. */
  readonly time: number;
}

const COLUMNS: Readonly<Record<TableName, readonly string[]>> = {
  introduced: ["intro_sha", "kind", "test_files"],
  fixes: ["sha", "kind", "test_file", "visible"],
  harmless: ["sha", "kind", "test_files"],
};

/** @param name of the file, for errors @throws UserError if a column is missing, or a commit is not a hash */
export function parseRows(table: TableName, text: string, name: string): readonly HistoryRow[] {
  return parseTable(text, name, COLUMNS[table]).map((row) => READERS[table](row, name));
}

const READERS: Readonly<Record<TableName, (row: TableRow, name: string) => HistoryRow>> = {
  introduced: (row, name) => {
    const { intro_sha, intro_parent, fix_sha, days } = row;
    const note = days ? `fixed after ${days} days` : "";
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
  if (!isCommit(sha)) throw new UserError(`${name}: \`${sha}\` is not a commit hash.`, { hint: "Hashes have 40 hexadecimal digits." });
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

/** Orders rows by version, then by time, so that each build has little to compile after the one before. */
export function inOrder(rows: readonly HistoryRow[], positionOf: (row: HistoryRow) => Position): readonly HistoryRow[] {
  const placed = rows.map((row) => ({ row, ...positionOf(row) }));
  return placed.toSorted((a, b) => minorOf(a.version) - minorOf(b.version) || a.time - b.time).map(({ row }) => row);
}

function minorOf(version: string): number {
  return Number(version.split(".")[1] ?? 0);
}

/** Keeps the rows whose commit, kind or note contains one of the parts; all rows if `parts` is undefined. */
export function chosenRows(rows: readonly HistoryRow[], parts: readonly string[] | undefined): readonly HistoryRow[] {
  return parts === undefined ? rows : rows.filter((row) => parts.some((part) => `${row.key} ${row.kind} ${row.note}`.includes(part)));
}
