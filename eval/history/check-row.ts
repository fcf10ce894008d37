// Checks one row by the shipped command: the base, which records a baseline, and then the change, as a person would check it before a push.
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

/** Hash of the command: a baseline of another one is not gone on with. */
export const TOOL = createHash("sha256").update(readFileSync(COMMAND)).digest("hex").slice(0, 10);

export interface RowOptions {
  readonly checkout: Checkout;
  /** Of all rows: baselines, reports, logs. */
  readonly state: string;
  readonly workDir: string;
  readonly others: number | "all";
  readonly torture: boolean;
  readonly progress: (what: string) => void;
  /** Whether another check may begin. */
  readonly mayGoOn: () => boolean;
}

interface Checked {
  readonly report: Report;
  readonly seconds: number;
}

/** What of a finished row is known once its outcome is. */
type Result = Pick<Finished, "outcome" | "baseSeconds" | "seconds" | "buildSeconds" | "chosen">;

/** Undefined where the time was over between its two checks: the baseline stays for the next run. */
export async function checkRow(row: HistoryRow, options: RowOptions): Promise<Finished | undefined> {
  const { key, table, sha, kind, note } = row;
  const result = await resultOf(row, options);
  return result && { key, table, sha, kind, note, ...result, tool: TOOL };
}

async function resultOf(row: HistoryRow, options: RowOptions): Promise<Result | undefined> {
  const { checkout, others, torture } = options;
  if (!row.isReached && !torture) return without(notReached("needs-torture", row.note));
  const obstacle = await attempt(() => checkout.goTo(row.base));
  if (obstacle !== undefined) return without(notReached("no-commit", obstacle));
  const known = checkout.testNames();
  const named = row.tests.flatMap((name) => resolveTest(name, known) ?? []);
  const tests = named.length > 0 ? named : guessTests(row.files, known);
  if (tests.length === 0) return without(notReached("no-test", row.tests.join(" ")));
  checkout.writeSkips(skipsFor(selectionOf(tests, known, others), known));
  return await checkBoth(row, tests, options);
}

function without(outcome: Outcome): Result {
  return { outcome, baseSeconds: null, seconds: null, buildSeconds: null, chosen: null };
}

/** What stood in the way, as a line. */
async function attempt(act: () => Promise<void>): Promise<string | undefined> {
  try {
    await act();
    return undefined;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return describeFailure(error).split("\n").slice(0, 2).join(" ").slice(0, 300);
  }
}

async function checkBoth(row: HistoryRow, tests: readonly string[], options: RowOptions): Promise<Result | undefined> {
  const folder = join(options.state, "rows", `${row.table}-${row.sha.slice(0, 12)}-${TOOL}-${options.others}`);
  mkdirSync(folder, { recursive: true });
  const base = await recordBase(folder, options);
  const failed = failureToBuild(base);
  if (failed !== undefined) return without(notReached("not-built", failed));
  const obstacle = await makeChange(row, options.checkout);
  if (obstacle !== undefined) return without(obstacle);
  if (!options.mayGoOn()) return undefined;
  options.progress("checking the change");
  const flags = ["--record-baseline", "never", ...(options.torture ? ["--torture", "changed"] : [])];
  return resultOfChecks(row, tests, base, await check("change", folder, flags, options));
}

function resultOfChecks({ table }: HistoryRow, tests: readonly string[], base: Checked, { report, seconds }: Checked): Result {
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

/** Of a check that came to no interpreter. */
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

/** What is compared with the base. Says why there is nothing. */
async function makeChange({ table, sha }: HistoryRow, checkout: Checkout): Promise<Outcome | undefined> {
  if (table !== "fixes") {
    const obstacle = await attempt(() => checkout.goTo(sha));
    return obstacle === undefined ? undefined : notReached("no-commit", obstacle);
  }
  let hasPart = true;
  const obstacle = await attempt(async () => {
    hasPart = await checkout.takeBack();
  });
  if (obstacle !== undefined) return notReached("no-commit", obstacle);
  return hasPart ? undefined : notReached("no-c-change", "");
}

/** A run that was stopped after this check leaves its result, which is taken instead. */
async function recordBase(folder: string, options: RowOptions): Promise<Checked> {
  const mark = join(folder, "base.seconds");
  if (existsSync(mark)) return { report: readReport(join(folder, "base.json")), seconds: Number(readFileSync(mark, "utf8")) };
  options.progress("recording the baseline");
  rmSync(join(folder, BASELINE), { force: true });
  const checked = await check("base", folder, ["--record-baseline", "always"], options);
  writeFileSync(mark, `${checked.seconds}`);
  return checked;
}

const BASELINE = "baseline.json.gz";

/** @throws UserError where the command leaves no report. */
async function check(name: "base" | "change", folder: string, flags: readonly string[], options: RowOptions): Promise<Checked> {
  const { checkout, workDir } = options;
  const report = join(folder, `${name}.json`);
  const log = join(folder, `${name}.log`);
  rmSync(report, { force: true });
  rmSync(log, { force: true });
  const places = ["--source", checkout.path, "--work-dir", workDir, "--baseline", join(folder, BASELINE), "--report", report];
  const { seconds } = await newProcesses().run(process.execPath, [COMMAND, "check", "--affected", "auto", ...places, ...flags], {
    logFile: log,
  });
  if (!existsSync(report)) throw new UserError(`A check left no report: ${log} has what it said.`);
  return { report: readReport(report), seconds };
}
