// What the check would have said, commit by commit: CPython's own history has the mistakes that it is for. Each row of a table is a commit. The tree
// before it is checked, which records a baseline, and then the commit, by the shipped terminal command, as a contributor would check it before a push:
// warm build, affected tests, scan, memcheck. Of a fix the C part is taken back on its own tree. A bug that the tests of its time do not show is looked
// for once more, with the test of its fix in both trees.
//   npm run eval:history -- --repository DIR [--introduced FILE] [--fixes FILE] [--harmless FILE]… [--torture] [--others 24|all] [--only PART,…]
//                           [--again PART,…] [--minutes N] [--state DIR] [--json FILE]
// DIR is any clone of CPython, also a bare one; it is only read. Each table is tab-separated, with a head (eval/history/rows.ts has the columns).
//
// A scan of all 490 test files takes nine minutes for each base, so a row's checks have a smaller selection: the row's test files, the quick set that
// memcheck runs by default, and 24 of all others (`--others`), spread evenly. They are all that a project would check whose `.memcheck.toml` skips the
// rest. What the change can reach is chosen from these by the same record as ever; memcheck has its minute. So what is found was found by a user's
// check, and only the time of changes that reach very many test files is too short: the column of test files shows which. `--others all` skips nothing.
// `--torture` adds `torture: changed`, and the fixes that no test reaches.
//
// Finished rows, baselines and reports are kept in the state folder, so a run that was stopped (Ctrl-C, `--minutes`) goes on with the same command.
// `--again` checks finished rows once more that another version of the command has checked. Prints Markdown tables. Exit code 1 if a bug that a test reaches is missed or a harmless commit is accused.
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
    json: { type: "string" },
  },
});

const state = values.state === undefined ? join(WORK_DIR, "history") : resolve(INVOKED_IN, values.state);
// Results of other selections, and of torture, say other things.
const rowsFile = join(state, `rows-${values.others}${values.torture ? "-torture" : ""}.jsonl`);
const began = performance.now();

async function main(): Promise<boolean> {
  if (values.repository === undefined) throw new UserError("Which CPython? --repository DIR, a clone with its history.");
  const others = othersOf(values.others);
  const mayGoOn = untilMinutes(values.minutes);
  const tables = [
    tableRows("introduced", values.introduced),
    tableRows("fixes", values.fixes),
    ...(values.harmless ?? []).map((file) => tableRows("harmless", file)),
  ];
  const chosen = chosenRows(tables.flat(), values.only?.split(","));
  if (chosen.length === 0) throw new UserError("No rows: give --introduced, --fixes or --harmless; --only may name none of their rows.");
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
  if (text !== "all" && !/^\d{1,4}$/.test(text)) throw new UserError(`--others ${text}: allowed are a number of test files and \`all\`.`);
  return text === "all" ? text : Number(text);
}

function untilMinutes(text: string | undefined): () => boolean {
  const minutes = text === undefined ? Number.POSITIVE_INFINITY : Number(text);
  if (!(minutes > 0)) throw new UserError(`--minutes ${text}: it must be a positive number.`);
  return () => performance.now() - began < minutes * 60_000;
}

/** A commit that the repository lacks comes first, and is told as such when its turn comes. */
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
    console.log(`\n${rows.length - own.length} of ${rows.length} rows are not checked yet: the same command goes on.`);
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
