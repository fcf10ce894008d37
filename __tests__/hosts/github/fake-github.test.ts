import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleOf, violation } from "../../support/github/openapi.ts";

test("the fake of GitHub's REST API is validated by GitHub's own description, whose examples pass, too", () => {
  const paths = [
    "actions/runs/{run_id}",
    "actions/runs/{run_id}/artifacts",
    "actions/workflows/{workflow_id}/runs",
    "actions/artifacts",
    "git/ref/{ref}",
    "commits",
    "compare/{basehead}",
  ];
  for (const path of paths) {
    assert.equal(violation(`/repos/{owner}/{repo}/${path}`, exampleOf(`/repos/{owner}/{repo}/${path}`)), null);
    assert.notEqual(violation(`/repos/{owner}/{repo}/${path}`, { id: "7" }), null);
  }
});
