// Checks one row with the shipped command: first the base, which records a baseline, then the change, as a contributor would before a push.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { newProcesses, readReport } from "../../bench/rig.ts";
import { describeFailure, UserError } from "../../src/model/user-error.ts";
import type { Report } from "../../src/report/report.ts";
import type { Checkout } from "./checkout.ts";
import { notReached, type Outcome, outcomeOf } from "./outcome.ts";
import type { HistoryRow } from "./rows.ts";
import { guessTests, resolveTest, selectionOf, skipsFor } from "./selection.ts";
import type { Finished } from "./state.ts";

const COMMAND = join(import.meta.dirname, "..", "..", "dist", "cli.js");

/** Hash of the shipped command: results of another version of it are not reused. */
export const TOOL = createHash("sha256").update(readFileSync(COMMAND)).digest("hex").slice(0, 10);

export interface RowOptions {
  readonly checkout: Checkout;
  /** Folder for the baselines, reports and logs of all rows. */
  readonly state: string;
  readonly workDir: string;
  readonly others: number | "all";
  readonly torture: boolean;
  readonly progress: (what: string) => void;
  /** Whether there is time to start another check. */
  readonly mayGoOn: () => boolean;
}

/** The tree before the change, and the tree with it. */
type CheckName = "base" | "change";

interface Checked {
  readonly report: Report;
  readonly seconds: number;
}

/** The part of a finished row that its checks determine. */
type Result = Omit<Finished, "key" | "table" | "sha" | "kind" | "note" | "tool">;

/** @returns undefined if the time ran out before the last check; finished checks are kept for the next run */
export async function checkRow(row: HistoryRow, options: RowOptions): Promise<Finished | undefined> {
  const { key, table, sha, kind, note } = row;
  const result = await resultOf(row, options);
  return result && { key, table, sha, kind, note, ...result, tool: TOOL };
}

/** Often the test that shows a bug was only added with its fix. If a bug is missed, base and commit are checked again with that test. */
async function resultOf(row: HistoryRow, options: RowOptions): Promise<Result | undefined> {
  if (!row.isReached && !options.torture) return without(notReached("needs-torture", row.note));
  const plain = await compare(row, null, options);
  if (plain?.outcome.code !== "missed" || row.fix === null) return plain;
  const later = await compare(row, row.fix, options);
  return later === undefined || later.outcome.code === "found" ? later : plain;
}

/** @param testsOf commit whose tests are added to both trees, or null */
async function compare(row: HistoryRow, testsOf: string | null, options: RowOptions): Promise<Result | undefined> {
  const { checkout, others, state } = options;
  const noBase = await obstacleTo(() => goTo(row.base, testsOf, checkout));
  if (noBase !== undefined) return without(noBase);
  const known = checkout.testNames();
  const named = row.tests.flatMap((name) => resolveTest(name, known) ?? []);
  const likely = named.length > 0 ? named : guessTests(row.files, known);
  // Torture chooses from all test files that run the changed functions.
  const tests = likely.length > 0 || row.isReached ? likely : selectionOf([], known, others);
  if (tests.length === 0) return without(notReached("no-test", row.tests.join(" ")));
  checkout.writeSkips(skipsFor(selectionOf(tests, known, others), known));
  const mode = [TOOL, `${others}`, ...(options.torture ? ["torture"] : []), ...(testsOf === null ? [] : ["later-tests"])];
  const folder = join(state, "rows", [row.table, row.sha.slice(0, 12), ...mode].join("-"));
  mkdirSync(folder, { recursive: true });
  const base = await checkOnce("base", folder, ["--record-baseline", "always"], options);
  const failed = base && failureToBuild(base);
  if (base === undefined || failed !== undefined) return failed === undefined ? undefined : without(notReached("not-built", failed));
  const noChange = await obstacleTo(() => makeChange(row, testsOf, checkout));
  if (noChange !== undefined) return without(noChange);
  const torture = options.torture ? ["--torture", "changed"] : [];
  const change = await checkOnce("change", folder, ["--record-baseline", "never", ...torture], options);
  return change && { ...resultOfChecks(row, tests, base, change), testsOf };
}

