import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import { suite, test } from "node:test";
import { ROOT } from "../support/command.ts";
import { temporaryFolder } from "../support/folders.ts";
import { compileSystemProbe, NO_SYSTEM_PROBE, SYSTEM_PYTHON, systemProbeEnvironment } from "../support/system-probe.ts";

suite("pointers that own nothing", { skip: NO_SYSTEM_PROBE }, () => {
  const folder = temporaryFolder();

  test("no pointer that owns nothing keeps a lost object alive", async () => {
    await compileSystemProbe(folder, "probe");
    const programs = join(ROOT, "__tests__", "probe", "programs");
    execFileSync("gcc", ["-O1", "-shared", "-fPIC", "-o", join(folder, "vector-registers.so"), join(programs, "vector-registers.c")]);
    const env = systemProbeEnvironment(folder);
    const { stdout, stderr } = spawnSync(SYSTEM_PYTHON, [join(programs, "hidden_pointers.py"), folder], {
      env,
      encoding: "utf8",
      timeout: 60_000,
    });
    const found: Readonly<Record<string, number>> = JSON.parse(stdout || "{}");
    assert.ok(Object.keys(found).length > 2, stderr);
    // Of eight, two may seem alive by chance.
    for (const [kind, count] of Object.entries(found)) assert.ok(count >= 6, `${kind}: ${count}`);
  });

  test("values that another thread is about to release are left to it", async () => {
    await compileSystemProbe(folder, "probe");
    const program = join(ROOT, "__tests__", "probe", "programs", "released_meanwhile.py");
    const { stdout, stderr } = spawnSync(SYSTEM_PYTHON, [program, folder], {
      env: systemProbeEnvironment(folder),
      encoding: "utf8",
      timeout: 60_000,
    });
    assert.equal(stdout, "released\n", stderr);
  });
});
