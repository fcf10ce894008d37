import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { readLeakSuppressions } from "../../src/stages/read-suppressions.ts";
import { temporaryFolder, writeFiles } from "../support/folders.ts";

test("suppressions of leaks are named as in the repository, not by their copies in the build", async () => {
  const folder = temporaryFolder();
  const leak = (name: string): string => `{\n  ${name}\n  Memcheck:Leak\n  fun:f\n}\n`;
  writeFiles(folder, { "work/build/all.supp": leak("a"), "repository/ci/my.supp": leak("b"), "home/other.supp": leak("c") });
  const workspace = join(folder, "repository");
  const suppressions = [join(workspace, "ci/my.supp"), join(folder, "home/other.supp")];
  const read = await readLeakSuppressions(
    { workspace, source: { kind: "checkout", path: workspace }, suppressions },
    join(folder, "work/build/all.supp"),
  );
  assert.deepEqual(
    read.map(({ name, file, line }) => [name, file, line]),
    [
      ["a", "Misc/valgrind-python.supp", 2],
      ["b", "ci/my.supp", 2],
      ["c", join(folder, "home/other.supp"), 2],
    ],
  );
});
