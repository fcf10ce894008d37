import assert from "node:assert/strict";
import { join } from "node:path";
import { suite, test } from "node:test";
import { type JobEvent, readEvent } from "../../../src/hosts/github/event.ts";
import { UserError } from "../../../src/model/user-error.ts";
import { temporaryFolder, writeFiles } from "../../support/folders.ts";

const FOLDER = temporaryFolder();
const PATH = join(FOLDER, "event.json");

/** The event of a job, with this payload; as text if it is not JSON. */
function event(name: string, ref: string, payload: unknown = { repository: { default_branch: "main" } }): Promise<JobEvent> {
  writeFiles(FOLDER, { "event.json": typeof payload === "string" ? payload : JSON.stringify(payload) });
  return readEvent({ GITHUB_EVENT_NAME: name, GITHUB_REF: ref, GITHUB_EVENT_PATH: PATH });
}

suite("recording the baseline", () => {
  test("the baseline is recorded on a push to the default branch and a dispatch there, and on nothing else", async () => {
    const table: readonly (readonly [string, string, boolean])[] = [
      ["push", "refs/heads/main", true],
      ["workflow_dispatch", "refs/heads/main", true],
      ["push", "refs/heads/feature", false],
      ["push", "refs/heads/main/x", false],
      ["push", "refs/tags/main", false],
      ["workflow_dispatch", "refs/heads/feature", false],
      ["pull_request", "refs/pull/7/merge", false],
      ["pull_request", "refs/heads/main", false],
      ["merge_group", "refs/heads/main", false],
      ["release", "refs/tags/v1", false],
      ["", "refs/heads/main", false],
    ];
    for (const [name, ref, expected] of table) {
      assert.equal((await event(name, ref)).recordsBaseline, expected, `${name} ${ref}`);
    }
  });

  test("the baseline may be recorded on events that run a branch's own code, and on no other", async () => {
    for (const name of ["push", "schedule", "workflow_dispatch"])
      assert.equal((await event(name, "refs/heads/feature")).mayRecord, true, name);
    for (const name of ["pull_request", "merge_group", "pull_request_review", "workflow_run", "issue_comment", ""])
      assert.equal((await event(name, "refs/heads/main")).mayRecord, false, name);
  });

  test("the baseline is recorded on a schedule, whose payload does not name the default branch that it runs on", async () => {
    assert.equal((await event("schedule", "refs/heads/trunk", { schedule: "0 3 * * *" })).recordsBaseline, true);
  });

  test("the baseline is recorded by the default branch's own name", async () => {
    assert.equal((await event("push", "refs/heads/3.13", { repository: { default_branch: "3.13" } })).recordsBaseline, true);
    assert.equal((await event("push", "refs/heads/main", { repository: { default_branch: "trunk" } })).recordsBaseline, false);
  });

  test("the baseline is not recorded if nothing says which branch is the default one", async () => {
    for (const payload of [{}, { repository: {} }, { schedule: "0 3 * * *" }]) {
      assert.equal((await event("push", "refs/heads/main", payload)).recordsBaseline, false);
    }
    const env = { GITHUB_EVENT_NAME: "push", GITHUB_REF: "refs/heads/undefined" };
    assert.equal((await readEvent(env)).recordsBaseline, false);
    assert.equal((await readEvent({ ...env, GITHUB_EVENT_PATH: "" })).recordsBaseline, false);
    assert.equal((await readEvent({})).recordsBaseline, false);
  });
});

suite("the branch that a change goes to", () => {
  const repository = { default_branch: "main" };

  test("the branch that a change goes to is read from a pull request, with its last commit", async () => {
    const { baseBranch, head, defaultBranch } = await event("pull_request", "refs/pull/7/merge", {
      repository,
      pull_request: { base: { ref: "3.13" }, head: { sha: "c0ffee", ref: "main" } },
    });
    assert.deepEqual([baseBranch, head, defaultBranch], ["3.13", "c0ffee", "main"]);
  });

  test("the branch that a change goes to is read from a merge queue", async () => {
    const merge_group = { base_ref: "refs/heads/release/3.13", base_sha: "b", head_sha: "c" };
    assert.equal((await event("merge_group", "refs/heads/gh-readonly-queue/x", { repository, merge_group })).baseBranch, "release/3.13");
  });

  test("the branch that a change goes to is read from no other event", async () => {
    assert.equal((await event("push", "refs/heads/main")).baseBranch, undefined);
  });
});

test("a pull request is reported on by its head, which the merge that is checked out does not name", async () => {
  const env = { GITHUB_REPOSITORY: "o/r", GITHUB_SERVER_URL: "https://github.test", GITHUB_RUN_ID: "5", GITHUB_SHA: "merge" };
  const url = "https://github.test/o/r/actions/runs/5/attempts/1";
  const read = async (payload: object) => {
    writeFiles(FOLDER, { "event.json": JSON.stringify(payload) });
    const { repository, origin, pullRequest } = await readEvent({ ...env, GITHUB_EVENT_PATH: PATH });
    return { repository, origin, pullRequest };
  };
  const pull = { pull_request: { number: 3, head: { sha: "c0ffee" } } };
  assert.deepEqual(await read(pull), { repository: "o/r", origin: { sha: "c0ffee", url }, pullRequest: 3 });
  assert.deepEqual(await read({}), { repository: "o/r", origin: { sha: "merge", url }, pullRequest: undefined });
});

test("pull_request_target is refused, since it would run untrusted code with the base branch's permissions", async () => {
  await assert.rejects(
    event("pull_request_target", "refs/heads/main"),
    (error) => error instanceof UserError && /pull_request_target/.test(error.message) && /on: pull_request/.test(error.hint ?? ""),
  );
});

suite("a payload that is not what GitHub writes", () => {
  for (const payload of [
    "",
    "{",
    "null",
    "[1",
    '"text"',
    '{"repository":"x"}',
    '{"repository":{"default_branch":7}}',
    '{"pull_request":{"number":1.5}}',
  ]) {
    test(`an invalid event payload is reported with its path: ${payload === "" ? "an empty one" : payload}`, async () => {
      await assert.rejects(
        event("push", "refs/heads/main", payload),
        (error) => error instanceof UserError && error.message.includes(PATH),
      );
    });
  }

  test("a missing event payload is reported with its path", async () => {
    await assert.rejects(
      readEvent({ GITHUB_EVENT_NAME: "push", GITHUB_EVENT_PATH: "/nowhere/event.json" }),
      /\/nowhere\/event\.json cannot be read/,
    );
  });
});
