import assert from "node:assert/strict";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { ArtifactUploader } from "../../../src/hosts/github/artifact-upload.ts";
import { BuildCache } from "../../../src/hosts/github/build-cache.ts";
import { scriptEnvironment } from "../../../src/hosts/github/script.ts";
import { Processes } from "../../../src/system/processes.ts";
import { temporaryFolder } from "../../support/folders.ts";

/** An environment that makes Node run another program first, which leaves a file. */
function trapped(): { readonly env: NodeJS.ProcessEnv; readonly wasRun: () => boolean } {
  const folder = temporaryFolder();
  const trap = join(folder, "trap.mjs");
  writeFileSync(trap, `import { writeFileSync } from "node:fs"; writeFileSync(${JSON.stringify(join(folder, "was-run"))}, "");`);
  const services = { ACTIONS_RESULTS_URL: "http://127.0.0.1:9/", ACTIONS_CACHE_SERVICE_V2: "true", ACTIONS_RUNTIME_TOKEN: "t" };
  const env = { PATH: process.env.PATH, ...services, NODE_OPTIONS: `--import=${trap}` };
  return { env, wasRun: () => existsSync(join(folder, "was-run")) };
}

suite("NODE_OPTIONS around tokens", () => {
  test("NODE_OPTIONS runs nothing in the process that has the cache", async () => {
    const { env, wasRun } = trapped();
    const folder = temporaryFolder();
    await new BuildCache(5, new Processes(process.env), env, { timeLimit: 2 }).restore(join(folder, "archive"), "key", []);
    assert.equal(wasRun(), false);
  });

  test("NODE_OPTIONS runs nothing in the process that has the artifacts", async () => {
    const { env, wasRun } = trapped();
    const folder = join(temporaryFolder(), "uploads");
    mkdirSync(folder);
    const upload = { name: "baseline", packed: new Uint8Array(1), since: new Date(0) };
    await new ArtifactUploader(new Processes(process.env), env, folder, 2).upload(upload);
    assert.equal(wasRun(), false);
  });
});

test("our scripts keep variables that say how to reach the network, and drop all others of Node's", () => {
  const kept = { NODE_EXTRA_CA_CERTS: "/ca.pem", NODE_USE_ENV_PROXY: "1", HTTPS_PROXY: "http://p", PATH: "/bin" };
  const dropped = { NODE_OPTIONS: "--inspect", NODE_PATH: "/x", NODE_V8_COVERAGE: "/x", NODE_COMPILE_CACHE: "/x" };
  assert.deepEqual(scriptEnvironment({ ...kept, ...dropped }), kept);
});

test("our scripts look for programs last in folders that a test can write, and never in relative ones", () => {
  const [own, system] = [temporaryFolder(), "/proc"];
  // Root can write anywhere.
  const expected = process.getuid?.() === 0 ? [own, system] : [system, own];
  assert.deepEqual(scriptEnvironment({ PATH: `${own}:relative:${system}` }).PATH?.split(":"), expected);
});
