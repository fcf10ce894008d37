import { spawn } from "node:child_process";
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  ftruncateSync,
  lstatSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Progress } from "../model/progress.ts";
import { systemCodeOf, UserError, writingTo } from "../model/user-error.ts";

/** Held until it is disposed of, or until its process ends in any way. */
export interface Lock extends AsyncDisposable {}

export interface LockOptions {
  /** The protected thing: a noun for messages. */
  readonly subject: string;
  /** Seconds to wait for another process; default: one hour. */
  readonly limit?: number;
}

/** Part of util-linux, which Debian and Ubuntu always have. */
const FLOCK = "/usr/bin/flock";

const MAX_WAIT_S = 3600;
const POLL_MS = 500;
const MAX_OPEN_ATTEMPTS = 20;

/**
 * Waits for the lock that flock(2) keeps on a file. The kernel ties it to the file, not to a network or process namespace, so it excludes other
 * containers and, over NFS, other machines. It ends with the last descriptor of this opening of the file. Node opens files close-on-exec, so
 * only our process has one: no child keeps the lock, and SIGKILL frees it. Users who can't read the file can't take the lock.
 * @throws UserError after `limit` seconds, or if the file system does not support locks.
 */
export async function acquireLock(
  path: string,
  progress: Pick<Progress, "note" | "update">,
  { subject, limit = MAX_WAIT_S }: LockOptions,
): Promise<Lock> {
  const began = performance.now();
  for (let attempt = 0; ; attempt++) {
    const lock = await tryAcquireLock(path);
    if (lock !== undefined) return lock;
    const holder = holderOf(path);
    if (attempt === 0) progress.note(`Waiting for the ${subject}, which ${holder} is using (lock ${path}).`);
    if (performance.now() - began > limit * 1000) throw gaveUp(path, holder, subject, limit);
    progress.update(`waiting for ${holder}`);
    await sleep(POLL_MS);
  }
}

/** Undefined if another process holds the lock. */
export async function tryAcquireLock(path: string): Promise<Lock | undefined> {
  for (;;) {
    const descriptor = await writingTo("The lock", path, () => openLockFile(path));
    const isOurs = await flock(descriptor, path).catch((error: unknown) => {
      closeSync(descriptor);
      throw error;
    });
    if (isOurs && isAt(descriptor, path)) return hold(descriptor, path);
    closeSync(descriptor);
    // Otherwise the previous holder removed the file, and there may be another one in its place.
    if (!isOurs) return undefined;
  }
}

function hold(descriptor: number, path: string): Lock {
  ftruncateSync(descriptor);
  writeSync(descriptor, `${process.pid} ${hostname()}`, 0);
  let isHeld = true;
  return {
    [Symbol.asyncDispose]: async () => {
      if (!isHeld) return;
      isHeld = false;
      // Removed before the lock ends: the next process that locks this file finds its name gone, and opens a new one.
      if (isAt(descriptor, path)) rmSync(path, { force: true });
      closeSync(descriptor);
    },
  };
}

/** Opened for writing, which NFS requires. Tests run as the same user and may have replaced the file by anything. */
async function openLockFile(path: string): Promise<number> {
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  for (let attempt = 1; ; attempt++) {
    await mkdir(dirname(path), { recursive: true });
    try {
      const descriptor = openSync(path, flags, 0o600);
      if (fstatSync(descriptor).isFile()) return descriptor;
      closeSync(descriptor);
    } catch (error) {
      const isReplaced = ["ENOENT", "EISDIR", "ELOOP", "ENXIO"].includes(systemCodeOf(error) ?? "");
      if (!isReplaced || attempt === MAX_OPEN_ATTEMPTS) throw error;
    }
    if (!lstatSync(path, { throwIfNoEntry: false })?.isFile()) await rm(path, { recursive: true, force: true });
  }
}

/** Whether the file still has this name. */
function isAt(descriptor: number, path: string): boolean {
  const [own, there] = [fstatSync(descriptor), statSync(path, { throwIfNoEntry: false })];
  return own.nlink > 0 && there?.ino === own.ino && there.dev === own.dev;
}

/** The lock belongs to the opening of the file that we share with the program, so it stays when the program ends. */
function flock(descriptor: number, path: string): Promise<boolean> {
  const stdio = ["ignore", "ignore", "pipe", descriptor] as const;
  // By absolute path: tests may have put a program of that name into a folder of PATH.
  const child = existsSync(FLOCK)
    ? spawn(FLOCK, ["-n", "3"], { env: {}, stdio: [...stdio] })
    : spawn("flock", ["-n", "3"], { stdio: [...stdio] });
  let said = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (said += text));
  return new Promise((done, failed) => {
    child.once("error", (cause) =>
      failed(new UserError(`\`flock\` cannot be started: ${cause.message}.`, { hint: "It is part of util-linux.", cause })),
    );
    child.once("close", (code) => {
      if (code === 0 || code === 1) return done(code === 0);
      failed(
        new UserError(`The lock ${path} cannot be taken: ${said.trim() || `\`flock\` ended with ${code}`}.`, {
          hint: "The file system must support flock(2). Choose a `work-dir` on one that does.",
        }),
      );
    });
  });
}

/** The process that last wrote the file. Its number may be from another container. */
function holderOf(path: string): string {
  const [, pid, host] = /^(\d+) ([\w.-]+)$/.exec(readHead(path)) ?? [];
  return pid === undefined ? "an unknown process" : `process ${pid} on host ${host}`;
}

function readHead(path: string): string {
  try {
    return statSync(path).size > 300 ? "" : readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function gaveUp(path: string, holder: string, subject: string, limit: number): UserError {
  return new UserError(`Gave up waiting for the ${subject} after ${limit} s: ${holder} still holds the lock ${path}.`, {
    hint: `Wait for that check or stop it, or choose another \`work-dir\`. If no check is running, \`fuser ${path}\` shows what holds the lock.`,
  });
}
