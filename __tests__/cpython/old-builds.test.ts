import assert from "node:assert/strict";
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { MOST_BUILDS, removeOldBuilds } from "../../src/cpython/old-builds.ts";
import { acquireLock } from "../../src/system/lock.ts";
import { temporaryFolder } from "../support/folders.ts";
import { QuietProgress } from "../support/progress.ts";

test("the builds that were used last stay, and an older one that another check uses", async () => {
  const folder = temporaryFolder();
  const names = Array.from({ length: MOST_BUILDS + 3 }, (_, index) => `build-${index}`);
  for (const name of names) {
    mkdirSync(join(folder, name, "tree"), { recursive: true });
    writeFileSync(join(folder, name, "tree", "python"), "");
  }
  await using lock = await acquireLock(join(folder, "build-1", "lock"), new QuietProgress());
  for (const [index, name] of names.entries()) utimesSync(join(folder, name), 1000 + index, 1000 + index);
  await removeOldBuilds(folder);
  assert.deepEqual(readdirSync(folder), ["build-1", ...names.slice(-MOST_BUILDS)]);
  assert.ok(lock);
});
