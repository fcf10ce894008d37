import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryFolder, writeFiles } from "../support/folders.ts";

const SCRIPTS = join(import.meta.dirname, "../../scripts");

/** The folder that a script tells the command that it runs for. */
function folderOf(script: "check" | "cpython-memcheck", cwd: string, env: NodeJS.ProcessEnv): string {
  const scripts = temporaryFolder();
  for (const name of ["check", "cpython-memcheck"]) copyFileSync(join(SCRIPTS, name), join(scripts, name));
  writeFiles(scripts, { "install-dependencies.sh": "#!/bin/sh\n", "with-node.sh": '#!/bin/sh\necho "$INIT_CWD"\n' });
  for (const name of ["install-dependencies", "with-node"]) copyFileSync(join(scripts, `${name}.sh`), join(scripts, name));
  return execFileSync(join(scripts, script), { cwd, env: { PATH: process.env.PATH, ...env }, encoding: "utf8" }).trim();
}

test("scripts/check runs in the user's folder, which npm names in a variable", () => {
  const [own, npm] = [temporaryFolder(), temporaryFolder()];
  assert.equal(folderOf("check", own, {}), own);
  assert.equal(folderOf("check", npm, { INIT_CWD: own }), own);
  assert.equal(folderOf("cpython-memcheck", own, { INIT_CWD: npm }), own);
});
