import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryFolder, writeFiles } from "../support/folders.ts";

const SCRIPTS = join(import.meta.dirname, "../../scripts");

/** What a script does: whether it installs packages, and the folder that it passes to the command. */
function lines(script: "check" | "cpython-memcheck", cwd: string, env: NodeJS.ProcessEnv, args: readonly string[] = []): readonly string[] {
  const scripts = temporaryFolder();
  for (const name of ["check", "cpython-memcheck"]) copyFileSync(join(SCRIPTS, name), join(scripts, name));
  writeFiles(scripts, { "install-dependencies.sh": "#!/bin/sh\necho installs\n", "with-node.sh": '#!/bin/sh\necho "$INIT_CWD"\n' });
  for (const name of ["install-dependencies", "with-node"]) copyFileSync(join(scripts, `${name}.sh`), join(scripts, name));
  const text = execFileSync(join(scripts, script), args, { cwd, env: { PATH: process.env.PATH, ...env }, encoding: "utf8" });
  return text.trim().split("\n");
}

test("scripts/check runs in the user's folder, which npm names in a variable", () => {
  const [own, npm] = [temporaryFolder(), temporaryFolder()];
  assert.deepEqual(lines("check", own, {}), ["installs", own]);
  assert.deepEqual(lines("check", npm, { INIT_CWD: own }), ["installs", own]);
  assert.deepEqual(lines("cpython-memcheck", own, { INIT_CWD: npm }, ["--help"]), [own]);
});

test("the command installs packages before it builds, as it does for a check, a plan and a report", () => {
  const own = temporaryFolder();
  for (const command of ["check", "plan", "report"]) assert.deepEqual(lines("cpython-memcheck", own, {}, [command]), ["installs", own]);
  for (const command of ["explain", "--version"]) assert.deepEqual(lines("cpython-memcheck", own, {}, [command]), [own]);
});
