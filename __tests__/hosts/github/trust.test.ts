import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type Artifact, type Run, rejectArtifact, rejectRun, type TrustRule } from "../../../src/hosts/github/trust.ts";
import { MAX_STORED } from "../../../src/model/limits.ts";
import type { Rejection } from "../../../src/model/note.ts";

const RULE: TrustRule = { repositoryId: 1, workflowId: 31, branches: ["main", "3.13"] };

const RUN: Run = {
  id: 7,
  workflow_id: 31,
  path: ".github/workflows/memcheck.yml",
  event: "push",
  status: "completed",
  conclusion: "success",
  head_sha: "c0ffee",
  head_branch: "main",
  html_url: "https://github.test/o/r/actions/runs/7",
  repository: { id: 1 },
  head_repository: { id: 1 },
};

const MADE = { id: 7, repository_id: 1, head_repository_id: 1, head_branch: "main", head_sha: "c0ffee" };
const ARTIFACT: Artifact = { id: 3, name: "baseline", size_in_bytes: 99, expired: false, digest: "sha256:00", workflow_run: MADE };

suite("the baseline of a run counts", () => {
  test("a run's baseline counts when this workflow made it from a trusted branch's own code, in this repository", () => {
    for (const event of ["push", "schedule", "workflow_dispatch"]) {
      for (const head_branch of RULE.branches) assert.equal(rejectRun({ ...RUN, event, head_branch }, RULE), undefined);
    }
  });

  test("a run's baseline counts also when the run failed, as those do that find new errors", () => {
    assert.equal(rejectRun({ ...RUN, conclusion: "failure" }, RULE), undefined);
  });

  const refused: readonly (readonly [string, Partial<Run>, Rejection])[] = [
    ["of a fork, whatever its branch is called", { head_repository: { id: 2 } }, { code: "other-repository" }],
    ["of a fork that is gone", { head_repository: null }, { code: "other-repository" }],
    ["of another repository", { repository: { id: 2 } }, { code: "other-repository" }],
    ["of another branch", { head_branch: "feature" }, { code: "other-branch", branch: "feature" }],
    ["of no branch", { head_branch: null }, { code: "other-branch", branch: null }],
    [
      "of another workflow",
      { workflow_id: 32, path: ".github/workflows/other.yml" },
      { code: "other-workflow", path: ".github/workflows/other.yml" },
    ],
    ["of a pull request", { event: "pull_request" }, { code: "other-event", event: "pull_request" }],
    ["of a merge queue", { event: "merge_group" }, { code: "other-event", event: "merge_group" }],
    ["of pull_request_target", { event: "pull_request_target" }, { code: "other-event", event: "pull_request_target" }],
    ["of an event that others can cause", { event: "workflow_run" }, { code: "other-event", event: "workflow_run" }],
    ["that still goes on", { status: "in_progress", conclusion: null }, { code: "unfinished", status: "in_progress" }],
    ["that was cut off", { conclusion: "cancelled" }, { code: "conclusion", conclusion: "cancelled" }],
    ["that took too long", { conclusion: "timed_out" }, { code: "conclusion", conclusion: "timed_out" }],
  ];
  for (const [what, change, why] of refused) {
    test(`the baseline of a run ${what} is rejected`, () => assert.deepEqual(rejectRun({ ...RUN, ...change }, RULE), why));
  }
});

suite("an artifact may be looked at", () => {
  test("an artifact may be looked at when it is there, small, with a digest, and from where baselines come from", () => {
    assert.equal(rejectArtifact(ARTIFACT, RULE), undefined);
  });

  const refused: readonly (readonly [string, Partial<Artifact>, Rejection])[] = [
    ["of a fork, whatever its branch is called", { workflow_run: { ...MADE, head_repository_id: 2 } }, { code: "other-repository" }],
    ["of another branch", { workflow_run: { ...MADE, head_branch: "feature" } }, { code: "other-branch", branch: "feature" }],
    ["of an unknown run", { workflow_run: null }, { code: "no-run" }],
    [
      "whose run has no commit",
      { workflow_run: { id: 7, repository_id: 1, head_repository_id: 1, head_branch: "main" } },
      { code: "no-run" },
    ],
    ["that has expired", { expired: true }, { code: "expired" }],
    ["that is too large", { size_in_bytes: MAX_STORED + 1 }, { code: "too-large", limit: MAX_STORED }],
    ["without a digest", { digest: null }, { code: "no-digest" }],
    ["with an unsupported digest", { digest: "md5:00" }, { code: "no-digest" }],
  ];
  for (const [what, change, why] of refused) {
    test(`an artifact ${what} is rejected`, () => assert.deepEqual(rejectArtifact({ ...ARTIFACT, ...change }, RULE), why));
  }
});
