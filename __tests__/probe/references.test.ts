import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { suite, test } from "node:test";
import { ROOT } from "../support/command.ts";
import { temporaryFolder } from "../support/folders.ts";
import { compileSystemProbe, NO_SYSTEM_PROBE, SYSTEM_PYTHON, systemProbeEnvironment } from "../support/system-probe.ts";

suite("references that grow", { skip: NO_SYSTEM_PROBE }, () => {
  const folder = temporaryFolder();

  test("only references that no living object holds count as growing, even if more are kept elsewhere", async () => {
    await compileSystemProbe(folder, "probe");
    const program = join(ROOT, "__tests__", "probe", "programs", "growing_references.py");
    // No leak check is needed.
    const { LD_PRELOAD: _, ...env } = systemProbeEnvironment(folder);
    const { stdout, stderr } = spawnSync(SYSTEM_PYTHON, [program, folder], { env, encoding: "utf8", timeout: 60_000 });
    assert.deepEqual(
      JSON.parse(stdout || "{}"),
      {
        dict: [],
        "subclass of dict": [],
        code: [],
        "untracked instance of a class": [],
        leak: ["'aleakedkey'"],
        "leak of a name of instances": ["'aleakedkey'"],
      },
      stderr,
    );
  });
});
