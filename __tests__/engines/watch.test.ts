import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { watchTest } from "../../src/engines/watch.ts";
import { temporaryFolder } from "../support/folders.ts";

/** Why a test file that does this while it is watched is stopped. */
async function excessOf(folder: string, ancestor: number, act: () => void): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<void>();
  using watch = watchTest(folder, ancestor, resolve);
  assert.equal(watch.excess, undefined);
  act();
  await promise;
  return watch.excess;
}

/** A sparse file of some gigabytes. */
function writeLarge(path: string): void {
  writeFileSync(path, "");
  truncateSync(path, 2.5 * 1024 ** 3);
}

suite("stopping a test file", () => {
  test("a test file that writes more than a whole suite does, into its reports or its log, is stopped", async () => {
    for (const name of ["7.xml", "logs/test_x.log"]) {
      const folder = temporaryFolder();
      mkdirSync(join(folder, "logs"));
      assert.equal(await excessOf(folder, process.pid, () => writeLarge(join(folder, name))), "output");
    }
  });

  test("a test file that has hundreds of processes at once is stopped; processes of others do not count", async () => {
    const folder = temporaryFolder();
    const innocent = spawn("sleep", ["300"], { stdio: "ignore" });
    const children = new Set([innocent]);
    using other = watchTest(folder, innocent.pid ?? 0, () => assert.fail("it was stopped for others"));
    const excess = await excessOf(folder, process.pid, () => {
      const script = "for i in $(seq 401); do sleep 300 & done; wait";
      children.add(spawn("sh", ["-c", script], { detached: true, stdio: "ignore" }));
    });
    assert.deepEqual([excess, other.excess], ["processes", undefined]);
    innocent.kill("SIGKILL");
    for (const { pid } of [...children].slice(1)) process.kill(-(pid ?? 0), "SIGKILL");
  });
});

test("files written before a test file began do not count for it", async () => {
  const folder = temporaryFolder();
  writeLarge(join(folder, "old.log"));
  const wrote = await excessOf(folder, process.pid, () => {
    rmSync(join(folder, "old.log"));
    writeLarge(join(folder, "a.log"));
    writeLarge(join(folder, "b.log"));
  });
  assert.equal(wrote, "output");
});
