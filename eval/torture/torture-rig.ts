import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newProcesses } from "../../bench/rig.ts";
import { Functions } from "../../src/build/functions.ts";
import type { PreparedBuild } from "../../src/build/prepare.ts";
import type { RunContext } from "../../src/engines/job.ts";
import { findRuntime } from "../../src/engines/scan/runtime.ts";
import { joinPreloads } from "../../src/engines/scan/scan-environment.ts";
import { type TortureRequest, tortureEngine } from "../../src/engines/torture/torture-engine.ts";
import type { TortureCounts } from "../../src/engines/torture/torture-lines.ts";
import { WorkerPool } from "../../src/engines/worker-pool.ts";
import type { TestRun } from "../../src/model/test-run.ts";
import { planTests } from "../../src/stages/plan.ts";
import { build } from "../watch.ts";
import { compilePlanted } from "./planted.ts";

/** One test file, tortured. */
export interface Tortured {
  readonly run: TestRun;
  /** Undefined if the run did not get that far. */
  readonly plan: Extract<TortureCounts, { event: "torture-plan" }> | undefined;
  readonly end: Extract<TortureCounts, { event: "torture-end" }> | undefined;
}

/** A CPython whose tests are tortured one after another. */
export class TortureRig implements AsyncDisposable {
  readonly prepared: PreparedBuild;
  readonly folder = mkdtempSync(join(tmpdir(), "cpython-memcheck-torture-"));
  readonly processes = newProcesses();

  private constructor(prepared: PreparedBuild) {
    this.prepared = prepared;
  }

  /** @param source a checkout; undefined for the newest 3.13 of the package archive. */
  static async open(source: string | undefined): Promise<TortureRig> {
    return new TortureRig(await build(source === undefined ? { "python-version": "3.13" } : { source }, 2));
  }

  async *torture(names: readonly string[], request: TortureRequest): AsyncGenerator<Tortured> {
    const { python, recipe } = this.prepared;
    const { own } = await Functions.ofBuild(python, this.processes);
    const runContext: RunContext = {
      python,
      project: { roots: python.roots, ambiguous: own.ambiguous },
      folder: this.folder,
      leakCheckPer: "file",
      pythonStacks: false,
      timeout: request.seconds + 600,
      processes: this.processes,
    };
    await compilePlanted(python, this.folder, this.processes);
    const runtime = await findRuntime(recipe.toolchain.compiler, this.processes);
    const preloads = joinPreloads(python.probe.torture, python.probe.preload, runtime);
    let lines: TortureCounts[] = [];
    const engine = tortureEngine(runContext, preloads, request, (line) => lines.push(line));
    const pool = new WorkerPool(engine, runContext);
    // Also if the reader stops early: waiting workers would keep this process alive.
    try {
      for (const job of planTests(names, python, { scratch: this.folder }, this.processes).jobs) {
        lines = [];
        const run = await pool.run({ ...job, env: { ...job.env, PYTHONPATH: this.folder } });
        yield { run, plan: lines.find((line) => line.event === "torture-plan"), end: lines.find((line) => line.event === "torture-end") };
      }
    } finally {
      await pool.stop();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.prepared[Symbol.asyncDispose]();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
