import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { folderInRepository } from "../../src/github/repository.ts";
import { temporaryFolder, writeFiles } from "../support/folders.ts";

test("a project's folder is told as the innermost repository that has it knows it", () => {
  const root = temporaryFolder();
  writeFiles(root, { "ours/.git/HEAD": "", "ours/vendor/cpython/configure": "", "ours/theirs/.git": "gitdir: elsewhere", "bare/x": "" });
  assert.equal(folderInRepository(join(root, "ours")), "");
  assert.equal(folderInRepository(join(root, "ours/vendor/cpython")), "vendor/cpython");
  assert.equal(folderInRepository(join(root, "ours/theirs")), "");
  assert.equal(folderInRepository(join(root, "bare")), "");
});
