import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Report } from "../report/report.ts";

/** Written aside and renamed: a reader sees a whole report or the one before. */
export async function writeReport(path: string, report: Report): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.new`, `${JSON.stringify(report, null, 2)}\n`);
  await rename(`${path}.new`, path);
}
