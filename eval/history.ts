// Evaluates the check on CPython's history. Each row of a table is a commit. The shipped terminal command checks the tree before the commit, which
// records a baseline, and then the commit, as a contributor would before a push: warm build, affected tests, scan, memcheck. For a fix, the base is the
// fix's own tree, and the change is a revert of its C part. If the tests of its time do not show a bug, both trees are checked again with the test of
// its fix.
//   npm run eval:history -- --repository DIR [--introduced FILE] [--fixes FILE] [--harmless FILE]… [--torture] [--others 24|all] [--only PART,…]
//                           [--again PART,…] [--minutes N] [--state DIR] [--rows FILE] [--json FILE]
// DIR is any clone of CPython, bare or not; it is only read. Each table is tab-separated, with a header line (columns: eval/history/rows.ts).
//
// A scan of all 490 test files takes nine minutes for each base, so a row checks fewer: the row's test files, the quick set that memcheck runs by
// default, and 24 of the others (`--others`), spread evenly. A `.memcheck.toml` skips the rest. The affected test files are chosen from this selection
// as usual, and memcheck has its usual minute, so a user's check would have found the same bugs. Only the durations of changes that reach very many test
// files are too short; the column of test files shows which. `--others all` skips nothing. `--torture` adds `torture: changed`, and the fixes that no
// test reaches.
//
// Finished rows, baselines and reports are kept in the state folder (`--rows` names another file for the rows): after a stop (Ctrl-C, `--minutes`),
// the same command resumes. `--again` repeats finished rows that another version of the command has checked. Prints Markdown tables. Exit code 1 if a
// bug that a test reaches is missed, or a harmless commit does not pass.
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { endWithSignals, INVOKED_IN, WORK_DIR } from "../bench/rig.ts";
import { describeFailure, UserError } from "../src/model/user-error.ts";
import { secondsInWords } from "../src/report/format.ts";
import { checkRow, TOOL } from "./history/check-row.ts";
import { Checkout } from "./history/checkout.ts";
import { chosenRows, type HistoryRow, inOrder, type Position, parseRows, type TableName } from "./history/rows.ts";
import { type Finished, isDone, parseState, secondsLeft, stateLine } from "./history/state.ts";
import { historyTable, isGood, summarize, summaryTable } from "./history/summary.ts";

const { values } = parseArgs({
  options: {
    repository: { type: "string" },
    introduced: { type: "string" },
    fixes: { type: "string" },
    harmless: { type: "string", multiple: true },
    torture: { type: "boolean", default: false },
    others: { type: "string", default: "24" },
    only: { type: "string" },
    again: { type: "string" },
    minutes: { type: "string" },
    state: { type: "string" },
    rows: { type: "string" },
    json: { type: "string" },
  },
});

const state = values.state === undefined ? join(WORK_DIR, "history") : resolve(INVOKED_IN, values.state);
// Results with another selection, or with torture, are not comparable.
const rowsFile =
  values.rows === undefined
    ? join(state, `rows-${values.others}${values.torture ? "-torture" : ""}.jsonl`)
    : resolve(INVOKED_IN, values.rows);
const began = performance.now();

async function main(): Promise<boolean> {
  if (values.repository === undefined) throw new UserError("--repository DIR is missing: a clone of CPython with its history.");
  const others = othersOf(values.others);
  const mayGoOn = untilMinutes(values.minutes);
  const tables = [
    tableRows("introduced", values.introduced),
    tableRows("fixes", values.fixes),
    ...(values.harmless ?? []).map((file) => tableRows("harmless", file)),
  ];
  const chosen = chosenRows(tables.flat(), values.only?.split(","));
  if (chosen.length === 0)
    throw new UserError(
      "There are no rows to check: give --introduced, --fixes or --harmless, and an --only that matches some of their rows.",
    );
  mkdirSync(state, { recursive: true });
  endWithSignals();
  const checkout = await Checkout.open(join(state, "checkout"), resolve(INVOKED_IN, values.repository));
  const rows = inOrder(chosen, await positionsOf(chosen, checkout));
  await checkAll(rows, { others, mayGoOn, checkout });
  return show(rows, finishedRows());
}

