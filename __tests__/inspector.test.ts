import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, suite, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { ROOT } from "./support/command.ts";
import { CPYTHON_FILES, temporaryFolder, writeFiles } from "./support/folders.ts";
import { MAIN_SCOPES, runtimeToken } from "./support/github/runtime-token.ts";
import { listeningPorts } from "./support/listening.ts";

/** Answers nothing, and records that it was asked. */
class SilentServer {
  readonly #server = createServer(() => {
    this.isAsked = true;
  });
  isAsked = false;

  async open(): Promise<string> {
    await new Promise<void>((done) => this.#server.listen(0, "127.0.0.1", done));
    const address = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${address.port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

const server = new SilentServer();
const url = await server.open();
const SERVICES = {
  ACTIONS_RESULTS_URL: `${url}/`,
  ACTIONS_CACHE_SERVICE_V2: "true",
  ACTIONS_RUNTIME_TOKEN: runtimeToken({ run: "r", job: "j", scopes: MAIN_SCOPES }),
};
const children: ChildProcess[] = [];
after(() => {
  for (const child of children) child.kill("SIGKILL");
  server.close();
});

/** Any free port, so that an inspector would open though another one is there. */
const ANY_PORT = "--inspect-port=0";

async function started(program: string, args: readonly string[], env: NodeJS.ProcessEnv, isUp: () => boolean): Promise<ChildProcess> {
  server.isAsked = false;
  const words = [ANY_PORT, join(ROOT, "dist", `${program}.js`), ...args];
  const child = spawn(process.execPath, words, { env: { PATH: process.env.PATH, ...env }, cwd: temporaryFolder(), stdio: "ignore" });
  children.push(child);
  while (!isUp() && child.exitCode === null) await sleep(20);
  return child;
}

const isAsked = (): boolean => server.isAsked;

/** A CPython source whose `configure` makes the file `started` beside it, and hangs. */
function hangingSource(): string {
  const folder = temporaryFolder();
  const configure = `#!/bin/sh\ntouch ${join(folder, "started")}\nexec sleep 300\n`;
  writeFiles(folder, { ...CPYTHON_FILES, configure, "Lib/test/test_csv.py": "", "event.json": "{}" });
  return folder;
}

function action(): Promise<ChildProcess> {
  const folder = hangingSource();
  const job = { GITHUB_EVENT_NAME: "push", GITHUB_EVENT_PATH: join(folder, "event.json"), GITHUB_WORKSPACE: folder };
  return started("main", [], { ...job, HOME: folder, RUNNER_TEMP: temporaryFolder(), INPUT_TESTS: "test_csv" }, () =>
    existsSync(join(folder, "started")),
  );
}

function command(): Promise<ChildProcess> {
  const folder = hangingSource();
  const args = ["check", "--source", folder, "--tests", "test_csv", "--work-dir", temporaryFolder()];
  return started("cli", args, { HOME: folder }, () => existsSync(join(folder, "started")));
}

const PROGRAMS: Readonly<Record<string, () => Promise<ChildProcess>>> = {
  "the action": action,
  "the terminal command": command,
  "the process that has the cache": () => started("cache-process", ["restore", "key"], SERVICES, isAsked),
  "the process that has the artifacts": () => started("artifact-process", ["name", new Date().toISOString()], SERVICES, isAsked),
};

suite("SIGUSR1 opens no inspector in", () => {
  for (const [name, start] of Object.entries(PROGRAMS)) {
    test(`SIGUSR1 opens no inspector in ${name}`, async () => {
      const child = await start();
      const pid = child.pid ?? 0;
      for (let times = 0; times < 3; times++) {
        child.kill("SIGUSR1");
        // An inspector is open within some milliseconds.
        await sleep(200);
      }
      assert.deepEqual([child.exitCode, child.signalCode, listeningPorts(pid)], [null, null, []]);
    });
  }
});
