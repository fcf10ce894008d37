import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assertExit, run } from "../../support/command.ts";
import { temporaryFolder } from "../../support/folders.ts";

const PROGRAM = join(import.meta.dirname, "programs", "install-dependencies.ts");

test("the action installs packages wherever the runner keeps its actions", async () => {
  const folder = temporaryFolder();
  for (const name of ["my runner", 'a "quoted" one', "back\\slash"]) {
    const script = join(folder, name, "install-dependencies");
    mkdirSync(join(folder, name));
    writeFileSync(script, "#!/usr/bin/env bash\necho installed\n", { mode: 0o755 });
    const ran = await run(process.execPath, ["--disable-warning=ExperimentalWarning", PROGRAM, script]);
    assertExit(ran, 0);
    assert.match(ran.stdout, /^installed$/m);
  }
});
