// A check in this process, with a baseline in memory and the cost of each part of the check.
import { homedir } from "node:os";
import { join } from "node:path";
import { newProcesses, WORK_DIR } from "../../bench/rig.ts";
import { checkAndPublish } from "../../src/check.ts";
import type { Baseline } from "../../src/findings/baseline.ts";
import type { BaselineLookup, BaselineRecording, BaselineStore } from "../../src/findings/baseline-store.ts";
import { PlanFolder } from "../../src/hosts/terminal/plan-folder.ts";
import type { Progress } from "../../src/model/progress.ts";
import { DEFAULT_BRANCH } from "../../src/model/recorder.ts";
import type { Report } from "../../src/report/report.ts";
import { parseSettings } from "../../src/settings/settings.ts";
import { type Cost, costNow, costSince } from "../cost.ts";

export interface Checked {
  readonly report: Report;
  /** The baseline that it recorded. */
  readonly baseline: Baseline | undefined;
  /** By the titles of the check's parts. */
  readonly parts: ReadonlyMap<string, Cost>;
}

/** @param raw settings as strings. @param directory the project's. @param past the baseline; undefined for a first run. */
export async function check(raw: Readonly<Record<string, string>>, directory: string, past: Baseline | undefined): Promise<Checked> {
  const source = { kind: "release", version: "3.13" } as const;
  const surroundings = { directory, home: homedir(), cores: 2, workDir: WORK_DIR, source };
  const settings = parseSettings({ "memcheck-budget": "none", ...raw }, surroundings);
  const clock = new Clock();
  const baselines = new Memory(past);
  let report: Report | undefined;
  const publish = async (published: Report) => {
    report = published;
  };
  const shards = new PlanFolder(join(WORK_DIR, "plan"));
  const publishPlan = async (): Promise<void> => undefined;
  await checkAndPublish(
    settings,
    { progress: clock, builds: null, isLocal: true, baselines, shards, publish, publishPlan },
    newProcesses(),
  );
  if (report === undefined) throw new Error("The check has published no report.");
  return { report, baseline: baselines.recorded, parts: clock.parts };
}

class Memory implements BaselineStore {
  readonly automaticScope = "everything";
  readonly mayRecord = true;
  readonly recorder = DEFAULT_BRANCH;
  readonly #past: Baseline | undefined;
  recorded: Baseline | undefined;

  constructor(past: Baseline | undefined) {
    this.#past = past;
  }

  async load(): Promise<BaselineLookup> {
    return this.#past === undefined ? { kind: "none", where: "memory" } : { kind: "found", baseline: this.#past, where: "memory" };
  }

  resume(): void {}

  async record(baseline: Baseline): Promise<BaselineRecording> {
    this.recorded = baseline;
    return { kind: "recorded", where: "memory" };
  }
}

/** Takes the time of each part of a check. */
class Clock implements Progress {
  readonly parts = new Map<string, Cost>();
  #part: { readonly title: string; readonly began: Cost } | undefined;

  begin(title: string): void {
    this.end();
    this.#part = { title, began: costNow() };
    console.error(`  ${new Date().toISOString()} ${title}`);
  }

  update(): void {}

  note(line: string): void {
    console.error(`    ${line}`);
  }

  end(): void {
    if (this.#part !== undefined) this.parts.set(this.#part.title, costSince(this.#part.began));
    this.#part = undefined;
  }
}
