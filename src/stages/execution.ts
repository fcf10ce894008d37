import type { RecordedFootprints } from "../affected/footprints.ts";
import type { Job } from "../engines/job.ts";
import type { EngineName } from "../model/engine-name.ts";
import type { Finding } from "../model/finding.ts";
import type { SuiteFile } from "../model/suite.ts";
import { runWithoutReport, type TestRun } from "../model/test-run.ts";
import { addTotals, type TortureTotals } from "../model/torture-totals.ts";
import { UserError } from "../model/user-error.ts";
import type { EngineFailure } from "../shards/gather.ts";
import type { PlannedTest } from "../shards/plan-shards.ts";
import type { RunResults } from "../shards/shard-result.ts";
import { mergeFootprints, readFootprints, storeFootprints } from "../shards/stored-footprints.ts";
import type { CrashDetail, Step, StoredRun } from "../shards/stored-run.ts";

/** The choice of a suite's test files, made for the plan before they are split into shards. */
export interface SuiteChoice {
  /** All test files that the suite collected. */
  readonly files: readonly string[];
  /** Test files for memcheck. */
  readonly memcheck: readonly string[];
}

/** The facts that one part of a sharded check starts with. */
export interface Part {
  /** Test files that run in this part. */
  readonly own: readonly PlannedTest[];
  /** Results of other shards; only for the report. */
  readonly shardResults: readonly RunResults[];
  readonly suite: SuiteChoice | null;
  /** Engines that failed on every machine. */
  readonly failures: readonly EngineFailure[];
}

const NOTHING_KNOWN = { shardResults: [], suite: null, failures: [] } as const;

/**
 * Decides which test files run in this process, and supplies the results of the others. All parts of a check go through the same stages: an
 * unsharded check runs all test files, a plan runs none, a shard runs its own, and the report uses the shards' runs as if they ran now.
 */
export class Execution {
  readonly #part: Omit<Part, "own">;
  /** Undefined: all test files. */
  readonly #own: ReadonlySet<string> | undefined;
  readonly #engines: ReadonlySet<EngineName>;
  readonly #known: ReadonlyMap<string, TestRun>;
  readonly #planned = new Map<string, PlannedTest>();
  readonly #runs: StoredRun[] = [];
  readonly #crashes: CrashDetail[] = [];
  #footprints: RecordedFootprints | undefined;
  #torture: TortureTotals | null = null;
  #suite: SuiteChoice | null = null;

  private constructor(own: readonly PlannedTest[] | undefined, part: Omit<Part, "own">) {
    this.#part = part;
    this.#own = own && new Set(own.map(({ engine, name }) => keyOf("first", engine, name)));
    this.#engines = new Set(own?.map(({ engine }) => engine));
    const runs = part.shardResults.flatMap((one) => one.runs);
    this.#known = new Map(runs.map(({ step, run }) => [keyOf(step, run.engine, run.name), run]));
  }

  /** For an unsharded check: everything runs here. */
  static whole(): Execution {
    return new Execution(undefined, NOTHING_KNOWN);
  }

  /** For a plan: nothing runs, and {@link planned} collects the test files that would. */
  static planning(): Execution {
    return new Execution([], NOTHING_KNOWN);
  }

  /** For a shard, which runs its own test files and everything that follows from them, or for a report, which runs none. */
  static ofPart({ own, ...part }: Part): Execution {
    return new Execution(own, part);
  }

  /** Whether this is an unsharded check. */
  get isWhole(): boolean {
    return this.#own === undefined;
  }

  /** Whether the engine runs any test file here. */
  runs(engine: EngineName): boolean {
    return this.isWhole || this.#engines.has(engine);
  }

  /** Whether nothing runs here. */
  get isIdle(): boolean {
    return this.#own?.size === 0;
  }

