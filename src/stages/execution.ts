import type { RecordedFootprints } from "../affected/footprints.ts";
import type { Job } from "../engines/job.ts";
import type { EngineName } from "../model/engine-name.ts";
import type { Finding } from "../model/finding.ts";
import type { Problem } from "../model/problem.ts";
import type { SuiteFile } from "../model/suite.ts";
import { runWithoutReport, type TestRun } from "../model/test-run.ts";
import { addTotals, type TortureTotals } from "../model/torture-totals.ts";
import { UserError } from "../model/user-error.ts";
import type { PlannedTest } from "../shards/plan-shards.ts";
import type { Yield } from "../shards/shard-result.ts";
import { mergeFootprints, readFootprints, storeFootprints } from "../shards/stored-footprints.ts";
import type { CrashDetail, Step, StoredRun } from "../shards/stored-run.ts";

/** What was chosen of a suite before its test files were spread over machines. */
export interface SuiteChoice {
  /** All test files that it collected. */
  readonly files: readonly string[];
  /** Those for memcheck. */
  readonly memcheck: readonly string[];
}

/** What is known in a part of a check. */
export interface Part {
  readonly own: readonly PlannedTest[];
  /** What whole shards came to. */
  readonly yields: readonly Yield[];
  readonly suite: SuiteChoice | null;
  /** Engines that ran on no machine. */
  readonly failures: readonly EngineFailure[];
}

export type EngineFailure = Extract<Problem, { code: "engine-failed" }>;

const NOTHING_KNOWN = { yields: [], suite: null, failures: [] } as const;

/**
 * Which test files of a check run in this process, and what is known of the others. The stages are the same everywhere: in a check all run here, for a
 * plan none does, in a shard its own, and for a report what the shards ran is taken as if it ran now.
 */
export class Execution {
  readonly #part: Omit<Part, "own">;
  /** Undefined for all of them. */
  readonly #own: ReadonlySet<string> | undefined;
  readonly #engines: ReadonlySet<EngineName>;
  readonly #known: ReadonlyMap<string, TestRun>;
  readonly #asked = new Map<string, PlannedTest>();
  readonly #runs: StoredRun[] = [];
  readonly #crashes: CrashDetail[] = [];
  #footprints: RecordedFootprints | undefined;
  #torture: TortureTotals | null = null;
  #suite: SuiteChoice | null = null;

  private constructor(own: readonly PlannedTest[] | undefined, part: Omit<Part, "own">) {
    this.#part = part;
    this.#own = own && new Set(own.map(({ engine, name }) => keyOf("first", engine, name)));
    this.#engines = new Set(own?.map(({ engine }) => engine));
    const runs = part.yields.flatMap((one) => one.runs);
    this.#known = new Map(runs.map(({ step, run }) => [keyOf(step, run.engine, run.name), run]));
  }

  /** Everything runs here. */
  static whole(): Execution {
    return new Execution(undefined, NOTHING_KNOWN);
  }

  /** Nothing runs: what would is found out. */
  static planning(): Execution {
    return new Execution([], NOTHING_KNOWN);
  }

  /** Some test files run here, and whatever follows from their runs; none of a report. */
  static ofPart({ own, ...part }: Part): Execution {
    return new Execution(own, part);
  }

  /** Whether this is all of a check, not a part of one. */
  get isWhole(): boolean {
    return this.#own === undefined;
  }

  /** Whether the engine gets a test file to run here. */
  runs(engine: EngineName): boolean {
    return this.isWhole || this.#engines.has(engine);
  }

  /** Whether anything runs here. */
  get isIdle(): boolean {
    return this.#own?.size === 0;
  }

