import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { complaintIn } from "../../../src/hosts/github/cache-answer.ts";

suite("the toolkit's last complaint", () => {
  test("the log of a success contains no complaint of the toolkit", () => {
    assert.equal(
      complaintIn("::debug::Cache service version: v2\nCache hit for: key\n[command]/usr/bin/tar -xf x\nCache restored"),
      undefined,
    );
  });

  test("the toolkit's last complaint is its last warning, without the prefix of each", () => {
    const log = "::warning::You've hit a rate limit\n::warning::Failed to restore: Failed to GetCacheEntryDownloadURL: Rate limited.\nmore";
    assert.equal(complaintIn(log), "Failed to GetCacheEntryDownloadURL: Rate limited");
  });

  test("the toolkit's last complaint may be a failed reservation, which is only in its debug log", () => {
    const log =
      "::debug::Failed to reserve cache: Error: Failed to CreateCacheEntry: no\nFailed to save: another job may be creating this cache.";
    assert.equal(complaintIn(log), "Failed to CreateCacheEntry: no");
  });

  test("the toolkit's last complaint is one line, and has no signature of a URL", () => {
    const log = "::error::Failed to save: cannot PUT http://host/blob?sv=1&sig=c2VjcmV0%252B%253D&sp=w%0A    at there";
    assert.equal(complaintIn(log), "cannot PUT http://host/blob?sv=1&sig=…&sp=w");
  });
});
