import assert from "node:assert/strict";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { run } from "../support/command.ts";
import { isolated } from "../support/container.ts";
import { temporaryFolder } from "../support/folders.ts";

const PROGRAM = join(import.meta.dirname, "programs", "share-folder.ts");
const ROUNDS = 200;

test("checks in several containers share a work folder: no file is torn, no write fails, no live run loses its folder", async () => {
  const folder = temporaryFolder();
  // Of runs that have ended: each check removes all but the last.
  for (const name of ["1600000000000-1", "1600000000001-1", "1600000000002-1"]) mkdirSync(join(folder, "runs", name), { recursive: true });
  const containers = ["processes", "processes", "network"] as const;
  const ran = await Promise.all(
    containers.map((isolation) => {
      const words = [process.execPath, "--disable-warning=ExperimentalWarning", PROGRAM, folder, `${ROUNDS}`] as const;
      const [program, ...args] = isolated(isolation, words);
      return run(program, args);
    }),
  );
  for (const { stdout, stderr } of ran) {
    assert.equal(stderr, "");
    assert.deepEqual(JSON.parse(stdout), { whole: ROUNDS, torn: 0, failed: 0, runFoldersLost: 0 });
  }
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.endsWith(".new")),
    [],
  );
});