function without(outcome: Outcome): Result {
  return { outcome, baseSeconds: null, seconds: null, buildSeconds: null, chosen: null, testsOf: null };
}

/** @returns the outcome if git cannot do it, or if `act` returns one */
async function obstacleTo(act: () => Promise<Outcome | undefined>): Promise<Outcome | undefined> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return notReached("no-commit", describeFailure(error).split("\n").slice(0, 2).join(" ").slice(0, 300));
  }
}

async function goTo(commit: string, testsOf: string | null, checkout: Checkout): Promise<Outcome | undefined> {
  await checkout.goTo(commit);
  const hasTests = testsOf === null || (await checkout.addTests(testsOf));
  return hasTests ? undefined : notReached("no-test", "the fix has none");
}

/** Turns the base tree into the tree with the change. */
async function makeChange({ table, sha }: HistoryRow, testsOf: string | null, checkout: Checkout): Promise<Outcome | undefined> {
  if (table !== "fixes") return await goTo(sha, testsOf, checkout);
  return (await checkout.revertFix()) ? undefined : notReached("no-c-change", "");
}

function resultOfChecks(
  { table }: HistoryRow,
  tests: readonly string[],
  base: Checked,
  { report, seconds }: Checked,
): Omit<Result, "testsOf"> {
  const failed = failureToBuild({ report });
  const outcome = outcomeOf({ isHarmless: table === "harmless", tests, base: base.report, change: report });
  return {
    outcome: failed === undefined ? outcome : notReached("not-built", failed),
    baseSeconds: base.seconds,
    seconds,
    buildSeconds: report.build?.seconds ?? null,
    chosen: chosenIn(report),
  };
}

/** The first line of the problem, if the check could not build an interpreter. */
function failureToBuild({ report }: Pick<Checked, "report">): string | undefined {
  return report.build === null ? (report.problems[0]?.message.split("\n")[0] ?? "no build") : undefined;
}

function chosenIn({ notes }: Report): Finished["chosen"] {
  for (const note of notes) {
    if (note.code === "tests-chosen") return { tests: note.chosen, of: note.of };
    if (note.code === "all-tests-affected") return { tests: note.of, of: note.of };
  }
  return null;
}

const BASELINE = "baseline.json.gz";

/** Reuses the report of a check that an earlier run finished. @returns undefined if the time has run out */
async function checkOnce(name: CheckName, folder: string, flags: readonly string[], options: RowOptions): Promise<Checked | undefined> {
  const mark = join(folder, `${name}.seconds`);
  if (existsSync(mark)) return { report: readReport(join(folder, `${name}.json`)), seconds: Number(readFileSync(mark, "utf8")) };
  if (!options.mayGoOn()) return undefined;
  options.progress(name === "base" ? "recording the baseline" : "checking the change");
  if (name === "base") rmSync(join(folder, BASELINE), { force: true });
  const checked = await check(name, folder, flags, options);
  writeFileSync(mark, `${checked.seconds}`);
  return checked;
}

/** @throws UserError if the command wrote no report */
async function check(name: CheckName, folder: string, flags: readonly string[], options: RowOptions): Promise<Checked> {
  const { checkout, workDir } = options;
  const report = join(folder, `${name}.json`);
  const log = join(folder, `${name}.log`);
  rmSync(report, { force: true });
  rmSync(log, { force: true });
  const places = ["--source", checkout.path, "--work-dir", workDir, "--baseline", join(folder, BASELINE), "--report", report];
  const { seconds } = await newProcesses().run(process.execPath, [COMMAND, "check", "--affected", "auto", ...places, ...flags], {
    logFile: log,
  });
  if (!existsSync(report)) throw new UserError(`A check wrote no report. Its log: ${log}.`);
  return { report: readReport(report), seconds };
}
