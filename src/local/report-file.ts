import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import type { Locate } from "../report/locate.ts";
import type { Report } from "../report/report.ts";
import { sarifReport } from "../report/sarif.ts";
import { writeWhole } from "../system/whole-file.ts";

/** Writes the report, and the same as SARIF beside it. Returns the path of the latter. */
export async function writeReport(path: string, report: Report, locate: Locate): Promise<string> {
  const sarif = `${path.replace(/\.json$/, "")}.sarif`;
  await mkdir(dirname(path), { recursive: true });
  await writeWhole(path, `${JSON.stringify(report, null, 2)}\n`);
  await writeWhole(sarif, `${JSON.stringify(sarifReport(report, locate))}\n`);
  return sarif;
}
