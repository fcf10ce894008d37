import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { MAX_WORKER_KB, Worker } from "../../src/engines/worker.ts";
import type { TestRun } from "../../src/model/test-run.ts";
import { UserError } from "../../src/model/user-error.ts";
import { PROTOCOL_VERSION } from "../../src/probe/protocol.ts";
import { isAlive } from "../../src/system/process-life.ts";
import { temporaryFolder } from "../support/folders.ts";
import { jobOf, runContext, scriptedEngine, serving } from "../support/scripted-worker.ts";

/** Seconds that a scripted worker may be silent. */
const TIMEOUTS = { start: 10, fork: 10 };

function startWorker(script: string, folder = temporaryFolder(), timeouts = TIMEOUTS): Promise<Worker> {
  return Worker.start(jobOf("test_x"), scriptedEngine(script), runContext(folder), timeouts);
}

/** Runs one test file by a script that has said that it is ready. */
async function runOne(script: string, folder = temporaryFolder(), timeouts = TIMEOUTS): Promise<TestRun & { isUsable: boolean }> {
  const worker = await startWorker(serving(script), folder, timeouts);
  const run = await worker.run(jobOf("test_x"));
  const { isUsable } = worker;
  await worker.stop();
  return { ...run, isUsable };
}

/** Whether the process whose number a script has written to a file has ended. */
function isOver(folder: string, name = "pid"): boolean {
  const pid = Number(readFileSync(join(folder, name), "utf8"));
  return !isAlive(pid) || !existsSync(`/proc/${pid}/exe`);
}

const outcomeOf = ({ status, incomplete }: TestRun) => ({ status, incomplete });
const LOST = { status: "crashed", incomplete: { code: "worker-lost" } };

suite("a worker starts", () => {
  test("a worker that takes a while to get ready runs test files", async () => {
    const worker = await startWorker(serving("pass", "sleep 0.3; ready"));
    assert.deepEqual(outcomeOf(await worker.run(jobOf("test_x"))), { status: "passed", incomplete: null });
    await worker.stop();
  });

  for (const [what, script] of [
    ["ends before it is ready", "exit 1"],
    ["is killed before it is ready", "kill -SEGV $$"],
    ["closes its pipe before it is ready", "exec 3>&-; sleep 300"],
    ["writes garbage before it is ready", "say 'Python 3.13'; ready; sleep 300"],
    ["writes half a message and ends", `printf '{"event":"rea' >&3`],
    [
      "speaks another version of the protocol",
      `say '{"event":"ready","protocol":${PROTOCOL_VERSION + 1},"pid":'$$',"workerKilobytes":1}'; sleep 300`,
    ],
    ["names no process when it is ready", `say '{"event":"ready","protocol":${PROTOCOL_VERSION},"pid":0,"workerKilobytes":1}'; sleep 300`],
    ["begins a test file before it is ready", "name=test_x; start $$; sleep 300"],
  ] as const) {
    test(`a worker that ${what} is refused and killed`, async () => {
      const folder = temporaryFolder();
      const starting = startWorker(`echo $$ > ../pid\n${script}`, folder);
      await assert.rejects(starting, (error) => error instanceof UserError && error.message.includes("did not start"));
      await waitUntil(() => isOver(folder));
    });
  }

  test("a worker that is not ready in time is refused and killed", async () => {
    const folder = temporaryFolder();
    await assert.rejects(startWorker("echo $$ > ../pid; sleep 300", folder, { start: 0.3, fork: 10 }), UserError);
    await waitUntil(() => isOver(folder));
  });

  test("a worker with free lists that cannot be disabled is refused", async () => {
    await assert.rejects(startWorker(`say '{"event":"free-lists"}'; sleep 300`), /free lists/);
  });

  test("a worker whose report lacks the planted errors is refused and killed", async () => {
    const folder = temporaryFolder();
    const engine = scriptedEngine("echo $$ > ../pid; report $$; ready; sleep 300", ["leak"]);
    await assert.rejects(Worker.start(jobOf("test_x"), engine, runContext(folder), TIMEOUTS), /missed the planted errors/);
    await waitUntil(() => isOver(folder));
  });
});

