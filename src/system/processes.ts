import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { closeSync, openSync } from "node:fs";
import type { Note } from "../model/note.ts";
import type { Stop } from "../model/problem.ts";
import { systemCodeOf, UserError } from "../model/user-error.ts";
import { killByMark } from "./orphan-processes.ts";
import { readOutput } from "./output.ts";
import { Programs } from "./programs.ts";

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Seconds after which the whole process group is killed; default: ten minutes. */
  readonly timeout?: number;
  /** Receives standard output and standard error together, instead of the result's `stdout` and `stderr`. */
  readonly logFile?: string;
  /** Called with each whole line of standard output. */
  readonly onLine?: (line: string) => void;
  /** Receives all of standard output in pieces: for output that is long or not UTF-8. */
  readonly onBytes?: (bytes: Buffer) => void;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly timedOut: boolean;
  /** Its process id. */
  readonly pid: number;
  readonly seconds: number;
  /** At most the last 64 KiB. */
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProcessHandle {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** Seconds. Programs without an explicit limit take less than a tenth of it. */
const LIMIT = 600;

/** Seconds. After a stop, programs are only started to help with the report. */
const LIMIT_WHEN_STOPPED = 3;

/** Milliseconds from a program's end until its pipes are closed. */
const PIPE_CLOSE_DELAY_MS = 2000;

/**
 * Starts programs in separate process groups, so that none outlives the check: on a timeout, and when the check ends, the whole group is killed.
 * Processes that left their group have a mark in their environment, and are killed by it when the check ends. None can gain privileges by sudo
 * or a set-user-id program. A name means the program that had it when the check began: the checked code may have replaced any file since.
 */
export class Processes {
  readonly #running = new Set<number>();
  readonly #mark = { name: "CPYTHON_MEMCHECK_CHECK", value: randomUUID() };
  readonly #stop = new AbortController();
  #stopped: Stop | undefined;
  /** The check's own environment. The only copy: variables that the action removes, such as tokens, reach no program. */
  readonly env: NodeJS.ProcessEnv;
  readonly #limit: number;
  #programs: Programs;

  /** @param limit seconds for programs without an explicit limit. */
  constructor(env: NodeJS.ProcessEnv, limit = LIMIT, programs = new Programs(env.PATH ?? "")) {
    this.env = env;
    this.#limit = limit;
    this.#programs = programs;
  }

  /** A note for the report on how programs are started. */
  get notes(): readonly Note[] {
    return this.#programs.setpriv === undefined ? [{ code: "unconfined" }] : [];
  }

  /** Looks up all programs again, for those that were installed since. Only before anything untrusted runs. */
  lookUpPrograms(): void {
    this.#programs = new Programs(this.env.PATH ?? "");
  }

  /** The path of a program when the check began; undefined if there was none. */
  pathOf(name: string): string | undefined {
    return this.#programs.find(name, "/");
  }

  /** Aborted when the check must end early. */
  get stopping(): AbortSignal {
    return this.#stop.signal;
  }

  /** Why the check must end; undefined while it may go on. */
  get stopped(): Stop | undefined {
    return this.#stopped;
  }

  /** Kills everything that runs. Programs started from now on get a few seconds. */
  stop(why: Stop): void {
    this.#stopped ??= why;
    this.#stop.abort();
    this.killAll();
  }

  /** @throws UserError if the program can't be started. */
  async run(program: string, args: readonly string[], options: RunOptions = {}): Promise<Ended> {
    if (options.logFile === undefined) return await this.start(program, args, { ...options, stdio: ["ignore", "pipe", "pipe"] }).ended;
    const log = openSync(options.logFile, "a");
    try {
      return await this.start(program, args, { ...options, stdio: ["ignore", log, log] }).ended;
    } finally {
      closeSync(log);
    }
  }

  /** Runs a program that must succeed and returns its standard output. @throws UserError with its last output otherwise. */
  async output(program: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
    const ended = await this.run(program, args, options);
    if (ended.code === 0) return ended.stdout;
    const lastWords = ended.stderr.trim().split("\n").slice(-5).join("\n");
    const how = ended.timedOut
      ? `took longer than ${options.timeout ?? this.#limit} s`
      : `failed (${ended.signal ?? `exit code ${ended.code}`})`;
    throw new UserError(`\`${[program, ...args].join(" ")}\` ${how}.`, { hint: lastWords });
  }

  /** Starts a program to communicate with, over the descriptors of `stdio`. @throws UserError if it is missing. */
  start(program: string, args: readonly string[], options: RunOptions & { readonly stdio: StdioOptions }): ProcessHandle {
    const began = performance.now();
    const child = this.#spawn(program, args, options);
    return { child, ended: this.#watch(child, program, options, began) };
  }

  /** Adopts a process group that one of our programs made, to be killed with all others; `leave` releases it. */
  adopt(leader: number): void {
    this.#running.add(leader);
  }

  leave(leader: number): void {
    this.#running.delete(leader);
  }

  kill(leader: number): void {
    killGroup(leader);
  }

  /** Kills every group that still runs, and all other processes with our mark. */
  killAll(): void {
    for (const pid of this.#running) killGroup(pid);
    killByMark(this.#mark);
  }

  #spawn(program: string, args: readonly string[], options: RunOptions & { readonly stdio: StdioOptions }): ChildProcess {
    const { cwd, stdio, env = this.env } = options;
    const path = this.#programs.find(program, cwd ?? process.cwd());
    if (path === undefined) throw new UserError(`\`${program}\` cannot be started: it was not found.`);
    const { setpriv } = this.#programs;
    const own = { cwd, env: { ...env, [this.#mark.name]: this.#mark.value }, detached: true, stdio };
    if (setpriv === undefined) return spawn(path, args, own);
    return spawn(setpriv, ["--no-new-privs", "--pdeathsig", "KILL", "--", path, ...args], own);
  }

  #watch(child: ChildProcess, program: string, options: RunOptions, began: number): Promise<Ended> {
    const stdout = readOutput(child.stdout, options);
    const stderr = readOutput(child.stderr);
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
      child.once("error", (cause) => reject(new UserError(`\`${program}\` cannot be started: ${cause.message}.`, { cause })));
      child.once("exit", () => {
        // Processes that the program left behind hold the pipes open: without this, a test's child would keep us waiting.
        if (pid !== undefined) killGroup(pid);
        // A child in another group lives on; the output so far is all that the program wrote.
        setTimeout(() => closePipes(child), PIPE_CLOSE_DELAY_MS).unref();
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