  /** All test files with a first run in this check, here or elsewhere. */
  get planned(): readonly PlannedTest[] {
    return [...this.#planned.values()];
  }

  /** Test files of {@link planned} without a known run. */
  get missing(): readonly PlannedTest[] {
    return [...this.#planned].flatMap(([key, test]) => (this.#known.has(key) ? [] : [test]));
  }

  /** Results of the runs that were made here. */
  get found(): RunResults {
    const footprints = this.#footprints === undefined ? null : storeFootprints(this.#footprints);
    return { runs: this.#runs, crashes: this.#crashes, footprints, torture: this.#torture };
  }

  /** Null if no suite was collected. */
  get suite(): SuiteChoice | null {
    return this.#suite;
  }

  /** @throws UserError if the engine failed on every other machine. */
  requireEngine(engine: EngineName): void {
    const failure = this.#part.failures.find((one) => one.engine === engine);
    if (failure !== undefined) throw new UserError(failure.detail, failure.hint === null ? {} : { hint: failure.hint });
  }

  /** Runs of the jobs, in order, made here or elsewhere. A first run that is missing counts as stopped; other missing runs are left out. */
  async run(
    engine: EngineName,
    step: Step,
    jobs: readonly Job[],
    execute: (jobs: readonly Job[]) => Promise<readonly TestRun[]>,
  ): Promise<readonly TestRun[]> {
    const keyFor = ({ name }: Pick<Job, "name">): string => keyOf(step, engine, name);
    if (step === "first") for (const { name } of jobs) this.#planned.set(keyFor({ name }), { engine, name });
    const runs = await execute(jobs.filter((job) => this.#isOwn(step, keyFor(job))));
    this.#runs.push(...runs.map((run) => ({ step, run })));
    const made = new Map(runs.map((run) => [keyFor(run), run]));
    return jobs.flatMap((job) => {
      const run = made.get(keyFor(job)) ?? this.#known.get(keyFor(job));
      return run ?? (step === "first" ? [notRun(job.name, engine)] : []);
    });
  }

  /** Retries, confirmations and the like run on the same machine as the first run. */
  #isOwn(step: Step, key: string): boolean {
    if (this.#own === undefined || step === "first") return this.#own?.has(key) ?? true;
    return !this.isIdle;
  }

  /** The test files of a suite. @param ask collects them from the runner if the plan does not have them. */
  async collect(ask: () => Promise<readonly Pick<SuiteFile, "name">[]>): Promise<readonly Pick<SuiteFile, "name">[]> {
    const files = this.#part.suite?.files.map((name) => ({ name })) ?? (await ask());
    this.#suite = { files: files.map(({ name }) => name), memcheck: this.#suite?.memcheck ?? [] };
    return files;
  }

  /** The test files of a suite that memcheck runs. */
  chooseForMemcheck(choose: () => readonly string[]): readonly string[] {
    const memcheck = this.#part.suite?.memcheck ?? choose();
    this.#suite = { files: this.#suite?.files ?? [], memcheck };
    return memcheck;
  }

  /** Errors that memcheck reports before a crash. @param look runs memcheck. */
  async lookAtCrash({ test, signature }: Finding, look: () => Promise<Finding["further"]>): Promise<Finding["further"]> {
    const known = this.#part.shardResults.flatMap(({ crashes }) => crashes);
    if (this.isIdle) return known.find((one) => one.test === test.file && one.signature === signature)?.further ?? [];
    const further = await look();
    this.#crashes.push({ test: test.file, signature, further });
    return further;
  }

  /** The footprints that all machines recorded. If a shard lacks its record, the result is `made`. @param made the record of this process. */
  recorded(made: RecordedFootprints | undefined): RecordedFootprints | undefined {
    this.#footprints = made;
    const scanned = this.#part.shardResults.filter(({ runs }) => runs.some(({ run }) => run.engine === "scan"));
    const parts = scanned.flatMap(({ footprints }) => (footprints === null ? [] : [readFootprints(footprints)]));
    return scanned.length === 0 || parts.length < scanned.length ? made : mergeFootprints(parts);
  }

  /** Totals of torture on all machines. @param made the totals of this process. */
  tortured(made: TortureTotals): TortureTotals {
    if (!this.isIdle) this.#torture = made;
    return this.#part.shardResults.reduce((sum, { torture }) => (torture === null ? sum : addTotals(sum, torture)), made);
  }
}

function keyOf(step: Step, engine: EngineName, name: string): string {
  return `${step} ${engine} ${name}`;
}

/** The run of a test file that another machine runs, or that no machine ran. */
function notRun(name: string, engine: EngineName): TestRun {
  return runWithoutReport({ name, engine, status: "stopped", incomplete: { code: "stopped", hadStarted: false } });
}
