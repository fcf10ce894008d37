import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { buildPython } from "../../src/build/build.ts";
import { type BuildFolder, buildFolder, readStamp } from "../../src/build/build-folder.ts";
import type { BuildContext } from "../../src/build/make.ts";
import { recipeKey } from "../../src/build/recipe.ts";
import { UserError } from "../../src/model/user-error.ts";
import { temporaryFolder } from "../support/folders.ts";
import { smallCpython } from "../support/small-cpython.ts";

/** A build that fails, or is stopped as soon as it has written a file `started`; and its folder. */
async function cut(buildContext: BuildContext, stop: (pid: number) => void): Promise<{ folder: BuildFolder; error: unknown }> {
  const workDir = temporaryFolder();
  const folder = buildFolder(workDir, recipeKey(buildContext.recipe, buildContext.source.version));
  const building = buildPython(workDir, buildContext, null).then(
    () => undefined,
    (error: unknown) => error,
  );
  const started = join(folder.tree, "started");
  while (!existsSync(started) || readFileSync(started, "utf8") === "") await sleep(10);
  stop(Number(readFileSync(started, "utf8")));
  return { folder, error: await building };
}

const HALF = ["printf half > Modules/_csv.o", "echo $$PPID > started", "sleep 60"];

suite("a build that is cut off", () => {
  test("a build that is cut off by a stop of the check is not continued", async () => {
    const buildContext = await smallCpython(HALF);
    const { folder, error } = await cut(buildContext, () => buildContext.processes.stop({ code: "signal", signal: "SIGTERM" }));
    assert.ok(error instanceof UserError);
    assert.equal(await readStamp(folder), undefined);
  });

  test("a build that is cut off by a SIGKILL from elsewhere is not continued", async () => {
    const { folder, error } = await cut(await smallCpython(HALF), (make) => process.kill(make, "SIGKILL"));
    assert.ok(error instanceof UserError && /killed \(SIGKILL\)/.test(error.message));
    assert.equal(await readStamp(folder), undefined);
  });

  test("a build that is cut off while compiling the library does not count as a build", async () => {
    const buildContext = await smallCpython(["cp python.sh python"], "#!/bin/sh\necho $$ > started\nexec sleep 60\n");
    const { folder } = await cut(buildContext, () => buildContext.processes.stop({ code: "signal", signal: "SIGTERM" }));
    assert.equal(await readStamp(folder), undefined);
  });

  test("a build that fails because its linker was killed is continued without the linker's half-written program", async () => {
    const [workDir, memory] = [temporaryFolder(), join(temporaryFolder(), "enough")];
    // As gcc ends when `ld` is killed: with an ordinary error.
    const linker = `[ -e ${memory} ] || sh -c 'printf half > python; kill -9 $$$$' || exit 1`;
    const recipe = `\t${linker}\n\tcp python.sh python\n`;
    const buildContext = await smallCpython([], "#!/bin/sh\n", { "Makefile.pre.in": `EXT_SUFFIX=.so\nall: python\npython:\n${recipe}` });
    await assert.rejects(buildPython(workDir, buildContext, null), /`make` failed/);
    const folder = buildFolder(workDir, recipeKey(buildContext.recipe, buildContext.source.version));
    assert.equal((await readStamp(folder))?.state, "failed");
    writeFileSync(memory, "");
    await assert.rejects(buildPython(workDir, buildContext, null), /The probe does not compile/);
    assert.equal(readFileSync(join(folder.tree, "python"), "utf8"), "#!/bin/sh\n");
  });

  test("a build that fails by itself is continued", async () => {
    const { folder } = await cut(await smallCpython(["echo $$PPID > started", "false"]), () => undefined);
    assert.equal((await readStamp(folder))?.state, "failed");
  });
});
