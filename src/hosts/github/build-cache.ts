import { link, lstat, mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import type { BuildKeeping, BuildLookup, BuildStore } from "../../build/build-store.ts";
import { messageOf } from "../../model/user-error.ts";
import type { Processes } from "../../system/processes.ts";
import { CacheAnswerSchema, complaintIn, FILE } from "./cache-answer.ts";
import type { JobEvent } from "./event.ts";
import { isEnterpriseServer } from "./runner-tokens.ts";
import { scriptArgs, scriptEnvironment } from "./script.ts";

/** Seconds. A build from scratch takes four to five minutes, so waiting longer for a cache is not worth it. */
const TIME_LIMIT = 120;

/** Keys also match by prefix, so terminate each with a character that no key contains. */
const END = ".";

/** GNU tar's own variable. The toolkit unpacks a cache with all paths in it (tar -P); our only file has none. */
const WITHOUT_PATHS = { TAR_OPTIONS: "--exclude=*/*" };

/** Packed builds in the repository's cache. */
export class BuildCache implements BuildStore {
  readonly minSecondsToCache: number;
  readonly restoresAny: boolean;
  readonly #processes: Processes;
  readonly #env: NodeJS.ProcessEnv;
  readonly #timeLimit: number;

  /** @param env the environment with the runner's services. */
  constructor(
    minSecondsToCache: number,
    processes: Processes,
    env: NodeJS.ProcessEnv,
    { timeLimit = TIME_LIMIT, restoresAny = true }: { readonly timeLimit?: number; readonly restoresAny?: boolean } = {},
  ) {
    this.minSecondsToCache = minSecondsToCache;
    this.restoresAny = restoresAny;
    this.#processes = processes;
    this.#env = env;
    this.#timeLimit = timeLimit;
  }

  restore(archive: string, key: string, prefixes: readonly string[]): Promise<BuildLookup> {
    return inFolderBeside(archive, async (folder) => {
      const { key: found, complaint } = await this.#ask(folder, ["restore", `${key}${END}`, ...prefixes], WITHOUT_PATHS);
      if (found === null) return complaint === undefined ? { kind: "none" } : failed(complaint);
      const restored = found.slice(0, -END.length);
      const wasAskedFor = restored === key || prefixes.some((prefix) => restored.startsWith(prefix));
      if (!wasAskedFor || !found.endsWith(END)) return failed(`the cache returned ${found}, which was not requested`);
      const file = join(folder, FILE);
      const status = await lstat(file).catch(() => undefined);
      if (!status?.isFile()) return failed(`the cache entry ${restored} contains no build`);
      await rename(file, archive);
      return { kind: "restored", key: restored };
    });
  }

  keep(archive: string, key: string): Promise<BuildKeeping> {
    return inFolderBeside(archive, async (folder) => {
      await link(archive, join(folder, FILE));
      const { key: kept, complaint } = await this.#ask(folder, ["keep", `${key}${END}`]);
      return kept === null ? refusalOf(complaint) : { kind: "kept" };
    });
  }

  /** Calls the toolkit's process, with the folder as its workspace. Without an answer, there is a complaint. */
  async #ask(folder: string, request: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<Outcome> {
    const args = scriptArgs("cache-process", request);
    const env = { ...scriptEnvironment(this.#env), GITHUB_WORKSPACE: folder, RUNNER_TEMP: folder, ...more };
    const ended = await this.#processes.run(process.execPath, args, { cwd: folder, env, timeout: this.#timeLimit });
    const complaint = complaintIn(ended.stderr);
    if (ended.timedOut) return { key: null, complaint: `no answer within ${this.#timeLimit} seconds${complaint ? ` (${complaint})` : ""}` };
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), CacheAnswerSchema), ended.stdout);
    return {
      key: parsed.success ? parsed.output.key : null,
      complaint: complaint ?? (parsed.success ? undefined : "the toolkit gave no answer"),
    };
  }
}

/** The key of the restored or saved cache, or null, and the toolkit's complaint, if any. */
interface Outcome {
  readonly key: string | null;
  readonly complaint: string | undefined;
}

interface Failed {
  readonly kind: "failed";
  readonly reason: string;
}

function failed(reason: string): Failed {
  return { kind: "failed", reason };
}

/** Why the toolkit did not save the cache. */
function refusalOf(complaint = "the toolkit gave no reason"): BuildKeeping {
  if (/\balready exists\b/.test(complaint)) return { kind: "exists" };
  const denied = /\bcache write denied: .+|.* does not permit writes$/.exec(complaint);
  return denied === null ? failed(complaint) : { kind: "refused", reason: denied[0] };
}

/** A temporary folder for one call, on the file system of the archive. */
async function inFolderBeside<T>(archive: string, body: (folder: string) => Promise<T>): Promise<T | Failed> {
  const folder = `${archive}.cache`;
  try {
    // Left by a process that was killed.
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    return await body(folder);
  } catch (error) {
    return failed(messageOf(error));
  } finally {
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** `recordsElsewhere`: whether this run records a baseline of a branch other than the default one. */
type Occasion = Pick<JobEvent, "name" | "recordsBaseline"> & { readonly recordsElsewhere: boolean };

/** The cache of the job's repository; null if the runner has none. */
export function openBuildCache(env: NodeJS.ProcessEnv, event: Occasion, processes: Processes): BuildStore | null {
  return hasCache(env) ? new BuildCache(minSecondsToCacheFor(env, event), processes, env, { restoresAny: event.recordsBaseline }) : null;
}

/** Like `isFeatureAvailable` of @actions/cache: GitHub Enterprise Server has the first version of the service, or none. */
function hasCache(env: NodeJS.ProcessEnv): boolean {
  return Boolean(!isEnterpriseServer(env) && env.ACTIONS_CACHE_SERVICE_V2 ? env.ACTIONS_RESULTS_URL : env.ACTIONS_CACHE_URL);
}

/** On other events the ref may be the default branch although the code can be anyone's. */
const KEEPING_EVENTS = ["push", "schedule", "workflow_dispatch"];

/** Only builds that a baseline names are restored, so a run that records none does not save a build: docs/decisions/build-cache-policy.md. */
function minSecondsToCacheFor(env: NodeJS.ProcessEnv, { name, recordsBaseline, recordsElsewhere }: Occasion): number {
  const mode = (env.ACTIONS_CACHE_MODE ?? "").trim().toLowerCase();
  if (mode === "none" || mode === "read" || !KEEPING_EVENTS.includes(name)) return Number.POSITIVE_INFINITY;
  if (recordsBaseline) return 5;
  return recordsElsewhere ? 60 : Number.POSITIVE_INFINITY;
}
