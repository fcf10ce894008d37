import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { suite, test } from "node:test";
import { ROOT } from "../support/command.ts";
import { temporaryFolder } from "../support/folders.ts";
import { compileSystemProbe, NO_SYSTEM_PROBE, SYSTEM_PYTHON, systemProbeEnvironment } from "../support/system-probe.ts";

suite("other interpreters", { skip: NO_SYSTEM_PROBE }, () => {
  const folder = temporaryFolder();

  test("what another interpreter lost is found, and its garbage is not, whether it could be collected or not", async () => {
    await compileSystemProbe(folder, "probe");
    const program = join(ROOT, "__tests__", "probe", "programs", "other_interpreters.py");
    const env = systemProbeEnvironment(folder);
    const { stdout, stderr } = spawnSync(SYSTEM_PYTHON, [program, folder], { env, encoding: "utf8", timeout: 60_000 });
    const found: Readonly<Record<string, readonly number[]>> = JSON.parse(stdout || "{}");
    const { "class attributes": [attributes = 0] = [], ...others } = found;
    assert.ok(attributes >= 6, `${attributes} ${stderr}`);
    assert.deepEqual(
      others,
      {
        nothing: [0, 0],
        garbage: [0, 0],
        "garbage without collections": [0, 0],
        "frozen garbage": [0, 0],
        // All interpreters stay.
        "garbage with another thread": [0, 6],
        "garbage with a thread that ends during the check": [0, 7],
      },
      stderr,
    );
  });
});