  /** All test files that were to run for the first time, here or elsewhere. */
  get asked(): readonly PlannedTest[] {
    return [...this.#asked.values()];
  }

  /** Those of {@link asked} of which no run is known. */
  get unknown(): readonly PlannedTest[] {
    return [...this.#asked].flatMap(([key, test]) => (this.#known.has(key) ? [] : [test]));
  }

  /** What the runs came to that were made here. */
  get found(): Yield {
    const footprints = this.#footprints === undefined ? null : storeFootprints(this.#footprints);
    return { runs: this.#runs, crashes: this.#crashes, footprints, torture: this.#torture };
  }

  /** Null where no suite was collected. */
  get suite(): SuiteChoice | null {
    return this.#suite;
  }

  /** @throws UserError where the engine ran on no other machine. */
  requireEngine(engine: EngineName): void {
    const failure = this.#part.failures.find((one) => one.engine === engine);
    if (failure !== undefined) throw new UserError(failure.detail, failure.hint === null ? {} : { hint: failure.hint });
  }

  /** The runs of jobs in their order: made now or elsewhere. A first run of which nothing is known counts as stopped; another one is left out. */
  async run(
    engine: EngineName,
    step: Step,
    jobs: readonly Job[],
    execute: (jobs: readonly Job[]) => Promise<readonly TestRun[]>,
  ): Promise<readonly TestRun[]> {
    const keyFor = ({ name }: Pick<Job, "name">): string => keyOf(step, engine, name);
    if (step === "first") for (const { name } of jobs) this.#asked.set(keyFor({ name }), { engine, name });
    const runs = await execute(jobs.filter((job) => this.#isOwn(step, keyFor(job))));
    this.#runs.push(...runs.map((run) => ({ step, run })));
    const made = new Map(runs.map((run) => [keyFor(run), run]));
    return jobs.flatMap((job) => {
      const run = made.get(keyFor(job)) ?? this.#known.get(keyFor(job));
      return run ?? (step === "first" ? [notRun(job.name, engine)] : []);
    });
  }

  /** What follows from a first run is run where that was. */
  #isOwn(step: Step, key: string): boolean {
    if (this.#own === undefined || step === "first") return this.#own?.has(key) ?? true;
    return !this.isIdle;
  }

  /** The test files of a suite. @param ask its runner. */
  async collect(ask: () => Promise<readonly Pick<SuiteFile, "name">[]>): Promise<readonly Pick<SuiteFile, "name">[]> {
    const files = this.#part.suite?.files.map((name) => ({ name })) ?? (await ask());
    this.#suite = { files: files.map(({ name }) => name), memcheck: this.#suite?.memcheck ?? [] };
    return files;
  }

  /** Memcheck's test files of a suite. */
  chooseForMemcheck(choose: () => readonly string[]): readonly string[] {
    const memcheck = this.#part.suite?.memcheck ?? choose();
    this.#suite = { files: this.#suite?.files ?? [], memcheck };
    return memcheck;
  }

  /** What memcheck saw before a crash. @param look asks it. */
  async lookAtCrash({ test, signature }: Finding, look: () => Promise<Finding["further"]>): Promise<Finding["further"]> {
    const known = this.#part.yields.flatMap(({ crashes }) => crashes);
    if (this.isIdle) return known.find((one) => one.test === test.file && one.signature === signature)?.further ?? [];
    const further = await look();
    this.#crashes.push({ test: test.file, signature, further });
    return further;
  }

  /** What all machines recorded of the scan's test files; undefined where one of them did not. @param made here. */
  recorded(made: RecordedFootprints | undefined): RecordedFootprints | undefined {
    this.#footprints = made;
    const scanned = this.#part.yields.filter(({ runs }) => runs.some(({ run }) => run.engine === "scan"));
    const parts = scanned.flatMap(({ footprints }) => (footprints === null ? [] : [readFootprints(footprints)]));
    return scanned.length === 0 || parts.length < scanned.length ? made : mergeFootprints(parts);
  }

  /** What torture looked at on all machines. @param made here. */
  tortured(made: TortureTotals): TortureTotals {
    if (!this.isIdle) this.#torture = made;
    return this.#part.yields.reduce((sum, { torture }) => (torture === null ? sum : addTotals(sum, torture)), made);
  }
}

function keyOf(step: Step, engine: EngineName, name: string): string {
  return `${step} ${engine} ${name}`;
}

/** A test file that another machine runs, or that none did. */
function notRun(name: string, engine: EngineName): TestRun {
  return runWithoutReport({ name, engine, status: "stopped", incomplete: { code: "stopped", hadStarted: false } });
}
