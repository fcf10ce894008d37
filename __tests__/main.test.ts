import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { assertExit, ROOT, run } from "./support/command.ts";
import { temporaryFolder, writeFiles } from "./support/folders.ts";

/** A step that ends before it checks anything, with the verdict as the runner reads it: the last value counts. */
async function endAtOnce(inputs: Readonly<Record<string, string>>, event = "push") {
  const folder = temporaryFolder();
  writeFiles(folder, { output: "", "event.json": "{}" });
  const given = Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
  const files = { GITHUB_OUTPUT: join(folder, "output"), GITHUB_EVENT_PATH: join(folder, "event.json") };
  const env = { ...process.env, ...files, GITHUB_EVENT_NAME: event, GITHUB_WORKSPACE: folder, RUNNER_TEMP: folder };
  const args = ["--disable-warning=ExperimentalWarning", join(ROOT, "src", "main.ts")];
  const ran = await run(process.execPath, args, { ...env, ...Object.fromEntries(given) });
  assertExit(ran, 2);
  const verdict = [...readFileSync(files.GITHUB_OUTPUT, "utf8").matchAll(/^verdict<<(\S+)\n(.*)\n\1$/gm)].at(-1)?.[2];
  return { verdict, stdout: ran.stdout };
}

async function verdictOf(...step: Parameters<typeof endAtOnce>): Promise<string | undefined> {
  return (await endAtOnce(...step)).verdict;
}

suite("the verdict of a step that cannot begin its check", () => {
  test("the verdict of a step that cannot begin its check is `inconclusive`, not empty", async () => {
    assert.equal(await verdictOf({ jobs: "0" }), "inconclusive");
    assert.equal(await verdictOf({}, "pull_request_target"), "inconclusive");
  });

  test("the verdict of a step that makes a plan or runs a shard is left to the report's step", async () => {
    assert.equal(await verdictOf({ shard: "1/2", jobs: "0" }), undefined);
    assert.equal(await verdictOf({ mode: "plan", jobs: "0" }), undefined);
  });
});

test("the annotation of a step that cannot begin its check shows text as it is, and nothing in it takes effect", async () => {
  const { stdout } = await endAtOnce({ jobs: "a\u202eb\u001b[31m\n::error::x" });
  assert.match(stdout, /^::error title=[^:]*::`jobs` is `a\\u\{202e\}b\\u\{1b\}\[31m%0A::error::x`; allowed/m);
});
