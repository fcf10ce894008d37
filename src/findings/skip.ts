import type { EngineName } from "../model/engine-name.ts";

/** A test file that a repository excludes from its checks. */
export interface Skip {
  /** `test_gdb`; the name of a package stands for all its files. For a suite, the file's path from the folder in which its command runs. */
  readonly test: string;
  readonly reason: string;
  /** Only under this engine, if given. */
  readonly engine?: EngineName | undefined;
  /** The last valid day, `2027-03-01`; unlimited if not given. */
  readonly expires?: string | undefined;
}

export interface Partition<Job> {
  readonly jobs: readonly Job[];
  readonly skipped: readonly { readonly name: string; readonly skip: Skip }[];
}

/**
 * Removes skipped test files from an engine's list.
 * @param today `2027-03-01`; days in this form sort as text.
 */
export function leaveOut<Job extends { readonly name: string }>(
  jobs: readonly Job[],
  skips: readonly Skip[],
  engine: EngineName,
  today: string,
): Partition<Job> {
  const valid = skips.filter((skip) => !isExpired(skip, today) && (skip.engine ?? engine) === engine);
  const skipOf = ({ name }: Job): Skip | undefined => valid.find((skip) => isSkippedBy(skip, name));
  return {
    jobs: jobs.filter((job) => skipOf(job) === undefined),
    skipped: jobs.flatMap((job) => {
      const skip = skipOf(job);
      return skip === undefined ? [] : [{ name: job.name, skip }];
    }),
  };
}

/** Whether an entry names a test file, or the package that it is in. */
export function isSkippedBy({ test }: Pick<Skip, "test">, name: string): boolean {
  return name === test || name.startsWith(`${test}.`);
}

export function isExpired({ expires }: Pick<Skip, "expires">, today: string): boolean {
  return expires !== undefined && expires < today;
}
