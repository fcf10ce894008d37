import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { buildsNamedBy, NamedBuilds } from "../../src/build/named-builds.ts";
import type { NamedBuild } from "../../src/findings/baseline.ts";
import { BuildCache } from "../../src/hosts/github/build-cache.ts";
import { BuildDirectory } from "../../src/hosts/terminal/build-directory.ts";
import { Processes } from "../../src/system/processes.ts";
import { testBuildStore } from "../support/build-store-cases.ts";
import { baseline } from "../support/builders.ts";
import { temporaryFolder } from "../support/folders.ts";
import { openCachePlace } from "../support/github/cache-place.ts";
import { MAIN_SCOPES, pullRequestScopes, type Scope } from "../support/github/runtime-token.ts";

testBuildStore("a store whose builds a baseline may name", () => {
  const folder = temporaryFolder();
  return () => new NamedBuilds(new BuildDirectory(folder), []);
});

const sha256 = (content: string): string => createHash("sha256").update(content).digest("hex");
const named = (key: string, content: string): NamedBuild => ({ key, sha256: sha256(content) });

/** The jobs of a repository with a cache. */
async function repository() {
  const place = await openCachePlace();
  const archive = join(temporaryFolder(), "build.tar.zst");
  const store = (scopes: readonly Scope[], restoresAny: boolean, builds: readonly NamedBuild[]): NamedBuilds =>
    new NamedBuilds(new BuildCache(5, new Processes(process.env), place.env(scopes), { restoresAny }), builds);
  return {
    archive,
    onMain: (builds: readonly NamedBuild[] = []) => store(MAIN_SCOPES, true, builds),
    inPullRequest: (number: number, builds: readonly NamedBuild[]) => store(pullRequestScopes(number), false, builds),
    async keep(builds: NamedBuilds, key: string, content: string): Promise<void> {
      writeFileSync(archive, content);
      await builds.keep(archive, key);
    },
    async restore(builds: NamedBuilds, key: string): Promise<string> {
      const lookup = await builds.restore(archive, key, ["b-"]);
      return lookup.kind === "restored" ? readFileSync(archive, "utf8") : lookup.kind;
    },
  };
}

suite("a pull request starts from", { concurrency: true }, () => {
  test("a pull request starts from nothing that an earlier push of it has left, under whatever key", async () => {
    const { keep, restore, inPullRequest, onMain } = await repository();
    const main = onMain();
    await keep(main, "b-main", "of main");
    await keep(inPullRequest(5, []), "b-next", "hides leaks");
    await keep(inPullRequest(5, []), "b-main", "hides leaks under main's key");
    for (const key of ["b-next", "b-main", "b-other"]) assert.equal(await restore(inPullRequest(5, main.used), key), "other-hash");
    assert.equal(await restore(inPullRequest(6, main.used), "b-other"), "of main");
  });

  test("a pull request starts from no build if no baseline names one of its recipe, and it says so", async () => {
    const { keep, inPullRequest, onMain, archive } = await repository();
    await keep(onMain(), "b-main", "of main");
    for (const builds of [[], [named("c-main", "of main")]]) {
      const lookup = await inPullRequest(5, builds).restore(`${archive}.x`, "b-main", ["b-"]);
      assert.deepEqual(lookup, { kind: "not-named" });
      assert.equal(existsSync(`${archive}.x`), false);
    }
  });

  test("a pull request starts from the newest cached build, or from the one of its own source", async () => {
    const { keep, restore, inPullRequest, onMain } = await repository();
    const main = onMain();
    for (const key of ["b-1", "b-2"]) await keep(main, key, key);
    assert.deepEqual(main.used, [named("b-2", "b-2"), named("b-1", "b-1")]);
    assert.equal(await restore(inPullRequest(5, main.used), "b-9"), "b-2");
    assert.equal(await restore(inPullRequest(5, main.used), "b-1"), "b-1");
  });

  test("a pull request starts from an older build if the cache has lost the newest", async () => {
    const { keep, restore, inPullRequest, onMain } = await repository();
    await keep(onMain(), "b-1", "b-1");
    assert.equal(await restore(inPullRequest(5, [named("b-2", "b-2"), named("b-1", "b-1")]), "b-9"), "b-1");
  });
});

suite("a run on the default branch names", { concurrency: true }, () => {
  test("a run on the default branch names the build that it restored, though it kept nothing", async () => {
    const { keep, restore, onMain } = await repository();
    await keep(onMain(), "b-1", "of main");
    for (const key of ["b-1", "b-2"]) {
      const main = onMain();
      assert.equal(await restore(main, key), "of main");
      assert.deepEqual(main.used, [named("b-1", "of main")]);
    }
  });

  test("a run on the default branch names the build that it continued, after the one that it made of that", async () => {
    const { keep, restore, onMain } = await repository();
    await keep(onMain(), "b-1", "first");
    const main = onMain();
    await restore(main, "b-2");
    await keep(main, "b-2", "second");
    assert.deepEqual(main.used, [named("b-2", "second"), named("b-1", "first")]);
  });

  test("a run on the default branch names the build that another job kept before it, not its own of that source", async () => {
    const { keep, onMain, archive } = await repository();
    await keep(onMain(), "b-1", "first");
    const second = onMain();
    await keep(second, "b-1", "other bytes");
    assert.deepEqual(second.used, [named("b-1", "first")]);
    assert.equal(existsSync(`${archive}.kept`), false);
  });
});

test("only the baseline of a trusted run can name trusted builds: a baseline file may come from the change itself", () => {
  const builds = [named("b-1", "x")];
  const found = { kind: "found", where: "here", baseline: baseline({ builds }) } as const;
  const origin = { commit: "m1", mergeBase: "m1", distance: 0, run: "https://github.test/o/r/actions/runs/1" };
  assert.deepEqual(buildsNamedBy({ ...found, origin }), builds);
  assert.deepEqual(buildsNamedBy(found), []);
  assert.deepEqual(buildsNamedBy({ kind: "none", where: "here" }), []);
});
