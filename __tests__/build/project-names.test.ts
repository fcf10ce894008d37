import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { listProject } from "../../src/build/project-names.ts";
import { Processes } from "../../src/system/processes.ts";
import { temporaryFolder, writeFiles } from "../support/folders.ts";

test("a project's files are listed without what an installation compiled there, by any check", async () => {
  const folder = temporaryFolder();
  const built = [".cpython-memcheck-build-01234567", "lib/.cpython-memcheck-build-89abcdef"];
  writeFiles(folder, { "lib/a.py": "", ...Object.fromEntries(built.map((name) => [`${name}/lib/a.py`, ""])) });
  const listed = (): Promise<readonly string[]> => listProject(folder, new Processes({ PATH: process.env.PATH }));
  assert.deepEqual(await listed(), [join(folder, "lib/a.py")]);
  execFileSync("git", ["init", "--quiet", folder]);
  assert.deepEqual(await listed(), [join(folder, "lib/a.py")]);
});
