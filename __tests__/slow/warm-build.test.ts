import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join, relative } from "node:path";
import { after, before, suite, test } from "node:test";
import { type BuildKind, buildPython } from "../../src/build/build.ts";
import { buildFolder } from "../../src/build/build-folder.ts";
import type { BuildStore } from "../../src/build/build-store.ts";
import { keepBuild } from "../../src/build/kept-build.ts";
import type { BuildContext } from "../../src/build/make.ts";
import { makeRecipe, recipeKey } from "../../src/build/recipe.ts";
import { openSource } from "../../src/build/source.ts";
import { probeToolchain } from "../../src/build/toolchain.ts";
import { BuildDirectory } from "../../src/hosts/terminal/build-directory.ts";
import { Processes } from "../../src/system/processes.ts";
import { Checkout } from "../support/checkout.ts";
import { WORK_DIR } from "../support/command.ts";
import { QuietProgress } from "../support/progress.ts";

const processes = new Processes(process.env);

interface Built {
  readonly kind: BuildKind;
  readonly tree: string;
  /** The objects that this build compiled. */
  readonly compiled: readonly string[];
}

async function contextFor(path: string): Promise<BuildContext> {
  const source = await openSource(path, processes);
  const recipe = makeRecipe(source, await probeToolchain(processes), []);
  return { recipe, source, jobs: availableParallelism(), processes, progress: new QuietProgress() };
}

async function build(buildContext: BuildContext, workDir: string, builds: BuildStore | null = null): Promise<Built> {
  const { python, lock } = await buildPython(workDir, buildContext, builds);
  await lock[Symbol.asyncDispose]();
  const path = join(python.tree, "..", "build.log");
  const log = python.build.kind === "restored" ? "" : readFileSync(path, "utf8");
  return { kind: python.build.kind, tree: python.tree, compiled: [...log.matchAll(/ -o (\S+\.o)\b/g)].map(([, object = ""]) => object) };
}

/** The contents of a tree, by path. Byte code depends on the objects alive when it was written (marshal's references), so only its header counts. */
function contentOf(tree: string): ReadonlyMap<string, string> {
  const files = readdirSync(tree, { recursive: true, withFileTypes: true }).filter((entry) => !entry.isDirectory());
  const names = files.map((entry) => relative(tree, join(entry.parentPath, entry.name))).filter((name) => name !== "config.log");
  return new Map(names.sort().map((name) => [name, describeFile(tree, name)]));
}

function describeFile(tree: string, name: string): string {
  const { mode } = statSync(join(tree, name));
  // The magic number, the flags and the hash of the source (PEP 552); without the hash if the source contains the folder's name.
  if (name.endsWith(".pyc")) return readFileSync(join(tree, name)).toString("hex", 0, namesFolder(tree, name) ? 8 : 16);
  return `${mode.toString(8)} ${readFileSync(join(tree, name), "latin1").replaceAll(tree, "TREE")}`;
}

/** True for `_sysconfigdata`, which `make` writes. */
function namesFolder(tree: string, byteCode: string): boolean {
  const source = byteCode.replace(/__pycache__\/([^/]+)\.cpython-\d+\.pyc$/, "$1.py");
  return readFileSync(join(tree, source), "latin1").includes(tree);
}

function assertSameTrees(actual: string, expected: string): void {
  const [left, right] = [contentOf(actual), contentOf(expected)];
  assert.deepEqual([...left.keys()], [...right.keys()]);
  const different = [...left].filter(([name, content]) => right.get(name) !== content).map(([name]) => name);
  assert.deepEqual(different, []);
}

/**
 * The changes come one after the other in one folder, first the one after which everything is compiled again, so that none hides what one before
 * it left behind. Then one build from nothing has to be the same.
 */
