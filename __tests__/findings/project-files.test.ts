import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { findByEnd, indexFiles } from "../../src/findings/project-files.ts";

const INDEX = indexFiles([
  "src/x.c",
  "python/ext/src/deep.c",
  "setup.c",
  "a/util.c",
  "b/util.c",
  "a/core/node.c",
  "b/core/node.c",
  "lib/core/list.c",
]);

suite("finding a file by the end of its path", () => {
  const found: readonly (readonly [string, string, string])[] = [
    ["where the code was compiled in another checkout", "/github/workspace/src/x.c", "src/x.c"],
    ["where the compiler was given a shorter path", "./ext/src/deep.c", "python/ext/src/deep.c"],
    ["where both have folders that the other does not", "/build/ext/src/deep.c", "python/ext/src/deep.c"],
    ["in the project's root", "/github/workspace/setup.c", "setup.c"],
    ["by its name alone where the compiler has no more", "deep.c", "python/ext/src/deep.c"],
    ["by the folder that distinguishes it from another of that name", "/w/b/util.c", "b/util.c"],
    ["by as many folders as it takes", "/w/b/core/node.c", "b/core/node.c"],
  ];
  for (const [how, path, file] of found)
    test(`a file is found by the end of its path ${how}`, () => assert.equal(findByEnd(path, INDEX), file));

  const missing: readonly (readonly [string, string])[] = [
    ["where the project has none of that name", "/w/src/y.c"],
    ["where only the name is the same", "/usr/src/zlib/x.c"],
    ["where several have as much in common", "/w/core/node.c"],
    ["where a name is in several folders", "util.c"],
    ["where a folder only ends like another", "/w/notsrc/x.c"],
  ];
  for (const [why, path] of missing)
    test(`a file is not found by the end of its path ${why}`, () => assert.equal(findByEnd(path, INDEX), undefined));
});
