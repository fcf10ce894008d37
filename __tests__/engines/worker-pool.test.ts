import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { MAX_WORKER_KB } from "../../src/engines/worker.ts";
import { WorkerPool } from "../../src/engines/worker-pool.ts";
import type { TestRun } from "../../src/model/test-run.ts";
import { UserError } from "../../src/model/user-error.ts";
import { inPool } from "../../src/system/pool.ts";
import { isAlive } from "../../src/system/process-life.ts";
import { temporaryFolder } from "../support/folders.ts";
import { jobOf, runContext, scriptedEngine, serving } from "../support/scripted-worker.ts";

/** Runs test files by workers of one script, which each leave a file named by their number. */
async function runAll(
  script: string,
  names: readonly string[],
  width = 1,
): Promise<{ runs: readonly TestRun[]; workers: readonly number[] }> {
  const folder = temporaryFolder();
  const pool = new WorkerPool(scriptedEngine(`touch ../$$.worker\n${script}`), runContext(folder));
  const runs = await inPool(names, width, (name) => pool.run(jobOf(name))).finally(() => pool.stop());
  const workers = readdirSync(folder).filter((name) => name.endsWith(".worker"));
  return { runs, workers: workers.map((name) => Number.parseInt(name, 10)) };
}

/** A test file that passes, but leaves a worker that is not used again. */
const PASS_AND_GROW = `true & start $!; report $!; end $! 0 null ${MAX_WORKER_KB}`;

const reasons = (runs: readonly TestRun[]) => runs.map(({ incomplete }) => incomplete?.code ?? null);

suite("a pool of workers", () => {
  test("a worker is used for one test file after the other, and ends when the pool is stopped", async () => {
    const { runs, workers } = await runAll(serving("pass"), ["test_a", "test_b", "test_c"]);
    assert.deepEqual(reasons(runs), [null, null, null]);
    assert.equal(workers.length, 1);
    assert.deepEqual(workers.filter(isAlive), []);
  });

  test("two test files at once have two workers", async () => {
    const { runs, workers } = await runAll(serving("sleep 0.2; pass"), ["test_a", "test_b", "test_c", "test_d"], 2);
    assert.deepEqual(reasons(runs), [null, null, null, null]);
    assert.equal(workers.length, 2);
  });

  test("a worker that is lost is replaced, and only its own test file has crashed", async () => {
    const { runs, workers } = await runAll(serving('case "$name" in test_b) kill -KILL $$;; *) pass;; esac'), [
      "test_a",
      "test_b",
      "test_c",
    ]);
    assert.deepEqual(reasons(runs), [null, "worker-lost", null]);
    assert.equal(workers.length, 2);
  });

  test("a worker that has grown too large is replaced", async () => {
    const { runs, workers } = await runAll(serving(PASS_AND_GROW), ["test_a", "test_b"]);
    assert.deepEqual(reasons(runs), [null, null]);
    assert.equal(workers.length, 2);
    assert.deepEqual(workers.filter(isAlive), []);
  });

  test("a check ends if its first worker does not start", async () => {
    await assert.rejects(runAll("exit 1", ["test_a"]), UserError);
  });

  test("if a later worker does not start, its test file has not run, and the other outcomes are kept", async () => {
    const script = `[ -e ../started ] && exit 1; touch ../started\n${serving(PASS_AND_GROW)}`;
    const { runs } = await runAll(script, ["test_a", "test_b"]);
    assert.deepEqual(reasons(runs), [null, "not-started"]);
  });

  test("if no worker of a second pool starts, its test file has not run, since workers of the first pool did", async () => {
    const folder = temporaryFolder();
    const before = new WorkerPool(scriptedEngine(serving("pass")), runContext(folder));
    const again = new WorkerPool(scriptedEngine("exit 1"), runContext(folder), before);
    await assert.rejects(again.run(jobOf("test_a")), UserError);
    await before.run(jobOf("test_a"));
    await before.stop();
    assert.equal((await again.run(jobOf("test_a"))).incomplete?.code, "not-started");
  });

  test("a worker starts in a separate folder with its log", async () => {
    const folder = temporaryFolder();
    const pool = new WorkerPool(scriptedEngine(serving("echo $name; pass")), runContext(folder));
    await pool.run(jobOf("test_a"));
    await pool.stop();
    const [worker = ""] = readdirSync(folder);
    assert.equal(readFileSync(join(folder, worker, "worker.log"), "utf8"), "test_a\n");
  });
});