suite("a build that is continued with a source that differs", () => {
  const folder = mkdtempSync(join(tmpdir(), "cpython-memcheck-test-"));
  const store = new BuildDirectory(join(folder, "kept"));
  const warm = join(folder, "warm");
  let checkout: Checkout;
  let built: Built;

  before(async () => {
    checkout = await Checkout.open();
    const buildContext = await contextFor(checkout.source);
    // Built by other tests before, elsewhere, if they ran.
    await build(buildContext, WORK_DIR);
    await keep(buildContext, WORK_DIR);
  });
  after(() => {
    checkout.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Saves the build, no matter how long it took. */
  const keep = (buildContext: BuildContext, workDir: string): Promise<void> =>
    keepBuild(
      { ...buildContext, builds: store },
      buildFolder(workDir, recipeKey(buildContext.recipe, buildContext.source.version)),
      Number.POSITIVE_INFINITY,
    );

  async function takes(): Promise<Built> {
    built = await build(await contextFor(checkout.source), warm, store);
    assert.equal(built.kind, "warm");
    return built;
  }

  test("a continued build compiles everything after a change of a public header", async () => {
    checkout.edit("Include/object.h", "#ifndef Py_OBJECT_H", "// One line more, which debug information counts.\n#ifndef Py_OBJECT_H");
    const { compiled } = await takes();
    assert.ok(compiled.length > 300, `${compiled.length} objects`);
  });

  test("a continued build compiles one object of the core after a change of that", async () => {
    checkout.edit("Objects/boolobject.c", "Returns True when", "Returns True whenever");
    const { compiled } = await takes();
    assert.deepEqual(
      // The freezer is linked again, and what it writes is compiled again.
      compiled.filter((name) => !/frozen|_bootstrap_python|getbuildinfo|getpath/.test(name)),
      ["Objects/boolobject.o"],
    );
  });

  test("a continued build compiles what includes a header that the Makefile does not know of", async () => {
    checkout.edit("Objects/clinic/enumobject.c.h", "Return an enumerate object.", "Return an enumerating object.");
    const { compiled } = await takes();
    assert.ok(compiled.includes("Objects/enumobject.o"), compiled.join());
  });

  test("a continued build compiles one module after a change of that", async () => {
    checkout.edit("Modules/_csv.c", "CSV parsing and writing.", "CSV reading and writing.");
    assert.deepEqual((await takes()).compiled, ["Modules/_csv.o"]);
  });

  test("a continued build freezes a module of the library again", async () => {
    checkout.edit("Lib/codecs.py", "### Constants", "WARM_BUILD = 'test'\n### Constants");
    assert.ok((await takes()).compiled.includes("Python/frozen.o"));
  });

  test("a continued build takes files that were added", async () => {
    for (const name of ["stays", "goes"]) {
      checkout.add(`Modules/warm_${name}.h`, `static const char warm_${name}[] __attribute__((used)) = "${name}";\n`);
      mkdirSync(join(checkout.source, `Lib/warm_${name}`));
      checkout.add(`Lib/warm_${name}/__init__.py`, "VALUE = 1\n");
    }
    checkout.edit("Modules/_bisectmodule.c", '#include "Python.h"', '#include "Python.h"\n#include "warm_stays.h"');
    checkout.edit("Modules/_heapqmodule.c", '#include "Python.h"', '#include "Python.h"\n#include "warm_goes.h"');
    assert.deepEqual((await takes()).compiled.toSorted(), ["Modules/_bisectmodule.o", "Modules/_heapqmodule.o"]);
  });

  test("a continued build leaves nothing of files that were removed or renamed", async () => {
    checkout.edit("Modules/_heapqmodule.c", '\n#include "warm_goes.h"', "");
    for (const name of ["Modules/warm_goes.h", "Lib/warm_goes"]) rmSync(join(checkout.source, name), { recursive: true });
    renameSync(join(checkout.source, "Lib/this.py"), join(checkout.source, "Lib/that.py"));
    const { compiled, tree } = await takes();
    assert.deepEqual(compiled, ["Modules/_heapqmodule.o"]);
    assert.equal(existsSync(join(tree, "Lib/warm_goes")), false);
  });

  test("an incremental build is byte-for-byte the same as a clean one, and so is its cached archive", async () => {
    const buildContext = await contextFor(checkout.source);
    await keep(buildContext, warm);
    const restored = await build(buildContext, join(folder, "restored"), store);
    assert.equal(restored.kind, "restored");
    const cold = await build(buildContext, join(folder, "cold"));
    assert.equal(cold.kind, "cold");
    assertSameTrees(built.tree, cold.tree);
    assertSameTrees(restored.tree, cold.tree);
  });
});
