// A workflow run for real, by act in host mode, with a server on loopback in GitHub's place.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Ran, ROOT, run } from "./command.ts";
import type { LoopbackServer } from "./github/server.ts";

/** An action as workflows name it, and its label of the runner. */
const ACTION = "cpython-memcheck/cpython-memcheck@v0";
const RUNNER = "ubuntu-24.04=-self-hosted";

export interface ActJob {
  /** The checkout that act copies. */
  readonly repository: string;
  readonly event: string;
  readonly payload: object;
  readonly server: LoopbackServer;
  readonly token: string;
  /** What the runner gives a step beside what act does. */
  readonly env: Readonly<Record<string, string>>;
}

export class Act {
  readonly #folder: string;
  readonly #program: string;
  readonly #action: string;

  /** @param folder a new one, for all that act and its jobs write. */
  constructor(folder: string) {
    this.#folder = folder;
    this.#program = execFileSync(join(ROOT, "scripts", "go-tool"), ["act"], { encoding: "utf8" }).trim();
    this.#action = join(folder, "action");
    for (const name of trackedFiles()) {
      mkdirSync(dirname(join(this.#action, name)), { recursive: true });
      cpSync(join(ROOT, name), join(this.#action, name));
    }
  }

  run({ repository, event, payload, server, token, env }: ActJob): Promise<Ran> {
    const payloadFile = join(this.#folder, "event.json");
    writeFileSync(payloadFile, JSON.stringify(payload));
    const given = { ...env, GITHUB_API_URL: server.url, ACTIONS_RESULTS_URL: `${server.url}/`, ACTIONS_CACHE_SERVICE_V2: "true" };
    const args = [event, "--eventpath", payloadFile, "--platform", RUNNER, "--local-repository", `${ACTION}=${this.#action}`];
    const options = ["--no-cache-server", "--secret", `GITHUB_TOKEN=${token}`];
    const variables = Object.entries(given).flatMap(([name, value]) => ["--env", `${name}=${value}`]);
    // In host mode the job's programs are this machine's; the action wants the Node that runs these tests.
    const path = `${dirname(process.execPath)}:${process.env.PATH}`;
    const home = join(this.#folder, "home");
    const surroundings = { ...process.env, PATH: path, HOME: home, XDG_CACHE_HOME: join(home, ".cache") };
    return run(this.#program, [...args, ...options, ...variables], surroundings, repository);
  }
}

/** What a user of the action gets: the files that git has, as they are now. */
function trackedFiles(): readonly string[] {
  return execFileSync("git", ["ls-files", "-z"], { cwd: ROOT, encoding: "utf8" }).split("\0").filter(Boolean);
}

/** The README's first workflow with this name. @throws Error if there is none */
export function readmeWorkflow(name: string): string {
  const text = readFileSync(join(ROOT, "README.md"), "utf8");
  const blocks = [...text.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, block = ""]) => block);
  const found = blocks.find((block) => block.startsWith(`name: ${name}\n`));
  if (found === undefined) throw new Error(`The README has no workflow ${name}.`);
  return found;
}
