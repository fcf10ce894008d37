import { link, mkdir, readFile, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { gunzipSync, gzipSync } from "node:zlib";
import * as v from "valibot";
import { BASELINE_VERSION, type Baseline, BaselineSchema } from "../../findings/baseline.ts";
import type { BaselineLookup, BaselineRecording, BaselineStore } from "../../findings/baseline-store.ts";
import { mergeBaselines } from "../../findings/merge-baselines.ts";
import { MAX_STORED } from "../../model/limits.ts";
import type { Recorder } from "../../model/recorder.ts";
import { messageOf, systemCodeOf, UserError, writingTo } from "../../model/user-error.ts";
import { writeAtomically } from "../../system/atomic-write.ts";
import { acquireLock } from "../../system/lock.ts";

/** Seconds. Writing a baseline takes a fraction of one. */
const LOCK_LIMIT_S = 60;

const SILENT = { note: () => undefined, update: () => undefined };

/** Where a baseline's file is: also a function, if that depends on what is checked. */
type Location = string | (() => Promise<string>);

interface FileRules extends Pick<BaselineStore, "mayRecord" | "recorder"> {
  /** The file to compare with as long as there is no own one. */
  readonly fallback: Location | undefined;
}

/** A baseline in one gzipped JSON file. */
export class BaselineFile implements BaselineStore {
  readonly automaticScope: BaselineStore["automaticScope"];
  readonly mayRecord: boolean;
  readonly recorder: Recorder;
  readonly #locate: () => Promise<string>;
  readonly #fallback: (() => Promise<string>) | undefined;
  /** Kept: a test can change the source whose version is part of the path. */
  #path: Promise<string> | undefined;
  /** The baseline of this check's comparison, once it is loaded. */
  #loaded: BaselineLookup | undefined;

  /** @param rules by default, those of a terminal. */
  constructor(
    path: Location,
    automaticScope: BaselineStore["automaticScope"],
    { mayRecord = true, recorder = { code: "terminal" }, fallback }: Partial<FileRules> = {},
  ) {
    this.#locate = locationOf(path);
    this.#fallback = fallback === undefined ? undefined : locationOf(fallback);
    this.automaticScope = automaticScope;
    this.mayRecord = mayRecord;
    this.recorder = recorder;
  }

  async load(): Promise<BaselineLookup> {
    const own = await this.#read(await this.#pathOf());
    this.#loaded = own.kind === "none" && this.#fallback !== undefined ? await this.#read(await this.#fallback()) : own;
    return this.#loaded;
  }

  resume(lookup: BaselineLookup): void {
    this.#loaded = lookup;
  }

  #pathOf(): Promise<string> {
    this.#path ??= this.#locate();
    return this.#path;
  }

  async #read(where: string): Promise<BaselineLookup> {
    try {
      const status = await stat(where);
      // A test of an earlier check may have replaced it by an endless file.
      if (!status.isFile()) throw new Error("it is not a regular file");
      if (status.size > MAX_STORED) return { kind: "unreadable", where, detail: `it is larger than ${MAX_STORED} bytes` };
      return decodeBaseline(await readFile(where), where);
    } catch (error) {
      if (systemCodeOf(error) === "ENOENT") return { kind: "none", where };
      throw new UserError(`The baseline ${where} cannot be read: ${messageOf(error)}.`, { cause: error });
    }
  }

  /** Keeps what another check has recorded since `load`, and renames a baseline that can't be read instead of overwriting it. */
  async record(baseline: Baseline): Promise<BaselineRecording> {
    const path = await this.#pathOf();
    await writingTo("The baseline", path, () => mkdir(dirname(path), { recursive: true }));
    await using _lock = await acquireLock(`${path}.lock`, SILENT, { subject: "baseline file", limit: LOCK_LIMIT_S });
    const current = await this.#read(path);
    const merged = this.#merge(baseline, current);
    if (merged === undefined) return { kind: "failed", why: { code: "other-recording" } };
    await writingTo("The baseline", path, async () => {
      if (current.kind === "unreadable") {
        await rm(`${path}.unreadable`, { force: true });
        await link(path, `${path}.unreadable`);
      }
      await writeAtomically(path, encodeBaseline(merged));
    });
    return { kind: "recorded", where: path };
  }

  #merge(baseline: Baseline, current: BaselineLookup): Baseline | undefined {
    const loaded = this.#loaded;
    if (loaded === undefined || current.kind !== "found" || isDeepStrictEqual(loaded, current)) return baseline;
    return mergeBaselines(loaded.kind === "found" ? loaded.baseline : undefined, baseline, current.baseline);
  }
}

function locationOf(path: Location): () => Promise<string> {
  return typeof path === "string" ? async () => path : path;
}

export function encodeBaseline(baseline: Baseline): Uint8Array {
  return gzipSync(JSON.stringify(baseline));
}

/** Never throws for any content: the result says what is wrong. */
export function decodeBaseline(packed: Uint8Array, where: string): BaselineLookup {
  const unreadable = (detail: string): BaselineLookup => ({ kind: "unreadable", where, detail: detail.slice(0, 500) });
  let value: unknown;
  try {
    value = JSON.parse(gunzipSync(packed, { maxOutputLength: MAX_STORED }).toString("utf8"));
  } catch (error) {
    return unreadable(`it is not gzipped JSON (${messageOf(error)})`);
  }
  const parsed = v.safeParse(BaselineSchema, value, { abortEarly: true });
  if (parsed.success) return { kind: "found", where, baseline: parsed.output };
  const version = v.safeParse(v.object({ baselineVersion: v.number() }), value);
  if (version.success && version.output.baselineVersion !== BASELINE_VERSION) {
    return unreadable(
      `its format has version ${version.output.baselineVersion}, and this cpython-memcheck uses version ${BASELINE_VERSION}`,
    );
  }
  const issue = parsed.issues[0];
  return unreadable(`${v.getDotPath(issue) ?? "it"} is not valid in a baseline (${issue.message})`);
}
