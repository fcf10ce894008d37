import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { hostname } from "node:os";
import { join } from "node:path";
import { after, suite, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../../src/model/user-error.ts";
import { acquireLock, type Lock, tryAcquireLock } from "../../src/system/lock.ts";
import { type Isolation, isolated } from "../support/container.ts";
import { temporaryFolder } from "../support/folders.ts";
import { QuietProgress } from "../support/progress.ts";

const PROGRAM = join(import.meta.dirname, "programs", "hold-lock.ts");

const children = new Set<ChildProcess>();
after(() => {
  for (const child of children) child.kill("SIGKILL");
});

function holder(args: readonly string[], isolation: Isolation = "none"): ChildProcess {
  const [program, ...words] = isolated(isolation, [process.execPath, "--disable-warning=ExperimentalWarning", PROGRAM, ...args]);
  const child = spawn(program, words, { stdio: "inherit" });
  children.add(child);
  return child;
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(20);
}

/** A process that holds this lock for as long as it lives. */
async function someoneInside(lock: string, isolation: Isolation = "none"): Promise<ChildProcess> {
  const file = join(temporaryFolder(), "said");
  const child = holder([lock, file, "1", "forever"], isolation);
  await until(() => existsSync(file));
  return child;
}

const acquire = (lock: string, progress = new QuietProgress(), limit = 60): Promise<Lock> =>
  acquireLock(lock, progress, { subject: "test's folder", limit });

const after1200 = (promise: Promise<unknown>): Promise<unknown> => Promise.race([promise, sleep(1200, "waits")]);

suite("a lock", () => {
  for (const isolation of ["none", "network", "processes"] as const) {
    test(`a lock is never held by two processes at once, also with the file of the one before; isolated: ${isolation}`, async () => {
      const folder = temporaryFolder();
      const [lock, file] = [join(folder, "lock"), join(folder, "said")];
      writeFileSync(lock, "999999");
      const kinds = ["none", isolation, "none", isolation] as const;
      const processes = kinds.map((kind) => holder([lock, file, "2", "30"], kind));
      const codes = await Promise.all(processes.map(async (child) => (await once(child, "exit"))[0]));
      assert.deepEqual(codes, [0, 0, 0, 0]);
      const said = readFileSync(file, "utf8").trim().split("\n");
      assert.equal(said.length, 16);
      for (let index = 0; index < said.length; index += 2)
        assert.equal(said[index + 1], said[index]?.replace("in", "out"), said.join("\n"));
    });

    test(`a lock is waited for while it is held, and taken over when its holder is killed; isolated: ${isolation}`, async () => {
      const lock = join(temporaryFolder(), "lock");
      const child = await someoneInside(lock, isolation);
      const waiting = acquire(lock);
      assert.equal(await after1200(waiting), "waits");
      child.kill("SIGKILL");
      await using held = await waiting;
      assert.ok(held);
      assert.equal(readFileSync(lock, "utf8"), `${process.pid} ${hostname()}`);
    });
  }

  test("a lock is not kept by processes that its process started and left behind", async () => {
    const folder = temporaryFolder();
    const [lock, file] = [join(folder, "lock"), join(folder, "said")];
    const child = holder([lock, file, "1", "child"]);
    await until(() => existsSync(file) && readFileSync(file, "utf8").endsWith("\n"));
    const stray = Number(readFileSync(file, "utf8").split(" ")[1]);
    child.kill("SIGKILL");
    await once(child, "exit");
    await using held = await tryAcquireLock(lock);
    assert.ok(held);
    process.kill(stray, 0);
    process.kill(stray, "SIGKILL");
  });

  test("a lock is not blocked by other users, by an abstract socket of its former name or by its file", async () => {
    const lock = join(temporaryFolder(), "lock");
    const server = createServer().listen(`\0cpython-memcheck-${createHash("sha256").update(lock).digest("hex")}`);
    await once(server, "listening");
    await using held = await tryAcquireLock(lock);
    server.close();
    assert.ok(held);
    assert.equal(statSync(lock).mode & 0o077, 0);
  });

  test("a lock says once who holds it, and gives up after its limit with the way out", async () => {
    const lock = join(temporaryFolder(), "lock");
    const child = await someoneInside(lock);
    const progress = new QuietProgress();
    const said = new RegExp(`process ${child.pid} on host ${hostname()}\\b`);
    await assert.rejects(
      acquire(lock, progress, 1.2),
      (error) =>
        error instanceof UserError && said.test(error.message) && error.message.includes(lock) && /work-dir/.test(error.hint ?? ""),
    );
    assert.equal(progress.notes.length, 1);
    assert.match(progress.notes[0] ?? "", said);
  });

  test("a lock names no process if its file contains something else", async () => {
    const lock = join(temporaryFolder(), "lock");
    await using held = await acquire(lock);
    const progress = new QuietProgress();
    for (const text of ["", "12", "12 a b", "\x1b[2J 7", "x".repeat(10_000)]) {
      writeFileSync(lock, text);
      await assert.rejects(acquire(lock, progress, 0), /an unknown process/);
    }
    assert.ok(held);
  });

  test("a lock leaves no file when it is released, once or twice", async () => {
    const folder = temporaryFolder();
    const held = await acquire(join(folder, "lock"));
    await held[Symbol.asyncDispose]();
    await held[Symbol.asyncDispose]();
    assert.deepEqual(readdirSync(folder), []);
  });

  test("a lock is the same however its folder is reached, and another one in another folder", async () => {
    const folder = temporaryFolder();
    const link = join(temporaryFolder(), "link");
    symlinkSync(folder, link);
    const held = await acquire(join(folder, "lock"));
    assert.equal(await tryAcquireLock(join(link, "lock")), undefined);
    await using other = await acquire(join(temporaryFolder(), "lock"));
    assert.ok(other);
    await held[Symbol.asyncDispose]();
    await using second = await tryAcquireLock(join(link, "lock"));
    assert.ok(second);
  });

  test("a lock is taken if a folder, a link or a pipe stands in its file's place, and writes through none", async () => {
    const folder = temporaryFolder();
    const lock = join(folder, "lock");
    writeFileSync(join(folder, "victim"), "precious");
    const pipe = (): unknown => spawn("mkfifo", [lock]);
    for (const place of [() => mkdirSync(join(lock, "deep"), { recursive: true }), () => symlinkSync("victim", lock), pipe]) {
      rmSync(lock, { recursive: true, force: true });
      place();
      await until(() => existsSync(lock));
      await using held = await acquire(lock);
      assert.ok(held);
    }
    assert.equal(readFileSync(join(folder, "victim"), "utf8"), "precious");
  });

  test("releasing a lock whose file is gone does not release the lock of the next holder", async () => {
    const lock = join(temporaryFolder(), "lock");
    const first = await acquire(lock);
    rmSync(lock);
    await using second = await tryAcquireLock(lock);
    assert.ok(second);
    await first[Symbol.asyncDispose]();
    assert.equal(await tryAcquireLock(lock), undefined);
  });

  test("a lock can't be created below a file, which is reported as the user's mistake", async () => {
    await assert.rejects(acquire("/dev/null/lock"), UserError);
  });
});
