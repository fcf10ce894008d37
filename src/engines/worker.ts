import { closeSync, openSync } from "node:fs";
import { mkdir, mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { isLeak } from "../findings/segment.ts";
import type { SuiteFile } from "../model/suite.ts";
import { runWithoutReport, type TestRun } from "../model/test-run.ts";
import { UserError } from "../model/user-error.ts";
import type { Message } from "../probe/protocol.ts";
import { parentOf } from "../system/process-life.ts";
import type { ProcessHandle } from "../system/processes.ts";
import { CONTROL, ControlPipe, logName, orderLine } from "./control.ts";
import { type EndOfTest, endOfChild, endOfWorker } from "./end-of-test.ts";
import type { Engine } from "./engine.ts";
import type { Job, RunContext } from "./job.ts";
import { lastLinesOf } from "./log-tail.ts";
import { excessOutcome, judgeRun } from "./outcome.ts";
import { type Observed, ProcessReport } from "./process-report.ts";
import { readReport, readReports, reportName, summaryOf } from "./reports.ts";
import { watchTest } from "./watch.ts";

/** A larger worker gets no more test files: README.valgrind recommends running tests in batches for that reason. */
export const MAX_WORKER_KB = 1_500_000;

/** Seconds that a worker may be silent. */
export interface WorkerTimeouts {
  /** While the interpreter imports the test machinery under memcheck. */
  readonly start: number;
  /** For a fork, or for the end of a child that was killed. */
  readonly fork: number;
}

const TIMEOUTS: WorkerTimeouts = { start: 600, fork: 120 };

/**
 * A watched interpreter that imports the test machinery once and forks for each test file. The engine follows forks, and each child writes a
 * separate report.
 */
export class Worker {
  readonly #engine: Engine;
  readonly #runContext: RunContext;
  readonly #folder: string;
  readonly #handle: ProcessHandle;
  readonly #control: ControlPipe;
  readonly #timeouts: WorkerTimeouts;
  /** Errors made while importing the test machinery. They occur in every test file that the worker runs. */
  readonly #ownErrors: Observed[] = [];
  #files: readonly SuiteFile[] = [];
  #startSeconds = 0;
  #kilobytes = 0;
  #isDead = false;

  private constructor(engine: Engine, runContext: RunContext, folder: string, handle: ProcessHandle, timeouts: WorkerTimeouts) {
    this.#engine = engine;
    this.#runContext = runContext;
    this.#folder = folder;
    this.#handle = handle;
    this.#timeouts = timeouts;
    this.#control = new ControlPipe(handle.child.stdio[CONTROL] as Readable);
    const die = (): void => {
      this.#isDead = true;
    };
    handle.ended.then(die, die);
    // A failed write means that the worker has died, which its control pipe shows.
    handle.child.stdin?.on("error", die);
  }

  /** @throws UserError if the interpreter can't start, or the engine does not find the errors planted in it. */
  static async start(job: Pick<Job, "cwd" | "env">, engine: Engine, runContext: RunContext, timeouts = TIMEOUTS): Promise<Worker> {
    await mkdir(runContext.folder, { recursive: true });
    const folder = await mkdtemp(join(runContext.folder, `${engine.name}-worker-`));
    await mkdir(join(folder, "logs"));
    const began = performance.now();
    const output = openSync(workerLog(folder), "a");
    const worker = new Worker(engine, runContext, folder, engine.start(job, folder, output), timeouts);
    closeSync(output);
    const message = await worker.#control.next(timeouts.start);
    if (message?.event === "ready") worker.#files = message.files;
    else await worker.#refuse(message);
    await worker.#requireProof();
    worker.#startSeconds = (performance.now() - began) / 1000;
    return worker;
  }

  /** The test files of the suite that it has collected. */
  get files(): readonly SuiteFile[] {
    return this.#files;
  }

  get isUsable(): boolean {
    return !this.#isDead && this.#kilobytes < MAX_WORKER_KB;
  }

  /** Runs one test file. Any failure of its process, or of the worker, becomes an outcome of this test file. */
  async run(job: Job): Promise<TestRun> {
    const log = join(this.#folder, "logs", logName(job.name));
    const began = performance.now();
    this.#handle.child.stdin?.write(orderLine(job));
    const start = await this.#control.next(this.#timeouts.fork);
    if (start?.event !== "start" || !this.#mayBeOurs(start.pid)) return this.#lost(job, log, began);
    const { processes, timeout } = this.#runContext;
    if (this.#isChild(start.pid)) processes.adopt(start.pid);
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      this.#killTest(start.pid);
    }, timeout * 1000);
    using watch = watchTest(this.#folder, this.#pid, () => this.#killTest(start.pid));
    const silence = timeout + this.#timeouts.fork;
    const end = this.#forks ? await endOfChild(this.#control, start.pid, silence) : await endOfWorker(this.#handle, this.#startSeconds);
    clearTimeout(timer);
    if (this.#forks) processes.leave(start.pid);
    if (end === undefined) return this.#lost(job, log, began);
    this.#kilobytes = end.workerKilobytes;
    const run = { ...(await this.#read(job, end, timedOut)), log };
    return watch.excess === undefined ? run : { ...run, ...excessOutcome(watch.excess) };
  }

  /** Lets the interpreter exit normally. */
  async stop(): Promise<void> {
    if (this.#isDead) return;
    this.#handle.child.stdin?.end();
    await this.#handle.ended;
  }

  get #pid(): number {
    return this.#handle.child.pid ?? 0;
  }

  get #forks(): boolean {
    return this.#runContext.forks ?? true;
  }

  async #read(job: Job, end: EndOfTest, timedOut: boolean): Promise<Omit<TestRun, "log">> {
    const { timeout, project } = this.#runContext;
    const engine = this.#engine;
    const read = await readReports({
      engine,
      folder: this.#folder,
      pid: end.pid,
      testFile: job.name,
      leakCheck: "live",
      project,
      ...(this.#forks ? { parent: { pid: this.#pid, errors: this.#ownErrors } } : {}),
      onError: job.onError,
    });
    await engine.finished?.({ test: job.name, folder: this.#folder, pid: end.pid });
    // If its folder is gone, no other test file would have a report either.
    if (read.report.ending === undefined) this.#kill();
    const ended = { code: end.exit, signal: end.signal, timedOut };
    const outcome = judgeRun(ended, read.report, { engine, leakCheck: "live", timeout, isInWorker: true });
    const costs = { start: this.#startSeconds, leakChecks: read.report.leakCheckSeconds, reading: read.seconds };
    this.#startSeconds = 0;
    return { name: job.name, engine: engine.name, ...outcome, ...summaryOf(read), seconds: end.seconds, costs };
  }

  /** Whether a message can be the worker's own: a test could write any process number to its pipe, to have us kill that process. */
  #mayBeOurs(pid: number): boolean {
    if (!this.#forks) return pid === this.#pid;
    // A child that has ended has no parent.
    return this.#isChild(pid) || parentOf(pid) === 0;
  }

  #isChild(pid: number): boolean {
    return parentOf(pid) === this.#pid;
  }

  #killTest(pid: number): void {
    if (pid === this.#pid || this.#isChild(pid)) this.#runContext.processes.kill(pid);
  }

  #kill(): void {
    this.#isDead = true;
    this.#runContext.processes.kill(this.#pid);
  }

  #lost({ name }: Job, log: string, began: number): TestRun {
    this.#kill();
    const seconds = (performance.now() - began) / 1000;
    return runWithoutReport({ name, engine: this.#engine.name, status: "crashed", seconds, incomplete: { code: "worker-lost" }, log });
  }

  async #refuse(message: Message | undefined): Promise<never> {
    this.#kill();
    if (message?.event === "free-lists")
      throw new UserError("This CPython has free lists that can't be disabled, so allocation stacks would be wrong.");
    const why = await this.#engine.whyNotStarted(this.#folder);
    const { suite } = this.#runContext;
    const what = suite === undefined ? "An interpreter did not start" : `${suite.runner} did not start`;
    const log = workerLog(this.#folder);
    throw new UserError(`${what} under ${this.#engine.title}${why === undefined ? "." : `: ${why}`}`, {
      hint: [...(await lastLinesOf(log)), `Its log: ${log}`].join("\n"),
    });
  }

  /** The report is still being written, so it has no end yet, but must contain the planted errors. */
  async #requireProof(): Promise<void> {
    const engine = this.#engine;
    const report = new ProcessReport("exit");
    await readReport(engine, join(this.#folder, reportName(engine, this.#pid)), report, (observed) => {
      if (!isLeak(observed.error.kind)) this.#ownErrors.push(observed);
    });
    if (engine.proof.every((proof) => report.seen[proof])) return;
    this.#kill();
    throw new UserError(`In an interpreter, ${engine.title} missed the planted errors, so its results can't be trusted.`);
  }
}

function workerLog(folder: string): string {
  return join(folder, "worker.log");
}
