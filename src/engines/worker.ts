import { closeSync, openSync } from "node:fs";
import { mkdir, mkdtemp } from "node:fs/promises";
import { constants } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { NO_COSTS, type TestRun } from "../model/test-run.ts";
import { UserError } from "../model/user-error.ts";
import type { Message } from "../probe/protocol.ts";
import { parentOf } from "../system/process-life.ts";
import type { ProcessHandle } from "../system/processes.ts";
import { CONTROL, ControlPipe } from "./control.ts";
import type { Engine } from "./engine.ts";
import type { Job, RunContext } from "./job.ts";
import { countTests, excessOutcome, judgeRun } from "./outcome.ts";
import { type Observed, ProcessReport } from "./process-report.ts";
import { readReport, readReports, reportName } from "./reports.ts";
import { watchTest } from "./watch.ts";

/** A worker that has grown beyond this is not given another test file: README.valgrind asks for tests in batches for that reason. */
export const MAX_WORKER_KB = 1_500_000;

/** Seconds that an interpreter may take under memcheck to import the test machinery. */
const START_TIMEOUT = 600;

/** Seconds for a fork, or for the end of a child that was killed. */
const FORK_TIMEOUT = 120;

/**
 * A watched interpreter that has imported the test machinery once and forks for each test file. The engine follows a fork, and has the child
 * write to a report of its own.
 */
export class Worker {
  readonly #engine: Engine;
  readonly #runContext: RunContext;
  readonly #folder: string;
  readonly #handle: ProcessHandle;
  readonly #control: ControlPipe;
  /** Made while the test machinery was imported. Every test file that the worker runs has them. */
  readonly #ownErrors: Observed[] = [];
  #startSeconds = 0;
  #kilobytes = 0;
  #isDead = false;

  private constructor(engine: Engine, runContext: RunContext, folder: string, handle: ProcessHandle) {
    this.#engine = engine;
    this.#runContext = runContext;
    this.#folder = folder;
    this.#handle = handle;
    this.#control = new ControlPipe(handle.child.stdio[CONTROL] as Readable);
    const die = (): void => {
      this.#isDead = true;
    };
    handle.ended.then(die, die);
    // A worker that dies while it is spoken to shows in its control pipe.
    handle.child.stdin?.on("error", die);
  }

  /** @throws UserError when the interpreter cannot start, or when the engine does not see what is planted in it. */
  static async start(job: Pick<Job, "cwd" | "env">, engine: Engine, runContext: RunContext): Promise<Worker> {
    await mkdir(runContext.folder, { recursive: true });
    const folder = await mkdtemp(join(runContext.folder, `${engine.name}-worker-`));
    await mkdir(join(folder, "logs"));
    const began = performance.now();
    const output = openSync(workerLog(folder), "a");
    const worker = new Worker(engine, runContext, folder, engine.start(job, folder, output));
    closeSync(output);
    const message = await worker.#control.next(START_TIMEOUT);
    if (message?.event !== "ready") await worker.#refuse(message);
    await worker.#requireProof();
    worker.#startSeconds = (performance.now() - began) / 1000;
    return worker;
  }

  get isUsable(): boolean {
    return !this.#isDead && this.#kilobytes < MAX_WORKER_KB;
  }

