import assert from "node:assert/strict";
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { lifecycleJobs, lifecycleRunner } from "../../../src/engines/lifecycle/lifecycle-runner.ts";
import { causeOf } from "../../../src/model/incomplete.ts";
import type { TestRun } from "../../../src/model/test-run.ts";
import { MARK } from "../../../src/probe/protocol.ts";
import { Processes } from "../../../src/system/processes.ts";
import { temporaryFolder, writeFiles } from "../../support/folders.ts";

/** The outcome of a run with this shell script as the interpreter; $2 is the journal. */
async function runWith(script: string): Promise<TestRun> {
  const folder = temporaryFolder();
  const python = join(folder, "python");
  writeFiles(folder, { python: `#!/bin/sh\n${script}\n` });
  chmodSync(python, 0o755);
  const children = { follow: "", look: "" };
  const probe = { runner: "", preload: "", marker: "", footprint: "", torture: "", children, lifecycle: { library: "", script: "" } };
  const context = {
    python: { path: python, probe, freeThreaded: false, framePointers: true },
    project: { roots: [] },
    folder,
    timeout: 60,
    processes: new Processes(process.env),
  };
  const [job] = lifecycleJobs("3.13.5", { PATH: "/usr/bin:/bin" }, folder);
  assert.ok(job !== undefined);
  return await lifecycleRunner({ ...context, leakCheckPer: "file", pythonStacks: false }, []).run(job);
}

suite("an interpreter that starts and ends", () => {
  test("an interpreter that starts and ends is incomplete if its process crashes, fails, or leaves no report", async () => {
    assert.equal(causeOf((await runWith("kill -SEGV $$")).incomplete), "signal:SIGSEGV");
    assert.equal(causeOf((await runWith("exit 70")).incomplete), "exit:70");
    assert.equal((await runWith("exit 0")).incomplete?.code, "report-partial");
  });

  test("a lifecycle run is incomplete if its report lacks the planted leak", async () => {
    const run = await runWith(`echo '${MARK}{"event": "rounds", "measured": 3}' > $2`);
    assert.deepEqual([run.status, run.incomplete], ["crashed", { code: "proof-missing", proof: "leak" }]);
  });
});

test("interpreters are started and ended from 3.13 on", () => {
  const namesFor = (version: string): readonly string[] => lifecycleJobs(version, {}, "/").map(({ name }) => name);
  assert.deepEqual(namesFor("3.12.14"), []);
  assert.deepEqual(namesFor("3.13.0"), ["lifecycle.interpreter", "lifecycle.subinterpreter", "lifecycle.own-gil"]);
});
