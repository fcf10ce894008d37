import type { EngineName } from "../model/engine-name.ts";

/** A test file that a repository leaves out of its checks. */
export interface Skip {
  /** `test_gdb`; a package's name stands for all its files. */
  readonly test: string;
  readonly reason: string;
  /** Under this engine only, where given. */
  readonly engine?: EngineName | undefined;
  /** The last day on which it holds, `2027-03-01`; forever where not given. */
  readonly expires?: string | undefined;
}

export interface Partition<Job> {
  readonly jobs: readonly Job[];
  readonly skipped: readonly { readonly name: string; readonly skip: Skip }[];
}

/**
 * Takes skipped test files out of what an engine runs.
 * @param today `2027-03-01`; days in this form sort as text.
 */
export function leaveOut<Job extends { readonly name: string }>(
  jobs: readonly Job[],
  skips: readonly Skip[],
  engine: EngineName,
  today: string,
): Partition<Job> {
  const valid = skips.filter((skip) => !isExpired(skip, today) && (skip.engine ?? engine) === engine);
  const skipOf = ({ name }: Job): Skip | undefined => valid.find(({ test }) => name === test || name.startsWith(`${test}.`));
  return {
    jobs: jobs.filter((job) => skipOf(job) === undefined),
    skipped: jobs.flatMap((job) => {
      const skip = skipOf(job);
      return skip === undefined ? [] : [{ name: job.name, skip }];
    }),
  };
}

export function isExpired({ expires }: Pick<Skip, "expires">, today: string): boolean {
  return expires !== undefined && expires < today;
}
