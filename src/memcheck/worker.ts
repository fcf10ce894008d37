import { closeSync, openSync, writeFileSync } from "node:fs";
import { mkdir, mkdtemp } from "node:fs/promises";
import { constants } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import * as v from "valibot";
import { UserError } from "../errors.ts";
import type { Conversation } from "../system/processes.ts";
import { memcheckArgs } from "./command.ts";
import { judgeRun } from "./outcome.ts";
import { type Observed, ProcessReport } from "./process-report.ts";
import { readReport, readReports, reportName } from "./reports.ts";
import { type Job, type Laboratory, NO_COSTS, type TestRun } from "./run.ts";

/** What a worker says on its control pipe. */
const MessageSchema = v.variant("event", [
  v.object({ event: v.literal("free-lists") }),
  v.object({ event: v.literal("ready"), pid: v.number(), workerKilobytes: v.number() }),
  v.object({ event: v.literal("start"), name: v.string(), pid: v.number() }),
  v.object({
    event: v.literal("end"),
    name: v.string(),
    pid: v.number(),
    exit: v.nullable(v.number()),
    signal: v.nullable(v.number()),
    seconds: v.number(),
    workerKilobytes: v.number(),
  }),
]);

type Message = v.InferOutput<typeof MessageSchema>;

/** A worker that has grown beyond this is not given another test file: README.valgrind asks for tests in batches for that reason. */
const MOST_KILOBYTES = 1_500_000;

/** Seconds that an interpreter may take under memcheck to import the test machinery. */
const START_TIMEOUT = 600;

/** Seconds for a fork, or for the end of a child that was killed. */
const FORK_TIMEOUT = 120;

/** Numbers of the descriptors beside the three usual ones. */
const CONTROL = 3;
const MEMCHECK_LOG = 4;

/**
 * An interpreter under memcheck that has imported the test machinery once and forks for each test file. Valgrind follows a fork, keeps its
 * translations, and has the child write to a report of its own.
 */
export class Worker {
  readonly #lab: Laboratory;
  readonly #folder: string;
  readonly #conversation: Conversation;
  readonly #messages: AsyncIterator<string>;
  /** Made while the test machinery was imported. Every test file that the worker runs has them. */
  readonly #ownErrors: Observed[] = [];
  #startSeconds = 0;
  #kilobytes = 0;
  #isDead = false;

  private constructor(lab: Laboratory, folder: string, conversation: Conversation) {
    this.#lab = lab;
    this.#folder = folder;
    this.#conversation = conversation;
    const control = conversation.child.stdio[CONTROL] as Readable;
    this.#messages = createInterface({ input: control })[Symbol.asyncIterator]();
    const die = (): void => {
      this.#isDead = true;
    };
    conversation.ended.then(die, die);
    // A worker that dies while it is spoken to shows in its control pipe.
    conversation.child.stdin?.on("error", die);
  }

  /** @throws UserError when the interpreter cannot start, or when memcheck does not see what is planted in it. */
  static async start(job: Pick<Job, "cwd" | "env">, lab: Laboratory): Promise<Worker> {
    const folder = await mkdtemp(join(lab.folder, "worker-"));
    await mkdir(join(folder, "logs"));
    const began = performance.now();
    const worker = new Worker(lab, folder, startInterpreter(job, folder, lab));
    const message = await worker.#next(START_TIMEOUT);
    if (message?.event === "free-lists")
      throw new UserError("This CPython has free lists that cannot be disabled: stacks would be those of others.");
    if (message?.event !== "ready")
      throw new UserError("An interpreter did not start under memcheck.", { hint: `Its log: ${join(folder, "worker.log")}` });
    await worker.#requireProof(message.pid);
    worker.#startSeconds = (performance.now() - began) / 1000;
    return worker;
  }

  get isUsable(): boolean {
    return !this.#isDead && this.#kilobytes < MOST_KILOBYTES;
  }

