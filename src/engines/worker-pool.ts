import type { SuiteFile } from "../model/suite.ts";
import { runWithoutReport, type TestRun } from "../model/test-run.ts";
import { UserError } from "../model/user-error.ts";
import type { Engine } from "./engine.ts";
import type { Job, RunContext } from "./job.ts";
import type { TestRunner } from "./run-all.ts";
import { Worker } from "./worker.ts";

/** The workers that run in parallel; each is reused for further test files while possible. */
export class WorkerPool implements TestRunner {
  readonly #engine: Engine;
  readonly #runContext: RunContext;
  readonly #before: WorkerPool | undefined;
  #idle: Worker[] = [];
  #hasStarted = false;

  /** @param before a pool that ran test files earlier in the same check. */
  constructor(engine: Engine, runContext: RunContext, before?: WorkerPool) {
    this.#engine = engine;
    this.#runContext = runContext;
    this.#before = before;
  }

  /** Whether a worker has started, here or before. */
  get hasStarted(): boolean {
    return this.#hasStarted || (this.#before?.hasStarted ?? false);
  }

  /** The test files of the suite, as collected by the first worker. @throws UserError if it does not start. */
  async collect(job: Pick<Job, "cwd" | "env">): Promise<readonly SuiteFile[]> {
    const worker = await Worker.start(job, this.#engine, this.#runContext);
    this.#hasStarted = true;
    this.#idle.push(worker);
    return worker.files;
  }

  async run(job: Job): Promise<TestRun> {
    const began = performance.now();
    const worker = this.#idle.pop() ?? (await this.#start(job));
    if (worker instanceof UserError) return notRun(job, this.#engine, worker, (performance.now() - began) / 1000);
    const run = await worker.run(job);
    if (worker.isUsable) this.#idle.push(worker);
    else await worker.stop();
    return run;
  }

  /** Abort if no worker ever started. If one did, a test file has broken something, so only this test file fails. */
  async #start(job: Job): Promise<Worker | UserError> {
    try {
      const worker = await Worker.start(job, this.#engine, this.#runContext);
      this.#hasStarted = true;
      return worker;
    } catch (error) {
      if (this.hasStarted && error instanceof UserError) return error;
      throw error;
    }
  }

  async stop(): Promise<void> {
    const idle = this.#idle;
    this.#idle = [];
    await Promise.all(idle.map((worker) => worker.stop()));
  }
}

function notRun({ name }: Job, engine: Engine, { message }: UserError, seconds: number): TestRun {
  return runWithoutReport({ name, engine: engine.name, status: "crashed", seconds, incomplete: { code: "not-started", detail: message } });
}
