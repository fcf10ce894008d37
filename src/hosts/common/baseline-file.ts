import { createHash } from "node:crypto";
import { link, mkdir, readFile, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { gunzipSync, gzipSync } from "node:zlib";
import * as v from "valibot";
import { BASELINE_VERSION, type Baseline, BaselineSchema, CHECK_VERSION } from "../../findings/baseline.ts";
import type { BaselineLookup, BaselineRecording, BaselineStore } from "../../findings/baseline-store.ts";
import { mergeBaselines } from "../../findings/merge-baselines.ts";
import { MAX_STORED } from "../../model/limits.ts";
import type { Recorder } from "../../model/recorder.ts";
import { messageOf, systemCodeOf, UserError, writingTo } from "../../model/user-error.ts";
import type { Settings } from "../../settings/settings.ts";
import { isCommand } from "../../settings/work.ts";
import { writeAtomically } from "../../system/atomic-write.ts";
import { acquireLock } from "../../system/lock.ts";

/** Seconds. Writing a baseline takes a fraction of one. */
const LOCK_LIMIT_S = 60;

const SILENT = { note: () => undefined, update: () => undefined };

/** A baseline in one gzipped JSON file. */
export class BaselineFile implements BaselineStore {
  readonly automaticScope: BaselineStore["automaticScope"];
  readonly mayRecord: boolean;
  readonly recorder: Recorder;
  readonly #path: string;
  /** The baseline of this check's comparison, once it is loaded. */
  #loaded: BaselineLookup | undefined;

  /** @param rules by default, those of a terminal. */
  constructor(
    path: string,
    automaticScope: BaselineStore["automaticScope"],
    { mayRecord = true, recorder = { code: "terminal" } }: Partial<Pick<BaselineStore, "mayRecord" | "recorder">> = {},
  ) {
    this.#path = path;
    this.automaticScope = automaticScope;
    this.mayRecord = mayRecord;
    this.recorder = recorder;
  }

  async load(): Promise<BaselineLookup> {
    this.#loaded = await this.#read();
    return this.#loaded;
  }

  resume(lookup: BaselineLookup): void {
    this.#loaded = lookup;
  }

  async #read(): Promise<BaselineLookup> {
    const where = this.#path;
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
    const path = this.#path;
    await writingTo("The baseline", path, () => mkdir(dirname(path), { recursive: true }));
    await using _lock = await acquireLock(`${path}.lock`, SILENT, { subject: "baseline file", limit: LOCK_LIMIT_S });
    const current = await this.#read();
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

/**
 * Each source has a separate baseline for each way to look for leaks and each version of the check, unless the user names one: findings of
 * different ways can't be compared.
 */
export function baselinePath({
  baseline,
  source,
  work,
  directory,
  leakCheck,
  children,
  workDir,
}: Pick<Settings, "baseline" | "source" | "work" | "directory" | "leakCheck" | "children" | "workDir">): string {
  if (baseline !== undefined) return baseline;
  // Several projects may have a test file of the same name.
  const project = isCommand(work) ? `${nameOfFolder(directory)}-` : "";
  return join(
    workDir,
    "baselines",
    `v${BASELINE_VERSION}.${CHECK_VERSION}`,
    `${project}${nameOf(source)}-${leakCheck}${children ? "-children" : ""}.json.gz`,
  );
}

function nameOf(source: Settings["source"]): string {
  switch (source.kind) {
    case "release":
      return `release-${source.version}`;
    case "checkout":
      return nameOfFolder(source.path);
    case "interpreter":
      return "installed";
  }
}

function nameOfFolder(path: string): string {
  return `${basename(path)}-${createHash("sha256").update(path).digest("hex").slice(0, 8)}`;
}
