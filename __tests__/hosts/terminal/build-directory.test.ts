import assert from "node:assert/strict";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { BuildDirectory, MAX_BUILDS } from "../../../src/hosts/terminal/build-directory.ts";
import { testBuildStore } from "../../support/build-store-cases.ts";
import { temporaryFolder } from "../../support/folders.ts";

testBuildStore("a directory", () => {
  const folder = join(temporaryFolder(), "not", "there", "yet");
  return () => new BuildDirectory(folder);
});

suite("a directory of builds", () => {
  function directory(): { folder: string; archive: string; store: BuildDirectory } {
    const root = temporaryFolder();
    const archive = join(root, "archive");
    writeFileSync(archive, "a build");
    return { folder: join(root, "kept"), archive, store: new BuildDirectory(join(root, "kept")) };
  }

  test("a directory of builds has the newest builds only, and nothing else", async () => {
    const { folder, archive, store } = directory();
    for (let number = 0; number < MAX_BUILDS + 3; number++) await store.keep(archive, `build-${number}`);
    assert.equal(readdirSync(folder).length, MAX_BUILDS);
    assert.deepEqual(await store.restore(archive, "build-2", []), { kind: "none" });
    assert.deepEqual(await store.restore(archive, "build-3", []), { kind: "restored", key: "build-3" });
  });

  test("a directory of builds leaves other files in it alone, and takes none of them for a build", async () => {
    const { folder, archive, store } = directory();
    mkdirSync(join(folder, "build-1.build"), { recursive: true });
    writeFileSync(join(folder, "build-notes.txt"), "mine");
    assert.deepEqual(await store.restore(archive, "build-1", ["build-"]), { kind: "none" });
    await store.keep(archive, "build-2");
    assert.deepEqual(readdirSync(folder).sort(), ["build-1.build", "build-2.build", "build-notes.txt"]);
  });

  test("a directory of builds keeps one of two builds that come at once under one key", async () => {
    const { folder, archive, store } = directory();
    const other = new BuildDirectory(folder);
    const kinds = (await Promise.all([store.keep(archive, "build-1"), other.keep(archive, "build-1")])).map(({ kind }) => kind);
    assert.deepEqual(kinds.sort(), ["exists", "kept"]);
    assert.deepEqual(readdirSync(folder), ["build-1.build"]);
  });

  test("a directory of builds that is a file fails with the reason, and does not throw", async () => {
    const { archive } = directory();
    const store = new BuildDirectory(archive);
    assert.match(JSON.stringify(await store.restore(archive, "build-1", [])), /"failed".*ENOTDIR/);
    assert.match(JSON.stringify(await store.keep(archive, "build-1")), /"failed".*EEXIST/);
  });
});
