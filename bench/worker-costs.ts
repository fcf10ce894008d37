// Measures test files in one worker of an engine.
import { mkdirSync, mkdtempSync, openSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { testEnvironment } from "../src/build/recipe.ts";
import { CONTROL, ControlPipe, orderLine } from "../src/engines/control.ts";
import type { Engine } from "../src/engines/engine.ts";

/** Seconds. */
export interface Cost {
  readonly cpu: number;
  readonly wall: number;
}

/** Runs each test file in a child of one worker. @throws Error if one does not exit with 0. */
export async function costsIn(
  engine: Pick<Engine, "start" | "finished">,
  tests: readonly string[],
  folder: string,
): Promise<ReadonlyMap<string, Cost>> {
  const reports = mkdtempSync(join(folder, "worker-"));
  mkdirSync(join(reports, "logs"));
  const worker = engine.start(
    { cwd: reports, env: testEnvironment(process.env, { freeThreaded: false }) },
    reports,
    openSync(join(reports, "log"), "a"),
  );
  const control = new ControlPipe(worker.child.stdio[CONTROL] as Readable);
  const costs = new Map<string, Cost>();
  if ((await control.next(600))?.event !== "ready") throw new Error(`no worker: ${reports}/log`);
  for (const test of tests) {
    worker.child.stdin?.write(orderLine({ name: test }));
    await control.next(60);
    const end = await control.next(1200);
    if (end?.event !== "end" || end.exit !== 0) throw new Error(`${test} failed: ${reports}/logs`);
    await engine.finished?.({ test, folder: reports, pid: end.pid });
    costs.set(test, { cpu: end.cpu, wall: end.seconds });
  }
  worker.child.stdin?.end();
  await worker.ended;
  return costs;
}
