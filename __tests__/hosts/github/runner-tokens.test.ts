import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { withholdTokens } from "../../../src/hosts/github/runner-tokens.ts";
import { Processes } from "../../../src/system/processes.ts";
import { run } from "../../support/command.ts";

const GIVEN = {
  INPUT_TOKEN: "secret-1",
  ACTIONS_RUNTIME_TOKEN: "secret-2",
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: "secret-3",
  ACTIONS_ID_TOKEN_REQUEST_URL: "https://id.test/secret-4",
  ACTIONS_RESULTS_URL: "https://results.test/",
  ACTIONS_CACHE_URL: "https://cache.test/",
  ACTIONS_RUNTIME_URL: "https://runtime.test/",
};

/** The output of a program that prints its whole environment. */
async function inherited(): Promise<string> {
  return await new Processes(process.env).output("env", []);
}

suite("the rights of a job", () => {
  test("the rights of a job are taken out of the environment, and nothing else is", () => {
    const env: NodeJS.ProcessEnv = { ...GIVEN, GITHUB_REPOSITORY: "o/r", INPUT_TESTS: "test_csv", PATH: "/bin" };
    const { INPUT_TOKEN: token, ...services } = GIVEN;
    assert.deepEqual(withholdTokens(env), { token, services });
    assert.deepEqual(env, { GITHUB_REPOSITORY: "o/r", INPUT_TESTS: "test_csv", PATH: "/bin" });
  });

  test("a job has no rights if none are given", () => {
    assert.deepEqual(withholdTokens({ INPUT_TOKEN: "", ACTIONS_RESULTS_URL: "" }), { token: undefined, services: {} });
  });

  test("the tokens of a job are not in the environment of started programs", async () => {
    Object.assign(process.env, GIVEN);
    assert.match(await inherited(), /secret-1/);
    withholdTokens(process.env);
    assert.doesNotMatch(await inherited(), /secret/);
    assert.doesNotMatch((await run("env", [])).stdout, /secret/);
  });
});
