// Takes a lock some times, and writes when it goes in and out: `hold-lock.ts LOCK FILE TIMES [MILLISECONDS]`. Never leaves with `forever`. With
// `child`, starts a program that outlives it, writes its process id, and never leaves.
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { appendFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { acquireLock } from "../../../src/system/lock.ts";
import { QuietProgress } from "../../support/progress.ts";

const [lock = "", file = "", times = "1", milliseconds = "5"] = process.argv.slice(2);
// In a container every process may have the same number.
const me = randomUUID();
const say = (...words: readonly unknown[]): void => appendFileSync(file, `${words.join(" ")}\n`);

for (let turn = 0; turn < Number(times); turn++) {
  await using _held = await acquireLock(lock, new QuietProgress(), { subject: "test's folder" });
  if (milliseconds === "child") {
    const child = spawn("sleep", ["600"], { detached: true, stdio: "ignore" });
    child.once("spawn", () => say("child", child.pid));
    await sleep(600_000);
  }
  say("in", me);
  await sleep(milliseconds === "forever" ? 600_000 : Number(milliseconds));
  say("out", me);
}
