// Changes of CPython for evaluations: cases, and the commits in tables.
import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseCase } from "../cases/case.ts";
import { namesIn, parseTable, type TableRow } from "./table.ts";

export interface Change {
  readonly name: string;
  readonly patch: string;
  readonly isReversed: boolean;
  /** Test files, at least one of which shows the bug; empty for a harmless change. */
  readonly tests: readonly string[];
  /** The note in the table. */
  readonly note: string;
}

/** The patches in a folder like that of `npm run eval:cases`. */
export function casesOf(folder: string | undefined): readonly Change[] {
  if (folder === undefined) return [];
  const files = readdirSync(folder).filter((name) => name.endsWith(".patch"));
  return files.sort().map((file) => {
    const patch = readFileSync(join(folder, file), "utf8");
    const { name, group, test } = parseCase(patch);
    return { name, patch, isReversed: false, tests: group === "benign" ? [] : [test], note: "" };
  });
}

/** Fixes that can be reverted in 3.13.15. @param visible whether a test fails without them: `yes` or `no`. */
export function fixesOf(table: string | undefined, visible: "yes" | "no", history: string | undefined): readonly Change[] {
  return rowsOf(table).flatMap((row) => {
    const commit = row["backport_3.13"] || row.sha;
    const isUsable = row.visible === visible && /^(clean|C1)$/.test(row["reverts_on_3.13.15"] ?? "") && commit !== undefined;
    // `test_io.test_memoryio` was a separate test file in older sources.
    const names = namesIn(row.test_file).flatMap((name) => [name, name.replace(/^.*\./, "")]);
    if (!isUsable || (visible === "yes" && names.length === 0)) return [];
    const note = [row.kind, row.note].filter(Boolean).join(", ");
    return [{ name: `${row.gh} ${commit.slice(0, 10)}`, patch: patchOf(commit, history), isReversed: true, tests: names, note }];
  });
}

/** Commits that change no behavior. They are reverted, since the source is newer. */
export function harmlessOf(table: string | undefined, history: string | undefined): readonly Change[] {
  return rowsOf(table).flatMap(({ sha, kind }) =>
    sha === undefined
      ? []
      : [{ name: `${kind} ${sha.slice(0, 10)}`, patch: patchOf(sha, history), isReversed: true, tests: [], note: kind ?? "" }],
  );
}

function rowsOf(table: string | undefined): readonly TableRow[] {
  return table === undefined ? [] : parseTable(readFileSync(table, "utf8"), table);
}

/** What a commit changes outside of the tests; empty if the repository lacks the commit. */
function patchOf(commit: string, history = ".git"): string {
  const args = ["--git-dir", resolve(history), "diff", `${commit}~1`, commit, "--", ".", ":!Lib/test", ":!Misc", ":!Doc"];
  const { status, stdout } = spawnSync("git", args, { encoding: "utf8", maxBuffer: 1e8 });
  return status === 0 ? stdout : "";
}

/** Applies a change to a checkout. @returns why it does not apply, or undefined */
export function applyChange({ patch, isReversed }: Change, source: string): string | undefined {
  const args = ["apply", ...(isReversed ? ["-R"] : []), "-C1", "-"];
  const { status, stderr } = spawnSync("git", args, { cwd: source, input: patch, encoding: "utf8" });
  return patch !== "" && status === 0 ? undefined : `does not apply: ${stderr.split("\n")[0]}`;
}

export function resetCheckout(source: string): void {
  execFileSync("git", ["reset", "-q", "--hard"], { cwd: source });
  execFileSync("git", ["clean", "-qfd"], { cwd: source });
}
