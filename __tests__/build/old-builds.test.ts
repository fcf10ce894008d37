import assert from "node:assert/strict";
import { mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { lockOf, MAX_BUILDS, markAsUsed, removeOldBuilds } from "../../src/build/old-builds.ts";
import { acquireLock } from "../../src/system/lock.ts";
import { temporaryFolder } from "../support/folders.ts";
import { QuietProgress } from "../support/progress.ts";

test("the builds that were used last stay, and an older one that another check uses", async () => {
  const folder = temporaryFolder();
  const names = Array.from({ length: MAX_BUILDS + 3 }, (_, index) => `build-${index}`);
  for (const name of names) {
    mkdirSync(join(folder, name, "tree"), { recursive: true });
    writeFileSync(join(folder, name, "tree", "python"), "");
  }
  await using lock = await acquireLock(lockOf(join(folder, "build-1")), new QuietProgress(), { subject: "build folder" });
  for (const [index, name] of names.entries()) utimesSync(join(folder, name), 1000 + index, 1000 + index);
  await removeOldBuilds(folder);
  assert.deepEqual(readdirSync(folder), ["build-1", "build-1.lock", ...names.slice(-MAX_BUILDS)]);
  assert.ok(lock);
});

test("a build that is used becomes the one that was used last", async () => {
  const folder = join(temporaryFolder(), "build");
  await markAsUsed(folder);
  utimesSync(folder, 1000, 1000);
  await markAsUsed(folder);
  assert.ok(Date.now() - statSync(folder).mtimeMs < 60_000);
});
