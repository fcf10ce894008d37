import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { closeSync, existsSync, openSync } from "node:fs";
import { systemCodeOf, UserError } from "../errors.ts";
import { killMarked } from "./strays.ts";

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Seconds after which the whole process group is killed; ten minutes unless given. */
  readonly timeout?: number;
  /** Whether it runs the code that is checked: that gets no rights by `sudo` and the like, and is killed when we are. */
  readonly confined?: true;
  /** Takes standard output and standard error together instead of the result's `stdout` and `stderr`. */
  readonly logFile?: string;
  /** Called with each whole line of standard output. */
  readonly onLine?: (line: string) => void;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly timedOut: boolean;
  /** The process id it had. */
  readonly pid: number;
  readonly seconds: number;
  /** The last 64 KiB at most. */
  readonly stdout: string;
  readonly stderr: string;
}

export interface Conversation {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

const KEPT_OUTPUT = 64 * 1024;

/** Seconds. Nothing that is started without a limit of its own takes a tenth of it. */
const LIMIT = 600;

/** Seconds. What a stopped check still starts helps to tell what it has. */
const LIMIT_WHEN_STOPPED = 3;

/** Of util-linux, which Debian and Ubuntu always have. */
const SETPRIV = "/usr/bin/setpriv";

/** Milliseconds from a program's end until its pipes are closed. */
const GRACE = 2000;

/**
 * Starts programs, each in a process group of its own, so that none outlives the check: on a time-out, and when the check itself ends,
 * the whole group is killed. What has left its group has a mark in its environment all the same, and is killed by that when the check ends.
 */
export class Processes {
  readonly #running = new Set<number>();
  readonly #mark = { name: "CPYTHON_MEMCHECK_CHECK", value: randomUUID() };
  readonly #stop = new AbortController();
  readonly #limit: number;

  /** @param limit seconds for a program that is started without a limit of its own. */
  constructor(limit = LIMIT) {
    this.#limit = limit;
  }

  /** Aborted when the check is to end before it is through. */
  get stopping(): AbortSignal {
    return this.#stop.signal;
  }

  /** Why the check is to end, in words that follow "The check was stopped: "; undefined while it may go on. */
  get stopped(): string | undefined {
    return this.#stop.signal.aborted ? String(this.#stop.signal.reason) : undefined;
  }

  /** Kills all that runs. What is started from now on has a few seconds. */
  stop(reason: string): void {
    if (this.stopped === undefined) this.#stop.abort(reason);
    this.killAll();
  }

  /** @throws UserError when the program cannot be started. */
  run(program: string, args: readonly string[], options: RunOptions = {}): Promise<Ended> {
    const log = options.logFile === undefined ? undefined : openSync(options.logFile, "a");
    const began = performance.now();
    const child = this.#spawn(program, args, { ...options, stdio: ["ignore", log ?? "pipe", log ?? "pipe"] });
    if (log !== undefined) closeSync(log);
    return this.#watch(child, program, options, began);
  }

  /** Runs a program that has to succeed and returns its standard output. @throws UserError with its last words otherwise. */
  async output(program: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
    const ended = await this.run(program, args, options);
    if (ended.code === 0) return ended.stdout;
    const lastWords = ended.stderr.trim().split("\n").slice(-5).join("\n");
    const how = ended.timedOut
      ? `took longer than ${options.timeout ?? this.#limit} s`
      : `failed (${ended.signal ?? `exit code ${ended.code}`})`;
    throw new UserError(`\`${[program, ...args].join(" ")}\` ${how}.`, { hint: lastWords });
  }

  /** Starts a program to talk with, by the descriptors of `stdio`. */
  start(program: string, args: readonly string[], options: RunOptions & { readonly stdio: StdioOptions }): Conversation {
    const began = performance.now();
    const child = this.#spawn(program, args, options);
    return { child, ended: this.#watch(child, program, options, began) };
  }

  /** Takes on a process group that one of our programs made, to be killed with all others; `leave` gives it back. */
  adopt(leader: number): void {
    this.#running.add(leader);
  }

  leave(leader: number): void {
    this.#running.delete(leader);
  }

  kill(leader: number): void {
    killGroup(leader);
  }

  /** Kills every group that still runs, and whatever else has our mark. */
  killAll(): void {
    for (const pid of this.#running) killGroup(pid);
    killMarked(this.#mark);
  }

  #spawn(program: string, args: readonly string[], options: RunOptions & { readonly stdio: StdioOptions }): ChildProcess {
    const { cwd, stdio, confined, env = process.env } = options;
    const words =
      confined && existsSync(SETPRIV) ? [SETPRIV, "--no-new-privs", "--pdeathsig", "KILL", "--", program, ...args] : [program, ...args];
    return spawn(words[0] ?? program, words.slice(1), { cwd, env: { ...env, [this.#mark.name]: this.#mark.value }, detached: true, stdio });
  }

  #watch(child: ChildProcess, program: string, options: RunOptions, began: number): Promise<Ended> {
    const stdout = tail(child.stdout, options.onLine);
    const stderr = tail(child.stderr);
    const pid = child.pid;
    if (pid !== undefined) this.#running.add(pid);
    let timedOut = false;
    const timer = setTimeout(
      () => {
        timedOut = true;
        if (pid !== undefined) killGroup(pid);
      },
      Math.min(options.timeout ?? this.#limit, this.stopped === undefined ? Number.POSITIVE_INFINITY : LIMIT_WHEN_STOPPED) * 1000,
    );
    return new Promise<Ended>((resolve, reject) => {
      child.once("error", (error) => reject(cannotStart(program, error)));
      child.once("exit", () => {
        // What the program left behind holds the pipes open: without this a stray child of a test would keep us waiting.
        if (pid !== undefined) killGroup(pid);
        // A stray child in a group of its own lives on; what came until now is all that the program had to say.
        setTimeout(() => closePipes(child), GRACE).unref();
      });
      child.once("close", (code, signal) => {
        const seconds = (performance.now() - began) / 1000;
        resolve({ code, signal, timedOut, pid: pid ?? 0, seconds, stdout: stdout(), stderr: stderr() });
      });
    }).finally(() => {
      clearTimeout(timer);
      if (pid !== undefined) this.#running.delete(pid);
    });
  }
}

function cannotStart(program: string, error: Error): UserError {
  const why = systemCodeOf(error) === "ENOENT" ? "it was not found" : error.message;
  return new UserError(`\`${program}\` cannot be started: ${why}.`, { cause: error });
}

function closePipes(child: ChildProcess): void {
  for (const pipe of child.stdio) pipe?.destroy();
}

function killGroup(leader: number): void {
  try {
    process.kill(-leader, "SIGKILL");
  } catch (error) {
    if (systemCodeOf(error) !== "ESRCH") throw error;
  }
}

/** Keeps the end of a stream; the returned function tells what it is. */
function tail(stream: NodeJS.ReadableStream | null, onLine?: (line: string) => void): () => string {
  let kept = "";
  let line = "";
  stream?.setEncoding("utf8").on("data", (text: string) => {
    kept = (kept + text).slice(-KEPT_OUTPUT);
    if (onLine === undefined) return;
    const lines = (line + text).split("\n");
    line = (lines.pop() ?? "").slice(-KEPT_OUTPUT);
    lines.forEach(onLine);
  });
  return () => kept;
}
