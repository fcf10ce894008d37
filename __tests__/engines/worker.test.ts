import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { after, suite, test } from "node:test";
import { CONTROL, ControlPipe } from "../../src/engines/control.ts";
import type { Ending, Engine } from "../../src/engines/engine.ts";
import type { RunContext } from "../../src/engines/job.ts";
import { Worker } from "../../src/engines/worker.ts";
import type { TestRun } from "../../src/model/test-run.ts";
import { PROTOCOL_VERSION } from "../../src/probe/protocol.ts";
import { isAlive } from "../../src/system/process-life.ts";
import { Processes } from "../../src/system/processes.ts";
import { temporaryFolder } from "../support/folders.ts";
import { PREPARED } from "../support/prepared.ts";

const processes = new Processes();
after(() => processes.killAll());

/** Reports nothing. */
async function* readNothing(): AsyncGenerator<never, Ending> {
  yield* [];
  return { complete: true };
}

/** A shell script that speaks as a worker does; `$line` is the test file that it is to run. */
function engineOf(script: string, folder: string): Engine {
  return {
    name: "memcheck",
    title: "memcheck",
    proof: [],
    suffix: "xml",
    read: readNothing,
    whyNotStarted: async () => undefined,
    start: (_job, _folder, output) =>
      processes.start("sh", ["-c", `say() { echo "$1" >&${CONTROL}; }\n${READY}\nread line\n${script}\nwait`], {
        cwd: folder,
        stdio: ["pipe", output, output, "pipe"],
        timeout: 60,
      }),
  };
}

const READY = `say '{"event":"ready","protocol":${PROTOCOL_VERSION},"pid":'$$',"workerKilobytes":1}'`;
const started = (pid: string): string => `say '{"event":"start","name":"test_x","pid":'${pid}'}'`;
const ended = (pid: string): string =>
  `say '{"event":"end","name":"test_x","pid":'${pid}',"exit":null,"signal":9,"seconds":1,"cpu":1,"workerKilobytes":1}'`;

async function runWith(script: string, folder = temporaryFolder()): Promise<TestRun> {
  const { path, probe } = PREPARED.python;
  const runContext: RunContext = {
    python: { path, probe },
    project: { roots: [], ambiguous: new Set() },
    folder,
    leakCheckPer: "file",
    pythonStacks: false,
    timeout: 1,
    processes,
  };
  const worker = await Worker.start({ cwd: folder, env: {} }, engineOf(script, folder), runContext);
  return await worker.run({ name: "test_x", args: [], cwd: folder, env: {} });
}

suite("a worker's message about a child", () => {
  test("is believed of its own child, which is killed when its time is over", async () => {
    const folder = temporaryFolder();
    const run = await runWith(
      `setsid sleep 300 & child=$!; echo $child > child\n${started("$child")}; wait $child; ${ended("$child")}`,
      folder,
    );
    assert.equal(run.status, "timeout");
    const child = Number(readFileSync(join(folder, "child"), "utf8"));
    assert.equal(isAlive(child) && existsSync(`/proc/${child}/exe`), false);
  });

  test("is not believed of a process that is not its child, which lives on", async () => {
    const bystander = spawn("sleep", ["300"], { detached: true, stdio: "ignore" });
    const { incomplete } = await runWith(`${started(`${bystander.pid}`)}; sleep 3`);
    assert.deepEqual(incomplete, { code: "worker-lost" });
    assert.deepEqual([bystander.exitCode, bystander.signalCode], [null, null]);
    bystander.kill("SIGKILL");
  });

  test("is not believed where the child that ends is another one than the one that began", async () => {
    const { incomplete } = await runWith(`setsid sleep 300 & child=$!\n${started("$child")}; ${ended("$$")}; wait $child`);
    assert.deepEqual(incomplete, { code: "worker-lost" });
  });

  test("is none where the number is that of all processes, or of no process", async () => {
    for (const pid of [0, 1, -1, -5, 2.5, 1e300, "7", null]) {
      const message = JSON.stringify({ event: "start", name: "test_x", pid });
      assert.equal(await new ControlPipe(Readable.from([`${message}\n`])).next(5), undefined, message);
    }
  });
});
