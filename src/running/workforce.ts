import type { Engine } from "./engine.ts";
import type { Job, Laboratory, TestRun } from "./job.ts";
import type { Crew } from "./run-all.ts";
import { Worker } from "./worker.ts";

/** As many workers as work at once, each taken again for the next test file while it can be used. */
export class Workforce implements Crew {
  readonly #engine: Engine;
  readonly #lab: Laboratory;
  #idle: Worker[] = [];

  constructor(engine: Engine, lab: Laboratory) {
    this.#engine = engine;
    this.#lab = lab;
  }

  async run(job: Job): Promise<TestRun> {
    const worker = this.#idle.pop() ?? (await Worker.start(job, this.#engine, this.#lab));
    const run = await worker.run(job);
    if (worker.isUsable) this.#idle.push(worker);
    else await worker.stop();
    return run;
  }

  async stop(): Promise<void> {
    const idle = this.#idle;
    this.#idle = [];
    await Promise.all(idle.map((worker) => worker.stop()));
  }
}