  /** Runs one test file in a child. Whatever happens to the child, or to the worker, becomes an outcome of this test file. */
  async run(job: Job): Promise<TestRun> {
    const log = join(this.#folder, "logs", `${job.name}.log`);
    const began = performance.now();
    this.#conversation.child.stdin?.write(`${job.name}\n`);
    const start = await this.#next(FORK_TIMEOUT);
    if (start?.event !== "start") return this.#lost(job, log, began);
    const { processes, timeout, options, project } = this.#lab;
    processes.adopt(start.pid);
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      processes.kill(start.pid);
    }, timeout * 1000);
    const end = await this.#next(timeout + FORK_TIMEOUT);
    clearTimeout(timer);
    processes.leave(start.pid);
    if (end?.event !== "end") return this.#lost(job, log, began);
    this.#kilobytes = end.workerKilobytes;
    const { leakCheck } = options;
    const parent = { report: reportName(this.#conversation.child.pid ?? 0), errors: this.#ownErrors };
    const {
      report,
      findings,
      seconds: reading,
    } = await readReports({
      folder: this.#folder,
      pid: start.pid,
      testFile: job.name,
      leakCheck,
      project,
      parent,
    });
    const ended = { code: end.exit, signal: end.signal === null ? null : signalName(end.signal), timedOut };
    const costs = { start: this.#startSeconds, leakChecks: report.leakCheckSeconds, reading };
    this.#startSeconds = 0;
    return { name: job.name, ...judgeRun(ended, report, leakCheck, timeout), seconds: end.seconds, findings, costs, log };
  }

  /** Lets the interpreter end by itself. */
  async stop(): Promise<void> {
    if (this.#isDead) return;
    this.#conversation.child.stdin?.end();
    await this.#conversation.ended;
  }

  #kill(): void {
    this.#isDead = true;
    this.#lab.processes.kill(this.#conversation.child.pid ?? 0);
  }

  #lost(job: Job, log: string, began: number): TestRun {
    this.#kill();
    const seconds = (performance.now() - began) / 1000;
    return {
      name: job.name,
      status: "crashed",
      seconds,
      incomplete: "the interpreter that ran it under memcheck was lost",
      findings: [],
      costs: NO_COSTS,
      log,
    };
  }

  /** Undefined when the pipe is closed, or nothing came in time. */
  async #next(seconds: number): Promise<Message | undefined> {
    const { promise: silence, resolve } = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => resolve(undefined), seconds * 1000);
    const line = await Promise.race([this.#messages.next(), silence]);
    clearTimeout(timer);
    if (line === undefined || line.done) return undefined;
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), MessageSchema), line.value);
    return parsed.success ? parsed.output : undefined;
  }

  /** The report is still being written: it ends without its end, but the planted errors must be in it. */
  async #requireProof(pid: number): Promise<void> {
    const report = new ProcessReport("exit");
    await readReport(join(this.#folder, reportName(pid)), report, (observed) => {
      if (!observed.error.kind.startsWith("Leak_")) this.#ownErrors.push(observed);
    });
    if (report.seen.read && report.seen.leak) return;
    this.#kill();
    throw new UserError("Memcheck did not report the errors that were planted in an interpreter: it would find nothing else either.");
  }
}

function startInterpreter(job: Pick<Job, "cwd" | "env">, folder: string, lab: Laboratory): Conversation {
  const output = openSync(join(folder, "worker.log"), "a");
  try {
    return withMemcheckLog(folder, ({ memcheckLog, descriptor, args }) => {
      const interpreter = [lab.python.path, lab.python.probe.runner];
      const places = ["--reports", folder, "--memcheck-log", memcheckLog, "--logs", join(folder, "logs")];
      const serve = [
        "serve",
        "--control",
        `${CONTROL}`,
        ...places,
        "--leak-check-per",
        lab.leakCheckPer,
        "--python-stacks",
        lab.pythonStacks ? "12" : "0",
      ];
      const words = [...memcheckArgs({ ...lab.options, xmlFolder: folder }), ...args, ...interpreter, ...serve];
      return lab.processes.start("valgrind", words, { cwd: job.cwd, env: job.env, stdio: ["pipe", output, output, "pipe", descriptor] });
    });
  } finally {
    closeSync(output);
  }
}

/** Memcheck answers the probe's questions about lost blocks in its log, which is a file that the probe reads. */
export function withMemcheckLog<Result>(
  folder: string,
  start: (log: { readonly memcheckLog: string; readonly descriptor: number; readonly args: readonly string[] }) => Result,
): Result {
  const memcheckLog = join(folder, "memcheck.log");
  writeFileSync(memcheckLog, "");
  const descriptor = openSync(memcheckLog, "a");
  try {
    return start({ memcheckLog, descriptor, args: [`--log-fd=${MEMCHECK_LOG}`] });
  } finally {
    closeSync(descriptor);
  }
}

function signalName(number: number): string {
  return Object.entries(constants.signals).find(([, value]) => value === number)?.[0] ?? `signal ${number}`;
}
