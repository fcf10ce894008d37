import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, suite, test } from "node:test";
import { assertExit, runAction } from "./support/command.ts";

const folder = mkdtempSync(join(tmpdir(), "cpython-memcheck-action-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** What a runner gives a step. */
function runner(event: string): NodeJS.ProcessEnv {
  const files = {
    GITHUB_OUTPUT: join(folder, "output"),
    GITHUB_STEP_SUMMARY: join(folder, "summary.md"),
    GITHUB_EVENT_PATH: join(folder, "event.json"),
  };
  writeFileSync(files.GITHUB_OUTPUT, "");
  writeFileSync(files.GITHUB_STEP_SUMMARY, "");
  writeFileSync(files.GITHUB_EVENT_PATH, JSON.stringify({ repository: { default_branch: "main" } }));
  return { ...files, GITHUB_EVENT_NAME: event, GITHUB_WORKSPACE: folder, RUNNER_TEMP: folder, GITHUB_REF: "refs/pull/1/merge" };
}

suite("the action, before there is anything to build", () => {
  test("the action says in annotation, summary and outputs what is wrong with its source", async () => {
    const ran = await runAction({ tests: "test_csv" }, runner("pull_request"));
    assertExit(ran, 2);
    assert.match(ran.stdout, /^::warning title=Not checked::.*is not a CPython source/m);
    assert.match(readFileSync(join(folder, "summary.md"), "utf8"), /Nothing was checked\.[\s\S]*is not a CPython source/);
    assert.match(readFileSync(join(folder, "output"), "utf8"), /^verdict<<(\S+)\ninconclusive\n\1$/m);
  });

  test("the action annotates though its report cannot be written, and fails with the reason", async () => {
    const workDir = join(folder, "no-room");
    mkdirSync(join(workDir, "report.json"), { recursive: true });
    const ran = await runAction({ tests: "test_csv", "work-dir": workDir }, runner("pull_request"));
    assertExit(ran, 2);
    assert.match(ran.stdout, /^::warning title=Not checked::.*is not a CPython source[\s\S]*^::error .*report\.json/m);
  });

  test("the action writes a separate report for each step of a job, and names it in the step's outputs", async () => {
    const paths: string[] = [];
    for (const step of ["first", "__cpython-memcheck_cpython-memcheck_2"]) {
      const env = { ...runner("pull_request"), GITHUB_ACTION: step };
      assertExit(await runAction({ tests: step === "first" ? "test_csv" : "test_json" }, env), 2);
      const output = readFileSync(join(folder, "output"), "utf8");
      for (const name of ["report", "sarif", "html"]) paths.push(new RegExp(`^${name}<<(\\S+)\n(.*)\n\\1$`, "m").exec(output)?.[2] ?? "");
    }
    assert.equal(new Set(paths).size, 6);
    for (const path of paths) assert.ok(existsSync(path), path);
  });

  test("the action refuses a bad input by name", async () => {
    const ran = await runAction({ jobs: "0" }, runner("pull_request"));
    assertExit(ran, 2);
    assert.match(ran.stdout, /^::error title=[^:]*::`jobs` is `0`; allowed/m);
  });

  test("the action refuses to run untrusted code with the base branch's permissions", async () => {
    const ran = await runAction({}, runner("pull_request_target"));
    assertExit(ran, 2);
    assert.match(ran.stdout, /^::error .*pull_request_target/m);
  });

  test("the action comments if the token allows it, and says in the summary what the token does not allow", async () => {
    const asked: string[] = [];
    const server = createServer(async (request, response) => {
      asked.push(`${request.method} ${request.url} ${(await request.toArray()).join("")}`);
      const answer = request.url === "/graphql" ? { data: { viewer: { login: "bot" } } } : request.method === "GET" ? [] : {};
      response.writeHead(request.url?.endsWith("/check-runs") ? 403 : 200).end(JSON.stringify(answer));
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const env = runner("pull_request");
    writeFileSync(
      join(folder, "event.json"),
      JSON.stringify({ pull_request: { number: 3, head: { sha: "c0ffee" }, base: { ref: "main" } } }),
    );
    const github = { GITHUB_API_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, GITHUB_REPOSITORY: "o/r" };
    const ran = await runAction({ token: "t", "check-run": "Memcheck", comment: "Memcheck" }, { ...env, ...github });
    server.close();
    assertExit(ran, 2);
    assert.match(asked.at(-1) ?? "", /^POST \/repos\/o\/r\/issues\/3\/comments .*Nothing was checked.*c0ffee/);
    assert.match(readFileSync(join(folder, "summary.md"), "utf8"), /The check run was not created: GitHub answered 403.*`checks: write/s);
  });
});
