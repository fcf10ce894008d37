import assert from "node:assert/strict";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { TRACKED_MIMALLOC } from "../../src/build/recipe.ts";
import { headersIn, provideProbe } from "../../src/probe/provide.ts";
import { Processes } from "../../src/system/processes.ts";
import { Checkout } from "../support/checkout.ts";
import { assertExit, WORK_DIR } from "../support/command.ts";

const GC_HEADER = "Include/internal/pycore_gc.h";

const isBuilt = (build: string): boolean => existsSync(join(WORK_DIR, "builds", build, "stamp.json"));

suite("the probe", () => {
  const folder = mkdtempSync(join(tmpdir(), "cpython-memcheck-probe-"));
  let tree: string;
  before(async () => {
    const checkout = await Checkout.open();
    try {
      assertExit((await checkout.check(["--tests", "test_bisect"])).ran, 0);
    } finally {
      checkout.remove();
    }
    const [build = ""] = readdirSync(join(WORK_DIR, "builds")).filter((name) => name.startsWith("3.13."));
    tree = join(WORK_DIR, "builds", build, "tree");
  });
  after(() => rmSync(folder, { recursive: true }));

  /** Compiles it against the build's headers, after an edit of the collector's. */
  async function compileWith(name: string, edit: (header: string) => string) {
    const headers = join(folder, name);
    cpSync(join(tree, "Include"), join(headers, "Include"), { recursive: true });
    cpSync(join(tree, "pyconfig.h"), join(headers, "pyconfig.h"));
    const path = join(headers, GC_HEADER);
    writeFileSync(path, edit(readFileSync(path, "utf8")));
    const parts = {
      headers: headersIn(headers),
      origin: [headers, "/cpython"] as const,
      folder: join(folder, `${name}-probe`),
      compiler: "cc",
      extensionSuffix: ".so",
      freeThreaded: false,
    };
    return await provideProbe(parts, new Processes(process.env));
  }

  test("the probe is compiled whole against headers that it knows", async () => {
    assert.equal((await compileWith("known", (header) => header)).liveRefusal, undefined);
  });

  test("the probe compiles without a warning, with and without the live leak check, against each CPython built here", async () => {
    for (const build of readdirSync(join(WORK_DIR, "builds")).filter(isBuilt)) {
      const tree = join(WORK_DIR, "builds", build, "tree");
      const freeThreaded = /^#define Py_GIL_DISABLED 1$/m.test(readFileSync(join(tree, "pyconfig.h"), "utf8"));
      const layoutFlags = freeThreaded ? [TRACKED_MIMALLOC] : [];
      const parts = { headers: headersIn(tree), extensionSuffix: ".so", freeThreaded, layoutFlags };
      for (const [name, compiler] of [
        ["whole", "cc -Werror"],
        ["part", "cc -Werror -DNO_LIVE_CHECK"],
      ] as const) {
        const probe = await provideProbe({ ...parts, compiler, folder: join(folder, build, name) }, new Processes(process.env));
        assert.equal(probe.liveRefusal, undefined, build);
      }
    }
  });

  test("the probe is compiled without the live leak check against unknown headers, and names the unknown part", async () => {
    const unknown = await compileWith("unknown", (header) => header.replaceAll("generations[", "ages["));
    assert.match(unknown.liveRefusal ?? "", /collector's lists/);
    const other = await compileWith("other", (header) => header.replace("uintptr_t _gc_next;", "uintptr_t _gc_last, _gc_next;"));
    assert.match(other.liveRefusal ?? "", /PyGC_Head is two words/);
  });

  test("the probe is not compiled again while it is complete", async () => {
    const first = await compileWith("again", (header) => header);
    assert.deepEqual(await compileWith("again", (header) => header), first);
    rmSync(first.preload);
    assert.deepEqual(await compileWith("again", (header) => header), first);
    readFileSync(first.preload);
  });
});
