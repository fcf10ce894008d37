import type { Progress } from "../ports.ts";
import { secondsInWords } from "../report/words.ts";
import { inPool } from "../system/pool.ts";
import type { Job, TestRun } from "./job.ts";
import { longestFirst } from "./plan.ts";

/** Recorded durations by test file, in seconds: from the baseline. */
export type Durations = ReadonlyMap<string, number>;

/** Those who do the jobs. */
export interface Crew {
  run(job: Job): Promise<TestRun>;
  /** When there is no more to do. */
  stop(): Promise<void>;
}

/** Runs jobs side by side and tells how far they are. The runs come in the order of the jobs. */
export async function runAll(
  jobs: readonly Job[],
  width: number,
  durations: Durations,
  crew: Crew,
  progress: Progress,
): Promise<readonly TestRun[]> {
  const clock = new Countdown(jobs, width, durations);
  const runOne = async (job: Job): Promise<TestRun> => {
    progress.update(clock.start(job), clock.position());
    const run = await crew.run(job);
    clock.stop(job);
    progress.note(describeRun(run));
    if (clock.running() !== "") progress.update(clock.running(), clock.position());
    return run;
  };
  const runs = await inPool(longestFirst(jobs, durations), width, runOne).finally(() => crew.stop());
  const byName = new Map(runs.map((run) => [run.name, run]));
  return jobs.flatMap((job) => byName.get(job.name) ?? []);
}

function describeRun(run: TestRun): string {
  const end = run.incomplete === null ? "" : `: ${run.incomplete}`;
  return `${run.name} ${run.status} in ${secondsInWords(run.seconds)}${end}`;
}

/** Knows what runs, and how long the rest takes where every job's time is recorded. */
class Countdown {
  readonly #waiting: Set<string>;
  readonly #started = new Map<string, number>();
  readonly #total: number;
  readonly #width: number;
  readonly #durations: Durations;

  constructor(jobs: readonly Job[], width: number, durations: Durations) {
    this.#waiting = new Set(jobs.map((job) => job.name));
    this.#total = jobs.length;
    this.#width = Math.min(width, jobs.length);
    this.#durations = durations;
  }

  start(job: Job): string {
    this.#waiting.delete(job.name);
    this.#started.set(job.name, performance.now());
    return this.running();
  }

  stop(job: Job): void {
    this.#started.delete(job.name);
  }

  running(): string {
    return [...this.#started.keys()].join(" ");
  }

  position(): { readonly done: number; readonly total: number; readonly left?: number } {
    const done = this.#total - this.#waiting.size - this.#started.size;
    const left = this.#secondsLeft();
    return left === undefined ? { done, total: this.#total } : { done, total: this.#total, left };
  }

  /** Undefined as soon as one job's time is not known: a guess would only annoy. */
  #secondsLeft(): number | undefined {
    const names = [...this.#waiting, ...this.#started.keys()];
    if (names.some((name) => !this.#durations.has(name))) return undefined;
    const rest = names.map((name) => {
      const spent = (performance.now() - (this.#started.get(name) ?? performance.now())) / 1000;
      return Math.max(0, (this.#durations.get(name) ?? 0) - spent);
    });
    return Math.max(rest.reduce((sum, seconds) => sum + seconds, 0) / this.#width, ...rest, 0);
  }
}
