import type { Baseline } from "../../findings/baseline.ts";
import type { BaselineLookup, BaselineRecording, BaselineStore } from "../../findings/baseline-store.ts";
import type { RecordingFailure } from "../../model/problem.ts";
import type { Recorder } from "../../model/recorder.ts";
import { encodeBaseline } from "../common/baseline-file.ts";
import type { ArtifactUploader } from "./artifact-upload.ts";
import { type BaselineJob, searchBaseline } from "./baseline-search.ts";
import { type Reader, ReadingError } from "./reader.ts";
import { isOfJobThatStays } from "./run-attempts.ts";
import { type Run, RunSchema } from "./trust.ts";

export interface BaselinePlace {
  readonly job: BaselineJob;
  /** Undefined if there is no token to read with. */
  readonly reader: Reader | undefined;
  /** Name of the artifact. */
  readonly nameOf: () => Promise<string>;
  readonly uploader: ArtifactUploader;
  /** Whether later runs would use a baseline of this run. */
  readonly mayRecord: boolean;
  readonly recorder: Recorder;
  /** Why nothing can be recorded although it may; undefined if it can. */
  readonly refusal?: RecordingFailure | undefined;
}

/** Baselines as artifacts of the runs that recorded them. */
export class BaselineArtifacts implements BaselineStore {
  readonly automaticScope: BaselineStore["automaticScope"];
  readonly mayRecord: boolean;
  readonly recorder: Recorder;
  readonly #place: BaselinePlace;
  /** Undefined until GitHub has answered. */
  #own: Run | undefined;
  /** The artifact name from the job that looked for the baseline, if that was another job. */
  #name: string | undefined;

  constructor(place: BaselinePlace) {
    this.automaticScope = place.job.records ? "everything" : "nothing";
    this.mayRecord = place.mayRecord;
    this.recorder = place.recorder;
    this.#place = place;
  }

  async load(): Promise<BaselineLookup> {
    const { job, reader } = this.#place;
    const name = await this.#nameOf();
    const where = `artifact ${name} of ${job.repository}`;
    if (reader === undefined) return { kind: "unreachable", where, name, why: { code: "no-token" } };
    try {
      this.#own = await readOwnRun(reader, job);
      return { ...(await searchBaseline(reader, job, this.#own, name)), name };
    } catch (error) {
      if (!(error instanceof ReadingError)) throw error;
      return { kind: "unreachable", where, name, why: error.failure };
    }
  }

  resume({ name }: BaselineLookup): void {
    this.#name = name;
  }

  async #nameOf(): Promise<string> {
    return this.#name ?? (await this.#place.nameOf());
  }

  async record(baseline: Baseline): Promise<BaselineRecording> {
    const { uploader, refusal } = this.#place;
    if (refusal !== undefined) return { kind: "failed", why: refusal };
    const name = await this.#nameOf();
    const kept = await this.#whyKept(name);
    if (kept !== undefined) return { kind: "failed", why: kept };
    // Without a start time, no artifact counts as an earlier attempt's, so none is replaced.
    const since = new Date(this.#own?.run_started_at ?? 0);
    return await uploader.upload({ name, packed: encodeBaseline(baseline), since });
  }

  /** Why an earlier attempt's artifact must stay; undefined if it may be replaced. */
  async #whyKept(name: string): Promise<RecordingFailure | undefined> {
    const { job, reader } = this.#place;
    // A job that continued with another job's baseline has not loaded its run yet.
    const isUnknown = this.#own === undefined && this.#name === undefined;
    if (reader === undefined || isUnknown) return undefined;
    try {
      this.#own ??= await readOwnRun(reader, job);
      return (await isOfJobThatStays(reader, job.repository, this.#own, name)) ? { code: "earlier-attempt" } : undefined;
    } catch (error) {
      if (error instanceof ReadingError) return { code: "upload", detail: `GitHub does not say which jobs run again (${error.message})` };
      throw error;
    }
  }
}

/** @throws ReadingError */
async function readOwnRun(reader: Reader, { repository, runId }: BaselineJob): Promise<Run> {
  return await reader.json(RunSchema, `/repos/${repository}/actions/runs/${runId}`);
}
