import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import type { BaselineRecording } from "../../findings/baseline-store.ts";
import { RecordingFailureSchema } from "../../model/problem.ts";
import { messageOf } from "../../model/user-error.ts";
import type { Processes } from "../../system/processes.ts";
import { BASELINE_ENTRY } from "./archive.ts";
import { scriptArgs, scriptEnvironment } from "./script.ts";

const NEEDED = ["ACTIONS_RESULTS_URL", "ACTIONS_RUNTIME_TOKEN"];

/**
 * Seconds. A baseline has some ten thousand bytes; a longer upload means that GitHub has a problem, for which the toolkit would wait half an
 * hour.
 */
const TIME_LIMIT = 180;

export interface Upload {
  /** Name of the artifact. */
  readonly name: string;
  readonly packed: Uint8Array;
  /** Start of this attempt of the run. */
  readonly since: Date;
  /** The name of its only file; by default that of a baseline. */
  readonly entry?: string;
}

const AnswerSchema = v.variant("kind", [
  v.object({ kind: v.literal("recorded"), where: v.string() }),
  v.object({ kind: v.literal("failed"), why: RecordingFailureSchema }),
]);

/** Saves packed baselines as artifacts of this run. */
export class ArtifactUploader {
  readonly #processes: Processes;
  readonly #env: NodeJS.ProcessEnv;
  /** Folder for files until they are uploaded. */
  readonly #folder: string;
  readonly #timeLimit: number;

  /** @param env the environment with the runner's services. */
  constructor(processes: Processes, env: NodeJS.ProcessEnv, folder: string, timeLimit = TIME_LIMIT) {
    this.#processes = processes;
    this.#env = env;
    this.#folder = folder;
    this.#timeLimit = timeLimit;
  }

  /** Never throws: a failed upload must not lose the check. */
  upload({ name, packed, since, entry = BASELINE_ENTRY }: Upload): Promise<BaselineRecording> {
    return this.#inFolder(async (folder) => {
      await writeFile(join(folder, entry), packed);
      return await this.#ask(folder, [name, since.toISOString(), entry]);
    });
  }

  /** Deletes the artifact of this name from the run. Never throws. */
  drop(name: string): Promise<BaselineRecording> {
    return this.#inFolder((folder) => this.#ask(folder, [name]));
  }

  async #inFolder(use: (folder: string) => Promise<BaselineRecording>): Promise<BaselineRecording> {
    const missing = NEEDED.filter((variable) => !this.#env[variable]);
    if (missing.length > 0) return failed(`the runner does not set ${missing.join(" or ")}, which artifacts need`);
    try {
      const folder = await mkdtemp(join(this.#folder, "artifact-"));
      try {
        return await use(folder);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    } catch (error) {
      return failed(messageOf(error));
    }
  }

  /** Calls the toolkit's process, which alone has the services in its environment. */
  async #ask(folder: string, request: readonly string[]): Promise<BaselineRecording> {
    const args = scriptArgs("artifact-process", request);
    const options = { cwd: folder, env: scriptEnvironment(this.#env), timeout: this.#timeLimit };
    const ended = await this.#processes.run(process.execPath, args, options);
    if (ended.timedOut) return failed(`GitHub took more than ${this.#timeLimit} seconds`);
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), AnswerSchema), ended.stdout);
    if (!parsed.success) return failed("the toolkit gave no answer");
    const answer = parsed.output;
    // After the first line, the toolkit adds advice on firewalls.
    return answer.kind === "failed" && answer.why.code === "upload" ? failed(answer.why.detail.split("\n")[0] ?? "") : answer;
  }
}

function failed(detail: string): BaselineRecording {
  return { kind: "failed", why: { code: "upload", detail } };
}
