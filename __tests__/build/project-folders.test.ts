import assert from "node:assert/strict";
import { hash } from "node:crypto";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { findFolders, type ProjectFolders } from "../../src/build/project-folders.ts";
import { Processes } from "../../src/system/processes.ts";
import { temporaryFolder, writeFiles } from "../support/folders.ts";

/** What is found for an interpreter with this `sys.path`. */
async function foldersOf(folder: string, path: readonly string[]): Promise<ProjectFolders> {
  const python = join(folder, "python");
  writeFileSync(python, `#!/bin/sh\necho '${JSON.stringify(["", ...path].slice(1))}'\n`);
  chmodSync(python, 0o755);
  mkdirSync(join(folder, "tree"), { recursive: true });
  const project = join(folder, "project");
  const place = { directory: project, workspace: project, passEnv: [], path: python, tree: join(folder, "tree"), freeThreaded: false };
  return await findFolders(place, new Processes({ PATH: process.env.PATH }));
}

suite("the folders of a project's files", () => {
  const folder = temporaryFolder();
  writeFiles(folder, {
    "project/setup.py": "",
    "site-packages/numpy-2.0.dist-info/METADATA": "Name: numpy\nVersion: 2.0\n",
    "vendor/dep.whl": "an archive",
  });

  test("an archive on the path is not searched, and a change of its content is a change of the environment", async () => {
    const archive = join(folder, "vendor/dep.whl");
    const { searched, others } = await foldersOf(folder, [archive, join(folder, "vendor")]);
    assert.deepEqual(searched, [join(folder, "project"), join(folder, "vendor")]);
    assert.deepEqual(others, [`dep.whl ${hash("sha256", "an archive")}`]);
  });
});
