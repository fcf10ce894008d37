import assert from "node:assert/strict";
import { test } from "node:test";
import { namesIn, parseTable } from "../../../eval/changes/table.ts";
import { chosenRows, inOrder, parseRows } from "../../../eval/history/rows.ts";
import { UserError } from "../../../src/model/user-error.ts";

const A = "a".repeat(40);
const B = "b".repeat(40);

const table = (head: string, ...lines: readonly string[]): string => `${[head, ...lines].join("\n")}\n`;

test("a commit that introduced a bug is compared with its parent", () => {
  const text = table("intro_sha\tintro_parent\tfix_sha\tdays\tkind\ttest_files", `${A}\t${B}\t${B}\t182\trefleak\ttest_bytes test_format`);
  assert.deepEqual(parseRows("introduced", text, "introduced.tsv"), [
    {
      key: `introduced ${A}`,
      table: "introduced",
      sha: A,
      base: B,
      fix: B,
      kind: "refleak",
      tests: ["test_bytes", "test_format"],
      note: "fixed after 182 days",
      isReached: true,
      files: [],
    },
  ]);
});

test("a commit whose parent is not in the table is compared with its first parent", () => {
  const [row] = parseRows("harmless", table("sha\tkind\ttest_files", `${A}\tperf\ttest_str`), "harmless.tsv");
  assert.equal(row?.base, `${A}~1`);
});

test("the base of a fix is the fix itself, and the table says whether a test reaches it", () => {
  const head = "sha\tgh\tkind\tc_files\ttest_file\tnote\tvisible";
  const text = table(
    head,
    `${A}\tgh-1\tuaf\tModules/_io/textio.c\ttest_io.test_textio\t\tyes`,
    `${A}\tgh-2\tleak\tPython/gc.c\t\terror path\tno`,
    `${A}\tgh-3\tleak\tPython/gc.c\ttest_gc\tby chance\tmaybe`,
    `${A}\tgh-4\tleak\tPython/gc.c\t\t\tmaybe`,
  );
  const rows = parseRows("fixes", text, "fixes.tsv");
  assert.deepEqual(
    rows.map(({ base, isReached }) => [base, isReached]),
    [
      [A, true],
      [A, false],
      [A, true],
      [A, false],
    ],
  );
  assert.equal(rows[1]?.note, "gh-2: error path");
  assert.deepEqual(rows[0]?.files, ["Modules/_io/textio.c"]);
});

test("a table without a needed column is refused", () => {
  assert.throws(() => parseRows("fixes", table("sha\tkind\ttest_file", `${A}\tuaf\ttest_io`), "fixes.tsv"), {
    name: "UserError",
    message: /`visible`/,
  });
});

test("a row whose commit is not a hash is refused", () => {
  assert.throws(() => parseRows("harmless", table("sha\tkind\ttest_files", "main\tperf\ttest_str"), "harmless.tsv"), UserError);
});

test("a table may have Windows line ends, empty lines and empty cells at the end", () => {
  assert.deepEqual(parseTable("a\tb\r\n1\t\r\n\r\n2\tx\r\n", "t"), [
    { a: "1", b: "" },
    { a: "2", b: "x" },
  ]);
});

test("names in a cell are separated by commas or spaces", () => {
  assert.deepEqual(namesIn("test_a, test_b test_c"), ["test_a", "test_b", "test_c"]);
  assert.deepEqual(namesIn(undefined), []);
});

test("commits are checked version by version, the oldest first", () => {
  const head = "sha\tkind\ttest_files";
  const shas = ["1", "2", "3", "4"].map((digit) => digit.repeat(40));
  const rows = parseRows("harmless", table(head, ...shas.map((sha) => `${sha}\tperf\ttest_str`)), "harmless.tsv");
  const positions = new Map([
    [shas[0], { version: "3.15", time: 300 }],
    [shas[1], { version: "3.13", time: 400 }],
    [shas[2], { version: "3.15", time: 200 }],
    [shas[3], { version: "3.9", time: 900 }],
  ]);
  const ordered = inOrder(rows, ({ sha }) => positions.get(sha) ?? { version: "", time: 0 });
  assert.deepEqual(
    ordered.map(({ sha }) => sha[0]),
    ["4", "2", "3", "1"],
  );
});

test("rows are chosen by parts of their commit, kind or note", () => {
  const rows = parseRows("harmless", table("sha\tkind\ttest_files", `${A}\tperf\ttest_str`, `${B}\tdocs\ttest_str`), "harmless.tsv");
  assert.equal(chosenRows(rows, undefined).length, 2);
  assert.deepEqual(
    chosenRows(rows, ["docs", "nothing"]).map(({ sha }) => sha),
    [B],
  );
  assert.deepEqual(chosenRows(rows, ["aaaa"]), [rows[0]]);
});