  /** Runs one test file in a child. Whatever happens to the child, or to the worker, becomes an outcome of this test file. */
  async run(job: Job): Promise<TestRun> {
    const log = join(this.#folder, "logs", `${job.name}.log`);
    const began = performance.now();
    this.#handle.child.stdin?.write(`${job.name}${job.references ? " references" : ""}\n`);
    const start = await this.#control.next(FORK_TIMEOUT);
    if (start?.event !== "start" || !this.#mayBeChild(start.pid)) return this.#lost(job, log, began);
    const { processes, timeout } = this.#runContext;
    if (this.#isChild(start.pid)) processes.adopt(start.pid);
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      this.#killChild(start.pid);
    }, timeout * 1000);
    using watch = watchTest(this.#folder, this.#pid, () => this.#killChild(start.pid));
    const end = await this.#control.next(timeout + FORK_TIMEOUT);
    clearTimeout(timer);
    processes.leave(start.pid);
    if (end?.event !== "end" || end.pid !== start.pid) return this.#lost(job, log, began);
    this.#kilobytes = end.workerKilobytes;
    const run = { ...(await this.#read(job, end, timedOut)), log };
    return watch.excess === undefined ? run : { ...run, ...excessOutcome(watch.excess) };
  }

  /** Lets the interpreter end by itself. */
  async stop(): Promise<void> {
    if (this.#isDead) return;
    this.#handle.child.stdin?.end();
    await this.#handle.ended;
  }

  get #pid(): number {
    return this.#handle.child.pid ?? 0;
  }

  async #read(job: Job, end: Extract<Message, { event: "end" }>, timedOut: boolean): Promise<Omit<TestRun, "log">> {
    const { timeout, project } = this.#runContext;
    const engine = this.#engine;
    const parent = { pid: this.#pid, errors: this.#ownErrors };
    const read = await readReports({ engine, folder: this.#folder, pid: end.pid, testFile: job.name, leakCheck: "live", project, parent });
    await engine.finished?.({ test: job.name, folder: this.#folder, pid: end.pid });
    // Where its folder is gone, no other test file would have a report either.
    if (read.report.ending === undefined) this.#kill();
    const ended = { code: end.exit, signal: end.signal === null ? null : signalName(end.signal), timedOut };
    const outcome = judgeRun(ended, read.report, { engine, leakCheck: "live", timeout });
    const costs = { start: this.#startSeconds, leakChecks: read.report.leakCheckSeconds, reading: read.seconds };
    this.#startSeconds = 0;
    return {
      name: job.name,
      engine: engine.name,
      ...outcome,
      ran: countTests(read.report.results),
      seconds: end.seconds,
      findings: read.findings,
      suppressed: [...read.report.suppressed.keys()],
      costs,
    };
  }

  /** Whether a message can be the worker's own: another writer into its pipe could name any process, to have us kill it. */
  #mayBeChild(pid: number): boolean {
    // A child that is over already has no parent.
    return this.#isChild(pid) || parentOf(pid) === 0;
  }

  #isChild(pid: number): boolean {
    return parentOf(pid) === this.#pid;
  }

  #killChild(pid: number): void {
    if (this.#isChild(pid)) this.#runContext.processes.kill(pid);
  }

  #kill(): void {
    this.#isDead = true;
    this.#runContext.processes.kill(this.#pid);
  }

  #lost(job: Job, log: string, began: number): TestRun {
    this.#kill();
    return {
      name: job.name,
      engine: this.#engine.name,
      status: "crashed",
      seconds: (performance.now() - began) / 1000,
      incomplete: { code: "worker-lost" },
      ran: null,
      findings: [],
      suppressed: [],
      costs: NO_COSTS,
      log,
    };
  }

  async #refuse(message: Message | undefined): Promise<never> {
    this.#kill();
    if (message?.event === "free-lists")
      throw new UserError("This CPython has free lists that can't be disabled, so allocation stacks would be wrong.");
    const why = await this.#engine.whyNotStarted(this.#folder);
    throw new UserError(`An interpreter did not start under ${this.#engine.title}${why === undefined ? "." : `: ${why}`}`, {
      hint: `Its log: ${workerLog(this.#folder)}`,
    });
  }

  /** The report is still being written: it ends without its end, but the planted errors must be in it. */
  async #requireProof(): Promise<void> {
    const engine = this.#engine;
    const report = new ProcessReport("exit");
    await readReport(engine, join(this.#folder, reportName(engine, this.#pid)), report, (observed) => {
      if (!observed.error.kind.startsWith("Leak_")) this.#ownErrors.push(observed);
    });
    if (engine.proof.every((proof) => report.seen[proof])) return;
    this.#kill();
    throw new UserError(`In an interpreter, ${engine.title} missed the planted errors, so its results can't be trusted.`);
  }
}

function workerLog(folder: string): string {
  return join(folder, "worker.log");
}

function signalName(number: number): string {
  return Object.entries(constants.signals).find(([, value]) => value === number)?.[0] ?? `signal ${number}`;
}
