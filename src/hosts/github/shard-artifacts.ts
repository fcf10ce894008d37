import { createHash } from "node:crypto";
import type { StoredFault } from "../../model/problem.ts";
import { UserError } from "../../model/user-error.ts";
import { recordingFailureInWords } from "../../report/baseline-messages.ts";
import { plannedSettings } from "../../settings/planned-settings.ts";
import type { Settings } from "../../settings/settings.ts";
import { PLAN_VERSION } from "../../shards/shard-plan.ts";
import type { ShardStore, StoredLookup } from "../../shards/shard-store.ts";
import { ArchiveError, SHARD_ENTRY, unpackEntry } from "./archive.ts";
import type { ArtifactUploader } from "./artifact-upload.ts";
import { downloadArtifact, listAllOfRun } from "./artifacts.ts";
import { type Reader, ReadingError, TooMuchError } from "./reader.ts";
import { type Artifact, MAX_ARCHIVE_BYTES, type Run, RunSchema } from "./trust.ts";

/** The run whose jobs share a plan. */
export interface ShardPlace {
  /** `owner/name` */
  readonly repository: string;
  readonly runId: number;
  /** Undefined where there is no token to read with. */
  readonly reader: Reader | undefined;
  readonly uploader: ArtifactUploader;
  /** What tells this check from others of the run. */
  readonly check: string;
}

/** Tells checks of one run with other settings apart. Not the job: plan, shards and report are jobs of their own. */
export function checkName(settings: Settings, architecture: string): string {
  return createHash("sha256")
    .update(JSON.stringify([plannedSettings(settings), architecture]))
    .digest("hex")
    .slice(0, 12);
}

/** Plans, and what shards found, as artifacts of this run. Those of any other run are never looked at. */
export class ShardArtifacts implements ShardStore {
  readonly #place: ShardPlace;
  #own: Promise<Run> | undefined;
  #listing: Promise<readonly Artifact[]> | undefined;

  constructor(place: ShardPlace) {
    this.#place = place;
  }

  async load(name: string): Promise<StoredLookup> {
    const { repository, runId, reader } = this.#place;
    const where = `artifact ${this.#nameOf(name)}`;
    const none = (why: StoredFault): StoredLookup => ({ kind: "none", where, why });
    if (reader === undefined) return none({ code: "unreachable", why: { code: "no-token" } });
    try {
      this.#listing ??= listAllOfRun(reader, repository, runId);
      const artifact = (await this.#listing).find((one) => one.name === this.#nameOf(name) && one.workflow_run?.id === runId);
      const fault = artifact === undefined ? ({ code: "missing" } as const) : faultOf(artifact);
      if (artifact === undefined || fault !== undefined) return none(fault ?? { code: "missing" });
      return { kind: "found", where, packed: await unpackEntry(await downloadArtifact(reader, repository, artifact), SHARD_ENTRY) };
    } catch (error) {
      if (error instanceof ArchiveError || error instanceof TooMuchError) return none({ code: "damaged", detail: error.message });
      if (error instanceof ReadingError) return none({ code: "unreachable", why: error.failure });
      throw error;
    }
  }

  async keep(name: string, packed: Uint8Array): Promise<void> {
    const { uploader } = this.#place;
    const upload = { name: this.#nameOf(name), packed, since: await this.#began(), entry: SHARD_ENTRY };
    const outcome = await uploader.upload(upload);
    if (outcome.kind === "failed")
      throw new UserError(`The artifact ${upload.name} was not kept: ${recordingFailureInWords(outcome.why)}.`);
  }

  async drop(name: string): Promise<void> {
    const { uploader } = this.#place;
    const given = { name: this.#nameOf(name), since: await this.#began() };
    const outcome = await uploader.drop(given);
    if (outcome.kind === "failed")
      throw new UserError(`The artifact ${given.name} of an earlier attempt was not removed: ${recordingFailureInWords(outcome.why)}.`);
  }

  #nameOf(name: string): string {
    return `memcheck-${name}-v${PLAN_VERSION}-${this.#place.check}`;
  }

  /** When this attempt of the run began. Where that is unknown nothing is of an earlier attempt, so nothing is replaced. */
  async #began(): Promise<Date> {
    const { repository, runId, reader } = this.#place;
    this.#own ??= reader?.json(RunSchema, `/repos/${repository}/actions/runs/${runId}`);
    const own = await this.#own?.catch((error: unknown) => {
      if (!(error instanceof ReadingError)) throw error;
      return undefined;
    });
    return new Date(own?.run_started_at ?? 0);
  }
}

function faultOf({ expired, size_in_bytes: size, digest }: Artifact): StoredFault | undefined {
  if (expired) return { code: "damaged", detail: "it has expired" };
  if (size > MAX_ARCHIVE_BYTES) return { code: "damaged", detail: `it is larger than ${MAX_ARCHIVE_BYTES} bytes` };
  return digest?.startsWith("sha256:") ? undefined : { code: "damaged", detail: "GitHub has no digest of it" };
}

/** Where nothing can be kept from one job to the next. */
export class NoShards implements ShardStore {
  readonly #why: string;

  constructor(why: string) {
    this.#why = why;
  }

  load(): Promise<never> {
    return this.#refuse();
  }

  keep(): Promise<never> {
    return this.#refuse();
  }

  drop(): Promise<never> {
    return this.#refuse();
  }

  async #refuse(): Promise<never> {
    throw new UserError(`A check cannot be spread over machines here: ${this.#why}.`);
  }
}
