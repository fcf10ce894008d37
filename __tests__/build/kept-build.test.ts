import assert from "node:assert/strict";
import { hash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { type BuildFolder, buildFolder, copyFiles, writeStamp } from "../../src/build/build-folder.ts";
import type { BuildStore } from "../../src/build/build-store.ts";
import { keepBuild, restoreBuild } from "../../src/build/kept-build.ts";
import { buildKey, makeRecipe, recipeKey } from "../../src/build/recipe.ts";
import type { SourceTree } from "../../src/build/source.ts";
import { BuildDirectory } from "../../src/hosts/terminal/build-directory.ts";
import { Processes } from "../../src/system/processes.ts";
import { temporaryFolder, writeFiles } from "../support/folders.ts";
import { SOURCE, TOOLCHAIN } from "../support/prepared.ts";
import { QuietProgress } from "../support/progress.ts";

const FILES = { "Lib/csv.py": "import _csv\n" };
const recipe = makeRecipe(SOURCE, TOOLCHAIN, []);

/** A check on a separate machine. */
function machine(builds: BuildStore | null, contentHash: string) {
  const path = temporaryFolder();
  writeFiles(path, FILES);
  const source: SourceTree = {
    ...SOURCE,
    path,
    contentHash,
    files: new Map([["Lib/csv.py", { hash: hash("sha256", FILES["Lib/csv.py"]), kind: "file" }]]),
  };
  const progress = new QuietProgress();
  const folder = buildFolder(join(path, "work"), recipeKey(recipe, source.version));
  mkdirSync(folder.path, { recursive: true });
  return { folder, progress, source, keeper: { builds, recipe, source, processes: new Processes(process.env), progress } };
}

async function build(folder: BuildFolder, source: SourceTree): Promise<void> {
  copyFiles(folder, source, source.files.keys(), "old");
  writeFiles(folder.tree, { python: "#!/bin/sh\n" });
  await writeStamp(folder, { key: buildKey(recipe, source), state: "built", time: 1234, files: Object.fromEntries(source.files) });
}

async function keptIn(store: BuildStore, seconds = store.minSecondsToCache + 1): Promise<readonly string[]> {
  const { keeper, folder, source, progress } = machine(store, "first");
  await build(folder, source);
  await keepBuild(keeper, folder, seconds);
  assert.deepEqual(readdirSync(folder.path).sort(), ["stamp.json", "tree"]);
  return progress.notes;
}

suite("a kept build", () => {
  test("another check starts from a cached build of the same source or of another one", async () => {
    const store = new BuildDirectory(temporaryFolder());
    assert.match((await keptIn(store)).join(), /cached for later runs/);
    for (const content of ["first", "second"]) {
      const { keeper, folder, progress } = machine(store, content);
      assert.equal((await restoreBuild(keeper, folder))?.key, buildKey(recipe, { ...SOURCE, contentHash: "first" }));
      assert.ok(existsSync(join(folder.tree, "python")));
      assert.deepEqual(readdirSync(folder.path).sort(), ["tree"]);
      assert.deepEqual(progress.notes, []);
    }
  });

  test("a cached build is not looked up without a store, and not found in an empty one", async () => {
    for (const store of [null, new BuildDirectory(join(temporaryFolder(), "none"))]) {
      const { keeper, folder, progress } = machine(store, "first");
      assert.equal(await restoreBuild(keeper, folder), undefined);
      assert.deepEqual(progress.notes, []);
    }
  });

  test("a kept build that is damaged is reported, and not used", async () => {
    const kept = temporaryFolder();
    const store = new BuildDirectory(kept);
    await keptIn(store);
    for (const name of readdirSync(kept)) writeFileSync(join(kept, name), "damaged");
    const { keeper, folder, progress } = machine(store, "first");
    assert.equal(await restoreBuild(keeper, folder), undefined);
    assert.match(progress.notes.join(), /rejected, building from scratch: it is damaged/);
    assert.deepEqual(readdirSync(folder.path), []);
  });

  test("a build is not packed when building it takes no longer than fetching it", async () => {
    const kept = temporaryFolder();
    const store = new BuildDirectory(kept);
    assert.deepEqual(await keptIn(store, store.minSecondsToCache), []);
    assert.deepEqual(readdirSync(kept), []);
  });

  test("a kept build that cannot be fetched or kept is reported, with the reason", async () => {
    const store = new BuildDirectory(join(import.meta.filename, "a-file"));
    assert.match((await keptIn(store)).join(), /not cached for later runs: ENOTDIR/);
    const { keeper, folder, progress } = machine(store, "first");
    assert.equal(await restoreBuild(keeper, folder), undefined);
    assert.match(progress.notes.join(), /No cached build could be restored: ENOTDIR/);
  });
});
