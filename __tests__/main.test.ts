import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { assertExit, ROOT, run } from "./support/command.ts";
import { temporaryFolder, writeFiles } from "./support/folders.ts";

/** The verdict of a step that ends before it checks anything, as the runner reads it: the last value counts. */
async function verdictOf(inputs: Readonly<Record<string, string>>, event = "push"): Promise<string | undefined> {
  const folder = temporaryFolder();
  writeFiles(folder, { output: "", "event.json": "{}" });
  const given = Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
  const files = { GITHUB_OUTPUT: join(folder, "output"), GITHUB_EVENT_PATH: join(folder, "event.json") };
  const env = { ...process.env, ...files, GITHUB_EVENT_NAME: event, GITHUB_WORKSPACE: folder, RUNNER_TEMP: folder };
  const args = ["--disable-warning=ExperimentalWarning", join(ROOT, "src", "main.ts")];
  assertExit(await run(process.execPath, args, { ...env, ...Object.fromEntries(given) }), 2);
  return [...readFileSync(files.GITHUB_OUTPUT, "utf8").matchAll(/^verdict<<(\S+)\n(.*)\n\1$/gm)].at(-1)?.[2];
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
