import { createHash } from "node:crypto";
import { mkdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { systemCodeOf } from "../errors.ts";
import type { Progress } from "../ports.ts";

/** Held until it is disposed of, or its process ends, however it ends. */
export interface Lock extends AsyncDisposable {}

/**
 * Waits for as long as another process of this machine holds the lock. The kernel keeps it: a name among its abstract sockets (unix(7)) belongs
 * to one process, and is free when that is gone. A file with a process id can be taken over by two at once, and a later process, in a new
 * container above all, may have the id of the one that died. The file is there to tell people who it is.
 */
export async function acquireLock(path: string, progress: Progress): Promise<Lock> {
  await mkdir(dirname(path), { recursive: true });
  const name = await socketName(path);
  for (let waited = false; ; waited = true) {
    const held = await tryListen(name);
    if (held !== undefined) return await own(path, held);
    if (!waited) progress.note(`Another check (process ${await holderOf(path)}) uses this build; waiting for it.`);
    await sleep(500);
  }
}

/** Undefined where another process holds the lock. */
export async function tryAcquireLock(path: string): Promise<Lock | undefined> {
  const held = await tryListen(await socketName(path));
  return held === undefined ? undefined : await own(path, held);
}

async function own(path: string, held: Server): Promise<Lock> {
  // Whoever held it may have taken the folder away.
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${process.pid}`);
  return {
    [Symbol.asyncDispose]: async () => {
      await rm(path, { force: true });
      await new Promise((done) => held.close(done));
    },
  };
}

/** One name however the folder is reached. */
async function socketName(path: string): Promise<string> {
  const real = join(await realpath(dirname(path)), basename(path));
  return `\0cpython-memcheck-${createHash("sha256").update(real).digest("hex")}`;
}

/** Undefined where another process has the name. Does not keep this process from ending. */
function tryListen(name: string): Promise<Server | undefined> {
  const server = createServer().unref();
  return new Promise((done, failed) => {
    server.once("error", (error) => (systemCodeOf(error) === "EADDRINUSE" ? done(undefined) : failed(error)));
    server.listen(name, () => done(server));
  });
}

async function holderOf(path: string): Promise<string> {
  return (await readFile(path, "utf8").catch(() => "")) || "unknown";
}
