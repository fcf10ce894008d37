// A worker that is a shell script: it speaks the control protocol as runner.py does, or breaks it, and starts in no time.

import { readFileSync } from "node:fs";
import { after } from "node:test";
import { CONTROL } from "../../src/engines/control.ts";
import type { Ending, Engine } from "../../src/engines/engine.ts";
import type { Job, RunContext } from "../../src/engines/job.ts";
import type { EngineEvent } from "../../src/model/memory-error.ts";
import { MARK, PROTOCOL_VERSION } from "../../src/probe/protocol.ts";
import { Processes } from "../../src/system/processes.ts";
import { temporaryFolder } from "./folders.ts";
import { PREPARED } from "./prepared.ts";

const mark = (fields: Readonly<Record<string, unknown>>): string => MARK + JSON.stringify(fields);

const WHOLE_REPORT = [
  mark({ event: "file-start", protocol: PROTOCOL_VERSION }),
  mark({ event: "test-start", id: "test_x" }),
  mark({ event: "test-stop", id: "test_x" }),
  mark({ event: "file-stop", state: "PASSED", ran: 1 }),
  mark({ event: "leak-check", of: "file" }),
].join("\n");

/**
 * What scripts begin with. `take` reads an order: `name` is the test file that is to run, `references` is set where its references count.
 * `ready [KILOBYTES]`, `start PID`, `end PID [EXIT] [SIGNAL] [KILOBYTES]` and `say TEXT` write messages; `report PID` writes a whole report;
 * `pass` runs a test file that passes.
 */
const FUNCTIONS = `
say() { echo "$1" >&${CONTROL}; }
ready() { say '{"event":"ready","protocol":${PROTOCOL_VERSION},"pid":'$$',"workerKilobytes":'\${1:-1}'}'; }
start() { say '{"event":"start","name":"'$name'","pid":'$1'}'; }
end() { say '{"event":"end","name":"'$name'","pid":'$1',"exit":'\${2:-0}',"signal":'\${3:-null}',"seconds":1,"cpu":1,"workerKilobytes":'\${4:-1}'}'; }
report() { cat > $1.txt <<'END'
${WHOLE_REPORT}
END
}
take() { name=\${1#*'"name":"'}; name=\${name%%'"'*}; references=; case $1 in *'"references":true'*) references=references; esac; }
pass() { true & start $!; report $!; end $!; }
`;

/** A script that does something before it is ready, and something else for each test file. */
export const serving = (run: string, before = "ready"): string => `${before}\nwhile read -r order; do\ntake "$order"\n${run}\ndone`;

/** Each report is lines of text, and whole. */
async function* readLines(path: string): AsyncGenerator<EngineEvent, Ending> {
  for (const text of readFileSync(path, "utf8").split("\n")) yield { type: "message", text };
  return { complete: true };
}

const processes = new Processes(process.env);
after(() => processes.killAll());

/** Starts the script in the worker's folder; what it writes to its standard output is in `worker.log` there. */
export function scriptedEngine(script: string, proof: Engine["proof"] = []): Engine {
  return {
    name: "memcheck",
    title: "memcheck",
    proof,
    suffix: "txt",
    read: readLines,
    whyNotStarted: async () => undefined,
    start: (_job, folder, output) =>
      processes.start("sh", ["-c", FUNCTIONS + script], { cwd: folder, stdio: ["pipe", output, output, "pipe"], timeout: 60 }),
  };
}

/** Tests may take three seconds: a busy machine takes one to run a script that passes. */
export function runContext(folder = temporaryFolder()): RunContext {
  const { path, probe } = PREPARED.python;
  const project = { roots: [], ambiguous: new Set<string>() };
  return {
    python: { path, probe, freeThreaded: false, framePointers: true },
    project,
    folder,
    leakCheckPer: "file",
    pythonStacks: false,
    timeout: 3,
    processes,
  };
}

export function jobOf(name: string): Job {
  return { name, args: [], cwd: "/", env: {} };
}
