import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { before, suite, test } from "node:test";
import { ROOT } from "../support/command.ts";
import { temporaryFolder } from "../support/folders.ts";
import { compileSystemProbe, NO_SYSTEM_PROBE, SYSTEM_PYTHON, systemProbeEnvironment } from "../support/system-probe.ts";

suite("interpreters that are followed", { skip: NO_SYSTEM_PROBE }, () => {
  const folder = temporaryFolder();
  let ends: Readonly<Partial<Record<string, readonly [number, string, string, number]>>>;

  before(async () => {
    await compileSystemProbe(folder, "probe", "follow", "children", "preload");
    const program = join(ROOT, "__tests__", "probe", "programs", "followed_children.py");
    const env = systemProbeEnvironment(folder, "follow.so", "preload.so");
    const { stdout, stderr } = spawnSync(SYSTEM_PYTHON, [program, join(folder, "records")], { env, encoding: "utf8", timeout: 60_000 });
    assert.notEqual(stdout, "", stderr);
    ends = JSON.parse(stdout);
  });

  test("an interpreter is looked at before it ends", () => assert.deepEqual(ends.healthy, [0, "", "end looked", 0]));

  test("garbage of another interpreter is not lost", () => {
    // 3.13 has no such module.
    const [code, output, end, leaks] = ends.garbage ?? [];
    assert.ok(code !== 0 || (output === "" && end === "end looked" && leaks === 0), `${output} ${end} ${leaks}`);
  });

  for (const lacked of ["few descriptors", "little memory", "no process", "no file"])
    test(`an interpreter that left the leak sanitizer ${lacked} ends as usual`, () => {
      const [code, output] = ends[lacked] ?? [];
      assert.deepEqual([code, output], [0, ""]);
    });

  for (const which of ["variables", "variables without a record"])
    test(`an interpreter does not see our ${which}`, () => assert.deepEqual(ends[which]?.slice(0, 2), [0, "[]"]));
});
