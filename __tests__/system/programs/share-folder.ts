// What a check does in a work folder that others use too, in short: `share-folder.ts FOLDER ROUNDS`. Opens a run's folder, writes and reads a
// file again and again, and says as JSON what it saw.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeAtomically } from "../../../src/system/atomic-write.ts";
import { openRunFolder } from "../../../src/system/run-folder.ts";

const [folder = "", rounds = "1"] = process.argv.slice(2);
const LINES = 2000;
const file = join(folder, "file");
const seen = { whole: 0, torn: 0, failed: 0, runFoldersLost: 0 };

const log = join(await openRunFolder(join(folder, "runs")), "log");
writeFileSync(log, "");
for (let round = 0; round < Number(rounds); round++) {
  const line = `${Math.random()}\n`;
  await writeAtomically(file, line.repeat(LINES)).catch(() => seen.failed++);
  const lines = readFileSync(file, "utf8").split("\n");
  if (lines.length === LINES + 1 && new Set(lines).size === 2) seen.whole++;
  else seen.torn++;
  if (!existsSync(log)) seen.runFoldersLost++;
}
process.stdout.write(JSON.stringify(seen));
