import { dirname, join } from "node:path";
import { newProcesses } from "../../bench/rig.ts";
import { commandEnvironment } from "../../src/build/recipe.ts";
import type { Baseline } from "../../src/findings/baseline.ts";
import { secondsInWords } from "../../src/report/format.ts";
import type { Report } from "../../src/report/report.ts";
import type { ReportedFinding } from "../../src/report/reported-finding.ts";
import { splitSetting } from "../../src/settings/setting-values.ts";
import { type Cost, timed } from "../cost.ts";
import { type Checked, check } from "./checked.ts";
import { explain } from "./known-findings.ts";
import type { Project } from "./project.ts";
import { fetchSource, standIn } from "./sdists.ts";

/** Limits of the scan: a multiple of pytest's own time, plus some seconds. */
const MAX_RATIO = 1.6;
const MAX_SECONDS = 1.5;

export interface Evaluation {
  readonly project: Project;
  readonly plain: Cost & { readonly ran: number; readonly failed: number };
  /** The first check, without a baseline. */
  readonly first: Report;
  readonly scan: Cost;
  /** With a baseline without findings; undefined if the first check found nothing or recorded nothing. */
  readonly second: Checked | undefined;
}

export async function evaluate(project: Project): Promise<Evaluation> {
  console.error(titleOf(project));
  const directory = project.isWheel ? await standIn(project.name) : await fetchSource(project.name, project.version);
  const settings = settingsOf(project);
  const { report: first, baseline, parts } = await check(settings, directory, undefined);
  const plain = await runPlainly(project, first, directory);
  const isQuiet = first.findings.length === 0 || baseline === undefined;
  const second = isQuiet ? undefined : await check(settings, directory, withoutFindings(baseline));
  return { project, plain, first, scan: parts.get("Scan") ?? { wall: 0, cpu: 0 }, second };
}

function titleOf({ name, version }: Pick<Project, "name" | "version">): string {
  return `${name} ${version}`;
}

/** The settings of the check. */
export function settingsOf(project: Omit<Project, "language">): Readonly<Record<string, string>> {
  const { name, version, needs, command, isWheel = false } = project;
  return { "python-version": "3.13", install: [isWheel ? `${name}==${version}` : ".", ...needs].join(" "), command };
}

/** Compared with this, all findings are new, so the check looks for their tests, and memcheck confirms them. */
function withoutFindings(baseline: Baseline): Baseline {
  return { ...baseline, findings: [] };
}

/** Measures the second of two runs: the first one compiles byte code. */
async function runPlainly({ command, plain = [] }: Project, { toolchain }: Report, directory: string): Promise<Evaluation["plain"]> {
  const python = toolchain?.python ?? "";
  const [first = "", ...args] = splitSetting("command", command);
  const program = first === "pytest" ? join(dirname(python), first) : python;
  const words = first === "pytest" ? args : [first, ...args];
  const { PYTHONDONTWRITEBYTECODE: _, ...env } = commandEnvironment(process.env, [], { freeThreaded: false });
  const run = () => newProcesses().run(program, [...words, ...plain], { cwd: directory, env });
  await run();
  const { result, cost } = await timed(run);
  // Destructors may print after it.
  const summary = [...result.stdout.matchAll(/^.*\d+ \w+.* in [\d.]+s.*$/gm)].at(-1)?.[0] ?? "";
  const count = (outcome: string): number => Number(new RegExp(`\\b(\\d+) ${outcome}`).exec(summary)?.[1] ?? 0);
  const failed = count("failed") + count("error");
  return { ...cost, failed, ran: count("passed") + count("failed") + count("xpassed") };
}

export const HEAD = [
  "| project | language | tests | plain pytest | scan, two files at once | scan / plain | the same, CPU time | memcheck of suspects | findings |",
  "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
] as const;

export function rowOf(evaluation: Evaluation): string {
  const { project, plain, first, scan, second } = evaluation;
  const ran = ranIn(first);
  const memcheck = second?.parts.get("Memcheck: suspects of the scan");
  const explained = first.findings.filter((finding) => explain(titleOf(project), finding) !== undefined).length;
  return `| ${[
    titleOf(project),
    project.language,
    ran === plain.ran ? `${ran}` : `${ran} of ${plain.ran}`,
    inWords(plain),
    inWords(scan),
    (scan.wall / plain.wall).toFixed(2),
    (scan.cpu / plain.cpu).toFixed(2),
    memcheck === undefined ? "none" : inWords(memcheck),
    first.findings.length === 0 ? "0" : `${first.findings.length}, ${explained} explained`,
  ].join(" | ")} |`;
}

function inWords({ wall, cpu }: Cost): string {
  return `${secondsInWords(wall)} (CPU ${secondsInWords(cpu)})`;
}

function ranIn({ tests }: Report): number {
  return tests.filter(({ engine }) => engine === "scan").reduce((sum, { ran }) => sum + (ran ?? 0), 0);
}

export function detailsOf({ project, plain, first, second }: Evaluation): readonly string[] {
  const head = titleOf(project);
  const failed = first.tests.filter(({ status }) => status !== "passed" && status !== "skipped");
  const shown = second?.report.findings ?? first.findings;
  return [
    ...(plain.failed === 0 ? [] : [`${head}: ${plain.failed} tests fail in plain pytest, too`]),
    ...first.problems.map(({ message }) => `${head}: ${message}`),
    ...failed.map(({ name, status, incomplete }) => `${head} ${name}: ${status}${incomplete === null ? "" : `, ${incomplete.message}`}`),
    ...shown.map((finding) => `${head} ${describe(finding)}: ${explain(titleOf(project), finding) ?? notExplained(finding)}`),
  ];
}

export function describe({ status, engine, test, kind, site, blocks, owner }: ReportedFinding): string {
  const place = site.file === null ? site.function : `${site.function} (${site.file}:${site.line})`;
  return `${test.id ?? test.file}: ${status} ${kind} by ${engine} in ${place}, ${blocks} blocks, ${owner}`;
}

function notExplained({ stack }: ReportedFinding): string {
  return `NOT EXPLAINED: ${stack.map((frame) => frame.function).join(" < ")}`;
}

export function isGood({ project, plain, first, scan }: Evaluation): boolean {
  const isQuick = scan.wall <= plain.wall * MAX_RATIO + MAX_SECONDS;
  const isWhole = first.tests.length > 0 && first.tests.every(({ incomplete }) => incomplete === null) && ranIn(first) >= plain.ran;
  return isQuick && isWhole && first.findings.every((finding) => explain(titleOf(project), finding) !== undefined);
}
