import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, suite, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { acquireLock } from "../../src/system/lock.ts";
import { temporaryFolder } from "../support/folders.ts";
import { QuietProgress } from "../support/progress.ts";

const PROGRAM = join(import.meta.dirname, "programs", "hold-lock.ts");

const children = new Set<ChildProcess>();
after(() => {
  for (const child of children) child.kill("SIGKILL");
});

function holder(...args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", PROGRAM, ...args], { stdio: "inherit" });
  children.add(child);
  return child;
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(20);
}

/** A process that holds this lock for as long as it lives. */
async function someoneInside(lock: string): Promise<ChildProcess> {
  const file = join(temporaryFolder(), "said");
  const child = holder(lock, file, "1", "forever");
  await until(() => existsSync(file));
  return child;
}

const fails = (promise: Promise<unknown>, milliseconds: number): Promise<unknown> => Promise.race([promise, sleep(milliseconds, "waits")]);

suite("a lock", () => {
  test("is never held by two processes at once, also when the one before left its file behind", async () => {
    const folder = temporaryFolder();
    const [lock, file] = [join(folder, "lock"), join(folder, "said")];
    writeFileSync(lock, "999999");
    const processes = Array.from({ length: 5 }, () => holder(lock, file, "2", "30"));
    const codes = await Promise.all(processes.map(async (child) => (await once(child, "exit"))[0]));
    assert.deepEqual(codes, [0, 0, 0, 0, 0]);
    const said = readFileSync(file, "utf8").trim().split("\n");
    assert.equal(said.length, 20);
    for (let index = 0; index < said.length; index += 2) assert.equal(said[index + 1], said[index]?.replace("in", "out"), said.join("\n"));
  });

  test("is taken over from a process that was killed, whose file is still there", async () => {
    const lock = join(temporaryFolder(), "lock");
    const child = await someoneInside(lock);
    child.kill("SIGKILL");
    await once(child, "exit");
    assert.equal(readFileSync(lock, "utf8"), String(child.pid));
    await using held = await acquireLock(lock, new QuietProgress());
    assert.ok(held);
    assert.equal(readFileSync(lock, "utf8"), String(process.pid));
  });

  test("is taken where a file of an earlier process names one that lives, such as this one in a new container", async () => {
    const lock = join(temporaryFolder(), "lock");
    writeFileSync(lock, String(process.pid));
    await using held = await acquireLock(lock, new QuietProgress());
    assert.ok(held);
  });

  test("is waited for, and who holds it is said once", async () => {
    const lock = join(temporaryFolder(), "lock");
    const child = await someoneInside(lock);
    const progress = new QuietProgress();
    const waiting = acquireLock(lock, progress);
    assert.equal(await fails(waiting, 1200), "waits");
    child.kill("SIGKILL");
    await using held = await waiting;
    assert.ok(held);
    assert.equal(progress.notes.length, 1);
    assert.match(progress.notes[0] ?? "", new RegExp(`process ${child.pid}\\b`));
  });

  test("is the same however its folder is reached, and another one in another folder", async () => {
    const folder = temporaryFolder();
    const link = join(temporaryFolder(), "link");
    symlinkSync(folder, link);
    const held = await acquireLock(join(folder, "lock"), new QuietProgress());
    const waiting = acquireLock(join(link, "lock"), new QuietProgress());
    assert.equal(await fails(waiting, 200), "waits");
    await using other = await acquireLock(join(temporaryFolder(), "lock"), new QuietProgress());
    assert.ok(other);
    await held[Symbol.asyncDispose]();
    await using second = await waiting;
    assert.ok(second);
  });
});
