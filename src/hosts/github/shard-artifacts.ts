import { createHash } from "node:crypto";
import { MAX_STORED } from "../../model/limits.ts";
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
import type { Artifact } from "./trust.ts";

/** The run whose jobs share a plan. */
export interface ShardPlace {
  /** `owner/name` */
  readonly repository: string;
  readonly runId: number;
  /** Number of this attempt of the run, from 1. */
  readonly attempt: number;
  /** Undefined without a token. */
  readonly reader: Reader | undefined;
  readonly uploader: ArtifactUploader;
  /** Distinguishes this check from others of the run. */
  readonly check: string;
}

/** Distinguishes checks of one run by their settings. The job cannot be used, because plan, shards and report are separate jobs. */
export function checkName(settings: Settings, architecture: string): string {
  return createHash("sha256")
    .update(JSON.stringify([plannedSettings(settings), architecture]))
    .digest("hex")
    .slice(0, 12);
}

/** Stores plans and shard results as artifacts of this run. Artifacts of other runs are never used. */
export class ShardArtifacts implements ShardStore {
  readonly #place: ShardPlace;
  #listing: Promise<readonly Artifact[]> | undefined;

  constructor(place: ShardPlace) {
    this.#place = place;
  }

  async load(name: string): Promise<StoredLookup> {
    const { repository, reader, attempt } = this.#place;
    let where = `artifact ${this.#prefixOf(name)}${attempt}`;
    const none = (why: StoredFault): StoredLookup => ({ kind: "none", where, why });
    if (reader === undefined) return none({ code: "unreachable", why: { code: "no-token" } });
    try {
      const newest = (await this.#list(reader, name)).at(0)?.artifact;
      if (newest === undefined) return none({ code: "missing" });
      where = `artifact ${newest.name}`;
      const fault = faultOf(newest);
      if (fault !== undefined) return none(fault);
      return { kind: "found", where, packed: await unpackEntry(await downloadArtifact(reader, repository, newest), SHARD_ENTRY) };
    } catch (error) {
      if (error instanceof ArchiveError || error instanceof TooMuchError) return none({ code: "damaged", detail: error.message });
      if (error instanceof ReadingError) return none({ code: "unreachable", why: error.failure });
      throw error;
    }
  }

  async keep(name: string, packed: Uint8Array): Promise<void> {
    const { uploader, attempt } = this.#place;
    const artifact = `${this.#prefixOf(name)}${attempt}`;
    const outcome = await uploader.upload({ name: artifact, packed, since: BEFORE_ALL, entry: SHARD_ENTRY });
    if (outcome.kind === "failed" && outcome.why.code === "other-job")
      throw new UserError(`The artifact ${artifact} was not uploaded: another job of this run has uploaded it.`, {
        hint: "Two checks with shards in one run must differ in a setting that decides what runs: use separate workflows for others.",
      });
    if (outcome.kind === "failed")
      throw new UserError(`The artifact ${artifact} was not uploaded: ${recordingFailureInWords(outcome.why)}.`);
  }

  async drop(name: string): Promise<void> {
    const { uploader, reader, attempt } = this.#place;
    const all = reader === undefined ? [] : await this.#list(reader, name).catch(asUserError);
    for (const { artifact } of all.filter((one) => one.attempt < attempt)) {
      const outcome = await uploader.drop(artifact.name);
      if (outcome.kind === "failed")
        throw new UserError(
          `The artifact ${artifact.name} of an earlier attempt was not deleted: ${recordingFailureInWords(outcome.why)}.`,
        );
    }
  }

  /** The artifacts of this attempt and earlier ones, newest first. One with a higher number is not from this check. @throws ReadingError */
  async #list(reader: Reader, name: string): Promise<readonly { readonly artifact: Artifact; readonly attempt: number }[]> {
    const { repository, runId, attempt: current } = this.#place;
    this.#listing ??= listAllOfRun(reader, repository, runId);
    const prefix = this.#prefixOf(name);
    const own = (await this.#listing).filter((one) => one.name.startsWith(prefix) && one.workflow_run?.id === runId);
    return own
      .flatMap((artifact) => {
        const suffix = artifact.name.slice(prefix.length);
        return /^[1-9]\d{0,8}$/.test(suffix) && Number(suffix) <= current ? [{ artifact, attempt: Number(suffix) }] : [];
      })
      .toSorted((a, b) => b.attempt - a.attempt);
  }

  /** The number of the attempt follows, because an interrupted upload keeps its name forever and cannot be deleted. */
  #prefixOf(name: string): string {
    return `memcheck-${name}-v${PLAN_VERSION}-${this.#place.check}-`;
  }
}

/** Any artifact with this name and attempt belongs to another job, whatever its age. */
const BEFORE_ALL = new Date(0);

function asUserError(error: unknown): never {
  if (error instanceof ReadingError)
    throw new UserError(`The artifacts of this run could not be listed: ${error.message}.`, { cause: error });
  throw error;
}

function faultOf({ expired, size_in_bytes: size, digest }: Artifact): StoredFault | undefined {
  if (expired) return { code: "damaged", detail: "it has expired" };
  if (size > MAX_STORED) return { code: "damaged", detail: `it is larger than ${MAX_STORED} bytes` };
  return digest?.startsWith("sha256:") ? undefined : { code: "damaged", detail: "GitHub gives no digest for it" };
}

/** For runners where jobs cannot pass files on. */
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
    throw new UserError(`A check cannot be split into shards here: ${this.#why}.`);
  }
}
