import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { UserError, writingTo } from "../../model/user-error.ts";
import { htmlReport } from "../../report/html/html-report.ts";
import type { Locate, LocateTest } from "../../report/locate.ts";
import type { Report } from "../../report/report.ts";
import { sarifReport } from "../../report/sarif.ts";
import type { Settings } from "../../settings/settings.ts";
import { writeAtomically } from "../../system/atomic-write.ts";

/** Writes the report, and SARIF beside it. Returns the path of the SARIF file. @throws UserError if they can't be written. */
export async function writeReport(path: string, report: Report, locate: Locate, locateTest: LocateTest): Promise<string> {
  const sarif = sarifPath(path);
  await makeRoomFor(path);
  await writingTo("The report", path, async () => {
    await writeAtomically(path, `${JSON.stringify(report, null, 2)}\n`);
    await writeAtomically(sarif, `${JSON.stringify(sarifReport(report, locate, locateTest))}\n`);
  });
  return sarif;
}

/** Writes report.html. Separate from report.json, because a full disk may have room for only one. @throws UserError if it cannot be written. */
export async function writePage(path: string, report: Report): Promise<void> {
  await makeRoomFor(path);
  await writingTo("The report", path, () => writeAtomically(path, htmlReport(report)));
}

function sarifPath(report: string): string {
  return `${report.replace(/\.json$/, "")}.sarif`;
}

/** What is written last would replace what was written before. @throws UserError if two are one file. */
export function requireSeparateFiles(report: string, { html, baseline }: Pick<Settings, "html" | "baseline">): void {
  const written = [
    ["report.json", report],
    ["its SARIF", sarifPath(report)],
    ["report.html", pagePath(report, html)],
    ...(baseline === undefined ? [] : [["the baseline", baseline]]),
  ];
  const names = [...Map.groupBy(written, ([, path]) => path).values()].find((group) => group.length > 1);
  if (names === undefined) return;
  throw new UserError(`${names[0]?.[1]} cannot be both ${names.map(([name]) => name).join(" and ")}.`, {
    hint: "Give `--report`, `--html` and `--baseline` paths of their own.",
  });
}

/** Path of report.html: next to report.json by default. */
export function pagePath(report: string, html?: string): string {
  return html ?? `${report.replace(/\.json$/, "")}.html`;
}

/** Also called before any work, to detect that the report can't be written. @throws UserError */
export async function makeRoomFor(path: string): Promise<void> {
  await writingTo("The report", path, () => mkdir(dirname(path), { recursive: true }));
  const status = await stat(path).catch(() => undefined);
  if (status?.isDirectory()) throw new UserError(`The report ${path} cannot be written: it is a folder.`);
}
