import type { Job } from "./job.ts";

/** Recorded durations of test files, in seconds, from the baseline. */
export type Durations = ReadonlyMap<string, number>;

const MIN_FINISHED_TO_ESTIMATE = 10;

/** Tracks what is running, and estimates the remaining time. */
export class Countdown {
  readonly #waiting: Set<string>;
  readonly #started = new Map<string, number>();
  /** Total duration of the finished jobs, in seconds. */
  readonly #finished: number[] = [];
  readonly #total: number;
  readonly #width: number;
  readonly #durations: Durations;

  constructor(jobs: readonly Pick<Job, "name">[], width: number, durations: Durations) {
    this.#waiting = new Set(jobs.map((job) => job.name));
    this.#total = jobs.length;
    this.#width = Math.min(width, jobs.length);
    this.#durations = durations;
  }

  start(job: Pick<Job, "name">): string {
    this.#waiting.delete(job.name);
    this.#started.set(job.name, performance.now());
    return this.running();
  }

  stop(job: Pick<Job, "name">): void {
    const started = this.#started.get(job.name);
    if (started !== undefined) this.#finished.push((performance.now() - started) / 1000);
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

  /** Test files without a recorded time are assumed to take as long as those before; undefined until enough have finished for a useful estimate. */
  #secondsLeft(): number | undefined {
    const names = [...this.#waiting, ...this.#started.keys()];
    const isGuess = names.some((name) => !this.#durations.has(name));
    if (isGuess && this.#finished.length < MIN_FINISHED_TO_ESTIMATE) return undefined;
    const mean = this.#finished.reduce((sum, seconds) => sum + seconds, 0) / this.#finished.length;
    const rest = names.map((name) => {
      const spent = (performance.now() - (this.#started.get(name) ?? performance.now())) / 1000;
      return Math.max(0, (this.#durations.get(name) ?? mean) - spent);
    });
    return Math.max(rest.reduce((sum, seconds) => sum + seconds, 0) / this.#width, ...rest, 0);
  }
}
