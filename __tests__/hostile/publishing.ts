// The checked code (here only a `configure`) deletes or replaces files that the check needs to publish its report.

import { readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { type Ran, runAction } from "../support/command.ts";
import { CPYTHON_FILES, writeFiles } from "../support/folders.ts";
import { type Attack, type Group, inFolder } from "./attack.ts";

interface Job {
  readonly ran: Ran;
  readonly summary: string;
  readonly outputs: string;
  readonly report: string;
  /** What GitHub was asked to write, as `METHOD PATH BODY`. */
  readonly written: readonly string[];
}

const FILES = { event: "GITHUB_EVENT_PATH", output: "GITHUB_OUTPUT", summary: "GITHUB_STEP_SUMMARY" } as const;

/** A job of pull request 3, whose `configure` runs this script in the folder of the runner's files, and fails. */
async function jobWith(folder: string, script: string): Promise<Job> {
  const files = Object.fromEntries(Object.entries(FILES).map(([name, variable]) => [variable, join(folder, name)]));
  for (const path of Object.values(files)) writeFileSync(path, "");
  const pull = { number: 3, head: { sha: "c0ffee" }, base: { ref: "main" } };
  writeFileSync(join(folder, "event"), JSON.stringify({ repository: { default_branch: "main" }, pull_request: pull }));
  const workspace = join(folder, "workspace");
  const configure = `#!/bin/sh\ncd ${folder}\n${script}\nexit 1\n`;
  writeFiles(workspace, { ...CPYTHON_FILES, "Lib/test/test_csv.py": "", configure });
  const written: string[] = [];
  const server = await github(written);
  const where = { GITHUB_WORKSPACE: workspace, RUNNER_TEMP: join(folder, "temp"), GITHUB_REPOSITORY: "o/r", GITHUB_API_URL: urlOf(server) };
  const job = { ...files, ...where, GITHUB_EVENT_NAME: "pull_request", GITHUB_REF: "refs/pull/3/merge" };
  const ran = await runAction({ tests: "test_csv", scan: "none", token: "t", "check-run": "Memcheck", comment: "Memcheck" }, job);
  server.close();
  const read = (path: string): string => (statSync(path, { throwIfNoEntry: false })?.isFile() ? readFileSync(path, "utf8") : "");
  const report = read(join(folder, "temp", "cpython-memcheck", "report.json"));
  return { ran, summary: read(join(folder, "summary")), outputs: read(join(folder, "output")), report, written };
}

/** A GitHub that accepts comments and refuses check runs. */
async function github(written: string[]): Promise<Server> {
  const server = createServer(async (request, response) => {
    written.push(`${request.method} ${request.url} ${(await request.toArray()).join("")}`);
    const answer = request.url === "/graphql" ? { data: { viewer: { login: "bot" } } } : request.method === "GET" ? [] : {};
    response.writeHead(request.url?.endsWith("/check-runs") ? 403 : 200).end(JSON.stringify(answer));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return server;
}

function urlOf(server: Server): string {
  const address = server.address() as AddressInfo;
  return `http://127.0.0.1:${address.port}`;
}

/** Whether each part was published, by its name. */
function published({ ran, summary, outputs, report, written }: Job) {
  return {
    log: /`configure` failed/.test(ran.stdout),
    annotation: /^::warning title=Not checked::/m.test(ran.stdout),
    report: /`configure` failed/.test(report),
    summary: /Nothing was checked/.test(summary),
    "summary of what GitHub refused": /The check run was not created/.test(summary),
    outputs: /^verdict<<(\S+)\ninconclusive\n\1$/m.test(outputs),
    comment: written.some((request) => /^POST \/repos\/o\/r\/issues\/3\/comments .*c0ffee/.test(request)),
  };
}

type Part = keyof ReturnType<typeof published>;

function attack(what: string, script: string, lost: readonly Part[] = []): Attack {
  return {
    name: `while CPython is built: ${what}`,
    must: `exit code 2, and everything is published${lost.length === 0 ? "" : ` but the ${lost[0]}`}, on its own pull request`,
    attempt: () =>
      inFolder(async (folder) => {
        const job = await jobWith(folder, script);
        const parts = Object.entries(published(job));
        const missing = parts.flatMap(([part, isThere]) => (isThere || lost.some((name) => name === part) ? [] : [part]));
        const foreign = job.written.filter((request) => /\/issues\/(?!3\/)|another-pull-request/.test(request));
        if (job.ran.code !== 2 || missing.length > 0 || foreign.length > 0) {
          throw new Error(`exit code ${job.ran.code}; missing: ${missing.join(", ")}; elsewhere: ${foreign.join()}`);
        }
        return "exit code 2, all is published";
      }),
  };
}

const OTHER_EVENT = `echo '{"pull_request":{"number":666,"head":{"sha":"another-pull-request"}}}' > event`;

export const PUBLISHING: Group = {
  title: "Files that the check needs to publish",
  attacks: [
    attack("nothing happens", "true"),
    attack("the event's payload is deleted", "rm event"),
    attack("the event's payload is overwritten with that of another pull request", OTHER_EVENT),
    attack("the event's payload becomes a pipe", "rm event; mkfifo event"),
    attack("the summary becomes a pipe", "rm summary; mkfifo summary", ["summary", "summary of what GitHub refused"]),
    attack("the file of outputs becomes a pipe", "rm output; mkfifo output", ["outputs"]),
    attack("the file of outputs is deleted", "rm output", ["outputs"]),
    attack("the report becomes a folder", "mkdir -p temp/cpython-memcheck/report.json", ["report"]),
  ],
};