function tableRows(table: TableName, file: string | undefined): readonly HistoryRow[] {
  return file === undefined ? [] : parseRows(table, readFileSync(resolve(INVOKED_IN, file), "utf8"), file);
}

function othersOf(text: string): number | "all" {
  if (text !== "all" && !/^\d{1,4}$/.test(text))
    throw new UserError(`--others is \`${text}\`; allowed: a number of test files, or \`all\`.`);
  return text === "all" ? text : Number(text);
}

function untilMinutes(text: string | undefined): () => boolean {
  const minutes = text === undefined ? Number.POSITIVE_INFINITY : Number(text);
  if (!(minutes > 0)) throw new UserError(`--minutes is \`${text}\`; allowed: a positive number.`);
  return () => performance.now() - began < minutes * 60_000;
}

/** Commits that the repository lacks come first; their check then reports them as missing. */
async function positionsOf(rows: readonly HistoryRow[], checkout: Checkout): Promise<(row: HistoryRow) => Position> {
  const nowhere: Position = { version: "", time: 0 };
  const known = new Map<string, Position>();
  for (const { sha } of rows) {
    const position = await checkout.positionOf(sha).catch((error: unknown) => {
      if (error instanceof UserError) return nowhere;
      throw error;
    });
    known.set(sha, position);
  }
  return ({ sha }) => known.get(sha) ?? nowhere;
}

function finishedRows(): ReadonlyMap<string, Finished> {
  return parseState(existsSync(rowsFile) ? readFileSync(rowsFile, "utf8") : "");
}

interface Run {
  readonly others: number | "all";
  readonly mayGoOn: () => boolean;
  readonly checkout: Checkout;
}

async function checkAll(rows: readonly HistoryRow[], run: Run): Promise<void> {
  const before = finishedRows();
  const again = values.again === undefined ? [] : chosenRows(rows, values.again.split(","));
  const isOpen = (row: HistoryRow): boolean => !isDone(before.get(row.key)) || (again.includes(row) && before.get(row.key)?.tool !== TOOL);
  const open = rows.filter(isOpen);
  for (const [index, row] of open.entries()) {
    if (!run.mayGoOn()) break;
    const progress = (what: string): void =>
      console.error(`${titleOf(row, rows.length - open.length + index + 1, rows.length)}: ${what}${timeLeft(open.length - index)}`);
    const finished = await checkRow(row, { ...run, state, workDir: WORK_DIR, torture: values.torture, progress });
    if (finished === undefined) break;
    appendFileSync(rowsFile, stateLine(finished));
    progress(finished.outcome.code);
  }
}

function titleOf({ table, sha, kind }: HistoryRow, number: number, of: number): string {
  return `[${number}/${of}] ${table} ${sha.slice(0, 10)} ${kind}`;
}

function timeLeft(rowsLeft: number): string {
  const seconds = secondsLeft(finishedRows().values(), rowsLeft);
  return seconds === undefined ? "" : `, about ${secondsInWords(seconds)} left`;
}

function show(rows: readonly HistoryRow[], finished: ReadonlyMap<string, Finished>): boolean {
  const own = rows.flatMap(({ key }) => finished.get(key) ?? []);
  console.log(`${historyTable(own)}\n\n${summaryTable(own)}`);
  if (own.length < rows.length)
    console.log(`\n${rows.length - own.length} of ${rows.length} rows are not checked yet. Run the same command to continue.`);
  if (values.json !== undefined)
    writeFileSync(
      resolve(INVOKED_IN, values.json),
      `${JSON.stringify({ rows: own, summary: summarize(own), open: rows.length - own.length }, undefined, 2)}\n`,
    );
  return isGood(own);
}

try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (error) {
  console.error(describeFailure(error));
  process.exitCode = 2;
}
