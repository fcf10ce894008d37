// Writes files that fit on a disk of 200 KB, then larger ones that do not: `fill-disk.ts FOLDER`. Exits with 0 if the first files are unchanged.

import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { BaselineFile } from "../../../src/hosts/common/baseline-file.ts";
import { writeReport } from "../../../src/hosts/common/report-file.ts";
import { isDiskFull } from "../../../src/model/user-error.ts";
import { baseline, entry } from "../../support/builders.ts";
import { BY_NAME } from "../../support/locate.ts";
import { note, report } from "../../support/reports.ts";

const folder = process.argv[2] ?? "";
const baselines = new BaselineFile(join(folder, "baseline"), "everything");
const path = join(folder, "report.json");
const noise = randomBytes(300_000).toString("base64");

async function failsForSpace(write: () => Promise<unknown>): Promise<void> {
  await write().then(
    () => {
      throw new Error("there was enough space");
    },
    (error: unknown) => {
      if (!isDiskFull(error)) throw error;
    },
  );
}

await baselines.record(baseline({ findings: [entry("first")] }));
await writeReport(path, report({ notes: [note("first")] }), () => null, BY_NAME);
await failsForSpace(() => baselines.record(baseline({ findings: [entry(noise)] })));
await failsForSpace(() => writeReport(path, report({ notes: [note(noise)] }), () => null, BY_NAME));
const lookup = await baselines.load();
if (lookup.kind !== "found" || lookup.baseline.findings[0]?.stack[0]?.[0] !== "first") throw new Error(`the baseline is ${lookup.kind}`);
if (!readFileSync(path, "utf8").includes('"first"')) throw new Error("the report is gone");
process.stdout.write("both are unchanged");
