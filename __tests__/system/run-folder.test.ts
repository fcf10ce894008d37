import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { suite, test } from "node:test";
import { tryAcquireLock } from "../../src/system/lock.ts";
import { isAlive } from "../../src/system/process-life.ts";
import { openRunFolder } from "../../src/system/run-folder.ts";
import { temporaryFolder, writeFiles } from "../support/folders.ts";

/** A number that no process has any more. */
function deadPid(): number {
  return spawnSync("true").pid;
}

suite("a process", () => {
  test("a process is alive while it runs", () => {
    assert.equal(isAlive(process.pid), true);
    assert.equal(isAlive(1), true);
  });

  test("a process is not alive after it ended, or if its number is invalid", () => {
    for (const pid of [deadPid(), 0, -1, -process.pid, Number.NaN, 1.5, 2 ** 31 - 1]) assert.equal(isAlive(pid), false, String(pid));
  });
});

suite("a run's folder", () => {
  test("a run's folder is new and empty, and made with all that is above it", async () => {
    const runs = join(temporaryFolder(), "work", "runs");
    const folder = await openRunFolder(runs);
    assert.deepEqual(
      readdirSync(runs).map((name) => join(runs, name)),
      [folder, `${folder}.lock`],
    );
    assert.deepEqual(readdirSync(folder), []);
  });

  test("opening a run's folder keeps the last finished run's and those of live runs, and removes older ones", async () => {
    const runs = temporaryFolder();
    const [first, second, running] = ["1700000000000-a", "1700000000001-b", "1600000000000-c"] as const;
    writeFiles(runs, Object.fromEntries([first, second, running].map((name) => [`${name}/output.log`, "log"])));
    // The file of a run that was killed, and the lock of one that goes on.
    writeFiles(runs, { [`${second}.lock`]: `${process.pid} here`, "1700000000002-d.lock": "" });
    await using lock = await tryAcquireLock(join(runs, `${running}.lock`));
    assert.ok(lock);
    const folder = await openRunFolder(runs);
    assert.deepEqual(
      [first, second, running].map((name) => existsSync(join(runs, name, "output.log"))),
      [false, true, true],
    );
    const other = await openRunFolder(runs);
    assert.notEqual(other, folder);
    assert.ok(existsSync(folder));
    const names = [second, running, `${running}.lock`, ...[folder, other].flatMap((path) => [basename(path), `${basename(path)}.lock`])];
    assert.deepEqual(readdirSync(runs).sort(), names.sort());
  });

  test("a run's folder is locked also if another run takes its lock for a moment, to see whose it is", async () => {
    const runs = temporaryFolder();
    // Faster than flock(1), which has to be started first.
    const script = `import fcntl, os, sys, time
seen = set()
print("ready", flush=True)
while os.path.exists(sys.argv[1]):
    for name in set(os.listdir(sys.argv[1])) - seen:
        seen.add(name)
        if name.endswith(".lock"):
            with open(os.path.join(sys.argv[1], name), "r+") as file:
                try: fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError: continue
                time.sleep(0.03)
`;
    const other = spawn("python3", ["-c", script, runs], { stdio: ["ignore", "pipe", "inherit"] });
    try {
      await once(other.stdout, "data");
      for (let run = 0; run < 30; run++) assert.equal(await tryAcquireLock(`${await openRunFolder(runs)}.lock`), undefined);
    } finally {
      other.kill();
    }
  });
});