suite("a worker runs a test file", () => {
  test("a test file whose process exits with 0 and leaves a complete report has passed", async () => {
    const run = await runOne("pass");
    assert.deepEqual(
      { ...outcomeOf(run), ran: run.ran, isUsable: run.isUsable },
      { status: "passed", incomplete: null, ran: 1, isUsable: true },
    );
  });

  for (const [what, script, end] of [
    ["exits early", "true & start $!; end $! 3", { signal: null, exit: 3 }],
    ["fails after its report is whole", "true & start $!; report $!; end $! 70", { signal: null, exit: 70 }],
    ["is killed by a signal", "true & start $!; end $! null 11", { signal: "SIGSEGV", exit: null }],
    ["is killed by a signal that has no name", "true & start $!; end $! null 99", { signal: "signal 99", exit: null }],
  ] as const) {
    test(`a test file whose process ${what} has crashed, with that as the reason`, async () => {
      assert.deepEqual(outcomeOf(await runOne(script)), { status: "crashed", incomplete: { code: "crashed", ...end } });
    });
  }

  test("a test file that leaves no report is incomplete, and its worker is not used again", async () => {
    const { isUsable, status, incomplete } = await runOne("true & start $!; end $!");
    assert.deepEqual([isUsable, status, incomplete?.code], [false, "crashed", "crashed"]);
  });

  for (const [what, script] of [
    ["ends", "exit 1"],
    ["is killed", "kill -KILL $$"],
    ["closes its pipe", "exec 3>&-; sleep 300"],
    ["writes garbage in place of the start", "say 'Fatal Python error'; pass"],
    ["writes garbage in place of the end", "true & start $!; say '{}'; end $!"],
    ["writes half a message", `true & start $!; printf '{"event":"end"' >&3; exit`],
    ["ends after the start", "true & start $!; exit 1"],
    ["reports the end of a test file that has not started", "end $$"],
    ["reports a second time that it is ready", "ready; pass"],
  ] as const) {
    test(`a worker that ${what} is lost: its test file has crashed, and it is not used again`, async () => {
      const run = await runOne(script);
      assert.deepEqual({ ...outcomeOf(run), isUsable: run.isUsable }, { ...LOST, isUsable: false });
    });
  }

  test("a worker that does not fork in time is lost and killed", async () => {
    const folder = temporaryFolder();
    assert.deepEqual(outcomeOf(await runOne("echo $$ > ../pid; sleep 300", folder, { start: 10, fork: 0.3 })), LOST);
    await waitUntil(() => isOver(folder));
  });

  test("a worker that does not report the end of a test file in time is lost and killed, and so is the test's process", async () => {
    const folder = temporaryFolder();
    const script = "echo $$ > ../pid; setsid sleep 300 & echo $! > ../child; start $!; sleep 300";
    assert.deepEqual(outcomeOf(await runOne(script, folder, { start: 10, fork: 0.3 })), LOST);
    await waitUntil(() => isOver(folder) && isOver(folder, "child"));
  });

  test("a worker that has grown too large is not used again, though its test file passed", async () => {
    const run = await runOne(`true & start $!; report $!; end $! 0 null ${MAX_WORKER_KB}`);
    assert.deepEqual({ ...outcomeOf(run), isUsable: run.isUsable }, { status: "passed", incomplete: null, isUsable: false });
  });
});

suite("a worker names a process", () => {
  test("the worker's own child is killed when its time is over", async () => {
    const folder = temporaryFolder();
    const run = await runOne("setsid sleep 300 & child=$!; echo $child > ../child; start $child; wait $child; end $child null 9", folder);
    assert.equal(run.status, "timeout");
    assert.ok(isOver(folder, "child"));
  });

  test("a process that is not the worker's child lives on, and the worker is lost", async () => {
    const bystander = spawn("sleep", ["300"], { detached: true, stdio: "ignore" });
    assert.deepEqual(outcomeOf(await runOne(`start ${bystander.pid}; sleep 3`)), LOST);
    assert.deepEqual([bystander.exitCode, bystander.signalCode], [null, null]);
    bystander.kill("SIGKILL");
  });

  test("a worker that reports the end of another child than the one it started is lost", async () => {
    assert.deepEqual(outcomeOf(await runOne("setsid sleep 300 & child=$!; start $child; end $$; wait $child")), LOST);
  });
});

suite("a worker that must not fork", () => {
  const runAlone = async (script: string, folder = temporaryFolder()): Promise<TestRun & { isUsable: boolean }> => {
    const alone = { ...runContext(folder), forks: false };
    const worker = await Worker.start(jobOf("test_x"), scriptedEngine(serving(script)), alone, TIMEOUTS);
    const run = await worker.run(jobOf("test_x"));
    return { ...run, isUsable: worker.isUsable };
  };

  test("a worker can run one test file itself: the worker's end is the outcome, and it is not reused", async () => {
    const run = await runAlone("start $$; report $$; exit 0");
    assert.deepEqual(
      { ...outcomeOf(run), ran: run.ran, isUsable: run.isUsable },
      { status: "passed", incomplete: null, ran: 1, isUsable: false },
    );
  });

  test("a worker that ends in any other way crashes its test file", async () => {
    const crashed = (exit: number | null, signal: string | null) => ({ status: "crashed", incomplete: { code: "crashed", signal, exit } });
    assert.deepEqual(outcomeOf(await runAlone("start $$; exit 3")), crashed(3, null));
    assert.deepEqual(outcomeOf(await runAlone("start $$; kill -SEGV $$")), crashed(null, "SIGSEGV"));
  });

  test("a worker is killed when the test file's time limit is exceeded", async () => {
    const folder = temporaryFolder();
    assert.equal((await runAlone("echo $$ > ../pid; start $$; sleep 300", folder)).status, "timeout");
    assert.ok(isOver(folder));
  });

  test("a worker is lost if it names a process other than itself", async () => {
    assert.deepEqual(outcomeOf(await runAlone("true & start $!; report $!; end $!")), LOST);
  });
});

async function waitUntil(isSo: () => boolean): Promise<void> {
  for (let tries = 0; !isSo(); tries++) {
    assert.ok(tries < 200, "It was not so in ten seconds.");
    await new Promise((done) => setTimeout(done, 50));
  }
}
