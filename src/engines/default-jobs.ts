import { MAX_WORKER_KB } from "./worker.ts";

export interface DefaultJobs {
  readonly jobs: number;
  /** Why there are fewer than cores. */
  readonly note: string | undefined;
}

/**
 * One test file per core at once, as far as memory allows: a worker under memcheck may grow to `MAX_WORKER_KB` before it is replaced.
 * @param memory bytes; undefined if unknown
 */
export function defaultJobs(cores: number, memory: number | undefined): DefaultJobs {
  const affordable = memory === undefined ? cores : Math.floor(memory / (MAX_WORKER_KB * 1024));
  const jobs = Math.max(1, Math.min(cores, affordable));
  if (jobs >= cores || memory === undefined) return { jobs, note: undefined };
  const [available, each] = [(memory / 2 ** 30).toFixed(1), ((MAX_WORKER_KB * 1024) / 2 ** 30).toFixed(1)];
  const note = `Running ${jobs} test files at once on ${cores} cores: each may take ${each} GiB of the ${available} GiB of memory. \`jobs\` overrides this.`;
  return { jobs, note };
}
