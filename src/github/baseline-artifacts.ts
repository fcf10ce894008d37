import type { Baseline } from "../findings/baseline.ts";
import { encodeBaseline } from "../local/baseline-file.ts";
import type { BaselineLookup, BaselineRecording, BaselineStore } from "../ports.ts";
import type { ArtifactUploader } from "./artifact-upload.ts";
import { type BaselineJob, searchBaseline } from "./baseline-search.ts";
import { DeadEndError, type Reader, ReadingError } from "./reader.ts";
import { RunSchema } from "./trust.ts";

export interface BaselinePlace {
  readonly job: BaselineJob;
  /** Undefined where there is no token to read with. */
  readonly reader: Reader | undefined;
  /** The artifact's name. */
  readonly nameOf: () => Promise<string>;
  readonly uploader: ArtifactUploader;
  /** Why nothing may be recorded; undefined where it may. */
  readonly refusal?: string | undefined;
}

/** Baselines as artifacts of the runs that recorded them. */
export class BaselineArtifacts implements BaselineStore {
  readonly automaticScope: BaselineStore["automaticScope"];
  readonly #place: BaselinePlace;
  /** When this attempt of the run began; before anything, until GitHub has said it. */
  #began = new Date(0);

  constructor(place: BaselinePlace) {
    this.automaticScope = place.job.records ? "everything" : "nothing";
    this.#place = place;
  }

  async load(): Promise<BaselineLookup> {
    const { job, reader, nameOf } = this.#place;
    const name = await nameOf();
    const where = `artifact ${name} of ${job.repository}`;
    if (reader === undefined) return { kind: "unreachable", where, reason: "the input `token` is empty", remedy: PERMISSIONS };
    try {
      const own = await reader.json(RunSchema, `/repos/${job.repository}/actions/runs/${job.runId}`);
      if (own.run_started_at !== undefined) this.#began = new Date(own.run_started_at);
      return await searchBaseline(reader, job, own, name);
    } catch (error) {
      if (!(error instanceof ReadingError)) throw error;
      return { kind: "unreachable", where, reason: error.message, remedy: remedyFor(error) };
    }
  }

  async record(baseline: Baseline): Promise<BaselineRecording> {
    const { nameOf, uploader, refusal } = this.#place;
    if (refusal !== undefined) return { kind: "failed", reason: refusal };
    return await uploader.upload({ name: await nameOf(), packed: encodeBaseline(baseline), since: this.#began });
  }
}

function remedyFor(error: ReadingError): string {
  if (error instanceof DeadEndError) return error.remedy;
  return [401, 403, 404].includes(error.status ?? 0) ? PERMISSIONS : "Running the job again may help.";
}

const PERMISSIONS =
  "The job's token needs `actions: read`, to list runs and artifacts, and `contents: read`, to know which commits came before.";
