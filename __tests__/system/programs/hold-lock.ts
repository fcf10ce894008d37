// Takes a lock some times, and writes when it goes in and out: `hold-lock.ts LOCK FILE TIMES [MILLISECONDS]`. Never leaves with `forever`.
import { appendFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { acquireLock } from "../../../src/system/lock.ts";
import { QuietProgress } from "../../support/progress.ts";

const [lock = "", file = "", times = "1", milliseconds = "5"] = process.argv.slice(2);
const say = (word: string): void => appendFileSync(file, `${word} ${process.pid}\n`);

for (let turn = 0; turn < Number(times); turn++) {
  await using _held = await acquireLock(lock, new QuietProgress());
  say("in");
  await sleep(milliseconds === "forever" ? 600_000 : Number(milliseconds));
  say("out");
}
