import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { before, suite, test } from "node:test";
import { memcheckArgs } from "../../src/engines/memcheck/memcheck-args.ts";
import { MEMCHECK } from "../../src/engines/memcheck/memcheck-engine.ts";
import { readJournal } from "../../src/engines/scan/journal.ts";
import { findRuntime } from "../../src/engines/scan/runtime.ts";
import { joinPreloads, scanEnvironment } from "../../src/engines/scan/scan-environment.ts";
import { Symbols } from "../../src/engines/scan/symbols.ts";
import { findingOf } from "../../src/findings/make-finding.ts";
import type { Project } from "../../src/findings/site.ts";
import type { EngineName } from "../../src/model/engine-name.ts";
import type { Finding } from "../../src/model/finding.ts";
import type { EngineEvent } from "../../src/model/memory-error.ts";
import { headersIn, type Probe, provideProbe } from "../../src/probe/provide.ts";
import { CythonLines } from "../../src/system/cython-lines.ts";
import { Processes } from "../../src/system/processes.ts";
import { Checkout } from "../support/checkout.ts";
import { assertExit, ROOT, run, WORK_DIR } from "../support/command.ts";
import { isFreeThreaded } from "../support/extension.ts";
import { buildExtensions, hasCargo, type Kind } from "../support/extensions.ts";
import { temporaryFolder } from "../support/folders.ts";

/** The folder of a 3.13 that a check has built before. */
function builtPython(): string | undefined {
  const builds = join(WORK_DIR, "builds");
  const names = existsSync(builds) ? readdirSync(builds) : [];
  const isOurs = (tree: string): boolean => existsSync(join(tree, "python")) && !isFreeThreaded(tree);
  return names.find((name) => name.startsWith("3.13.") && isOurs(join(builds, name, "tree")));
}

async function buildPython(): Promise<string> {
  const checkout = await Checkout.open();
  try {
    assertExit((await checkout.check(["--tests", "test_bisect"])).ran, 0);
  } finally {
    checkout.remove();
  }
  return builtPython() ?? "";
}

const SOURCES = join(ROOT, "__tests__", "real", "extensions");

/** What each extension's leak() loses, by the functions that lose it, and where they do. */
const LEAKS: Readonly<Record<Kind, readonly string[]>> = {
  c: ["lose_block planted_c.c:11", "lose_list planted_c.c:17"],
  cython: ["planted_cython.Owner.lose_block planted_cython.pyx:19", "planted_cython.Owner.lose_object planted_cython.pyx:23"],
  pybind11: ["planted::lose_list planted_pybind11.cpp:31", "planted::lose_table planted_pybind11.cpp:25"],
  nanobind: ["planted::lose_list planted_nanobind.cpp:30", "planted::lose_table planted_nanobind.cpp:24"],
  rust: ["planted_rust::Table::lose lib.rs:29", "planted_rust::lose_list lib.rs:43", "planted_rust::lose_map lib.rs:37"],
};

const isRustHere = await hasCargo();

suite("an extension's leaks", { skip: process.arch === "x64" ? false : "the modules are compiled for x86-64" }, () => {
  const processes = new Processes(process.env);
  let tree: string;
  let probe: Probe;
  let modules: string;
  let preloads: string;
  before(async () => {
    const build = builtPython() ?? (await buildPython());
    const folder = join(WORK_DIR, "builds", build);
    tree = join(folder, "tree");
    const parts = {
      headers: headersIn(tree),
      origin: [tree, "/cpython"] as const,
      folder: join(folder, "probe"),
      compiler: "gcc",
      extensionSuffix: ".cpython-313-x86_64-linux-gnu.so",
      freeThreaded: false,
    };
    probe = await provideProbe(parts, processes);
    preloads = joinPreloads(probe.preload, await findRuntime("gcc", processes));
    modules = await buildExtensions(tree);
  });

  async function look(engine: EngineName, target: string): Promise<readonly Finding[]> {
    const folder = temporaryFolder();
    const log = join(folder, "log");
    const script = [join(tree, "python"), join(SOURCES, "look.py"), engine, folder, log, dirname(probe.runner), target];
    const env = { PATH: process.env.PATH, PYTHONPATH: modules, PYTHONMALLOC: "malloc", PYTHONHASHSEED: "0" };
    const valgrind = memcheckArgs({ valgrind: "3.19", leakCheck: "live", suppressions: [], extraArgs: [], xmlFolder: folder });
    const ran =
      engine === "scan"
        ? await run(script[0] ?? "", script.slice(1), { ...env, ...scanEnvironment(preloads, "bare", "fast") })
        : await run("sh", ["-c", 'exec 9>"$0"; exec valgrind --log-fd=9 "$@"', log, ...valgrind, ...script], env);
    assertExit(ran, 0);
    const [report = ""] = readdirSync(folder).filter((name) => /\.(xml|jsonl)$/.test(name));
    const path = join(folder, report);
    return await findingsOf(engine, engine === "scan" ? readJournal(path, new Symbols(processes), () => undefined) : MEMCHECK.read(path));
  }

  async function findingsOf(engine: EngineName, events: AsyncIterable<EngineEvent>): Promise<readonly Finding[]> {
    const cython = new CythonLines();
    const project: Project = {
      roots: [SOURCES, join(modules, "rust"), modules],
      interpreter: ["/cpython", tree],
      ownsObject: (object) => object.startsWith(`${modules}/`),
      generatedFrom: (frame) => cython.sourceOf(frame),
    };
    const found: Finding[] = [];
    for await (const event of events) {
      if (event.type === "error") found.push(findingOf({ engine, error: event.error, testFile: "t", testId: null, objects: [] }, project));
    }
    return found;
  }

  const unique = (texts: readonly string[]): readonly string[] => [...new Set(texts)].sort();

  for (const [kind, leaks] of Object.entries(LEAKS)) {
    const skip = kind === "rust" && !isRustHere ? "cargo is not installed" : false;
    test(`an extension's leaks are found by both engines in ${kind}, by function and line, with signature and owner`, {
      skip,
    }, async () => {
      const found = { scan: await look("scan", `planted_${kind}.leak`), memcheck: await look("memcheck", `planted_${kind}.leak`) };
      for (const findings of Object.values(found)) {
        assert.deepEqual(unique(findings.map(({ site }) => `${site.function} ${basename(site.file ?? "")}:${site.line}`)), leaks);
        assert.deepEqual(unique(findings.map(({ owner }) => owner)), ["project"]);
      }
      assert.deepEqual(unique(found.scan.map(({ signature }) => signature)), unique(found.memcheck.map(({ signature }) => signature)));
    });

    test(`an extension has no leaks if ${kind} caches its objects`, { skip }, async () => {
      assert.deepEqual(await look("scan", `planted_${kind}.keep`), []);
      assert.deepEqual(await look("memcheck", `planted_${kind}.keep`), []);
    });
  }
});
