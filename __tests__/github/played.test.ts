import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleOf, violation } from "../support/github/openapi.ts";

test("what is played of GitHub's REST API is held to GitHub's description of it, which its own examples pass", () => {
  for (const path of ["actions/runs/{run_id}", "actions/artifacts", "commits", "compare/{basehead}"]) {
    assert.equal(violation(`/repos/{owner}/{repo}/${path}`, exampleOf(`/repos/{owner}/{repo}/${path}`)), null);
    assert.notEqual(violation(`/repos/{owner}/{repo}/${path}`, { id: "7" }), null);
  }
});
