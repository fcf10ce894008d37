// Compares the same test files on one build in one run: natively, under the scan, and under memcheck. Each runs in a child of one preloaded interpreter,
// so that only the cost of the engine differs.
//   npm run bench:scan [-- HOW_MANY]
import { mkdtempSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { prepareBuild } from "../src/build/prepare.ts";
import { serveArgs } from "../src/engines/control.ts";
import type { Engine } from "../src/engines/engine.ts";
import type { RunContext } from "../src/engines/job.ts";
import { memcheckEngine } from "../src/engines/memcheck/memcheck-engine.ts";
import { findRuntime } from "../src/engines/scan/runtime.ts";
import { scanEngine } from "../src/engines/scan/scan-engine.ts";
import { joinPreloads } from "../src/engines/scan/scan-environment.ts";
import { parseSettings } from "../src/settings/settings.ts";
import { newProcesses, SILENT, WORK_DIR } from "./rig.ts";
import { type Cost, costsIn } from "./worker-costs.ts";

/** Some tenths of a second each natively: shorter ones would measure the two leak checks, longer ones take minutes under memcheck. */
const TESTS = [
  "test_argparse",
  "test_array",
  "test_ast",
  "test_bz2",
  "test_calendar",
  "test_call",
  "test_codecs",
  "test_collections",
  "test_configparser",
  "test_context",
  "test_contextlib_async",
  "test_csv",
  "test_dataclasses",
  "test_deque",
  "test_descr",
  "test_difflib",
  "test_dis",
  "test_json",
  "test_struct",
  "test_xml_etree",
] as const;

const MAX_RATIO = 4;
const MEDIAN_RATIO = 2;

const count = Number(process.argv[2] ?? TESTS.length);
const folder = mkdtempSync(join(tmpdir(), "cpython-memcheck-bench-"));
const processes = newProcesses();

const settings = parseSettings(
  { "python-version": "3.13" },
  { directory: folder, home: homedir(), cores: 2, workDir: WORK_DIR, source: { kind: "release", version: "3.13" } },
);
await using prepared = await prepareBuild(settings, { progress: SILENT, processes });
const { python } = prepared;
const runContext: RunContext = {
  python,
  project: { roots: python.roots },
  folder,
  leakCheckPer: "file",
  pythonStacks: false,
  timeout: 1200,
  processes,
};

const native: Pick<Engine, "start"> = {
  start: (job, reports, output) =>
    processes.start(python.path, serveArgs(runContext, reports, []), {
      cwd: job.cwd,
      env: job.env,
      stdio: ["pipe", output, output, "pipe"],
    }),
};
const runtime = await findRuntime(prepared.recipe.toolchain.compiler, processes);
const { valgrind } = prepared.recipe.toolchain;
const options = { valgrind, leakCheck: "live", suppressions: [python.suppressions.definiteLeaks], extraArgs: [] } as const;
const engines = {
  native,
  scan: scanEngine(runContext, { preloads: joinPreloads(python.probe.preload, runtime), suppressions: [] }),
  memcheck: memcheckEngine(runContext, options),
};

const tests = TESTS.slice(0, count);
const costs = {
  native: await costsIn(engines.native, tests, folder),
  scan: await costsIn(engines.scan, tests, folder),
  memcheck: await costsIn(engines.memcheck, tests, folder),
};
rmSync(folder, { recursive: true });

const NO_COST: Cost = { cpu: 0, wall: 0 };
const costOf = (engine: keyof typeof costs, test: string): Cost => costs[engine].get(test) ?? NO_COST;
const ratio = (engine: keyof typeof costs, test: string): number => costOf(engine, test).cpu / costOf("native", test).cpu;
const total = (engine: keyof typeof costs, of: keyof Cost): number => tests.reduce((sum, test) => sum + costOf(engine, test)[of], 0);
const cell = (value: number, unit: string): string => `${value.toFixed(2)} ${unit}`.padStart(12);

console.log(`${tests.length} test files of CPython ${python.version}, one child each; CPU seconds, and how many times the native ones`);
console.log(`${"".padEnd(22)}${["native", "scan", "memcheck"].map((name) => name.padStart(12)).join("")}`);
for (const test of tests) {
  const cells = [cell(costOf("native", test).cpu, "s"), cell(ratio("scan", test), "x"), cell(ratio("memcheck", test), "x")];
  console.log(`${test.padEnd(22)}${cells.join("")}`);
}
const ratios = tests.map((test) => ratio("scan", test)).sort((a, b) => a - b);
const median = ratios[Math.floor(ratios.length / 2)] ?? 0;
const worst = ratios.at(-1) ?? 0;
for (const kind of ["cpu", "wall"] as const) {
  const all = (engine: keyof typeof costs): number => total(engine, kind) / total("native", kind);
  console.log(`all, ${kind.padEnd(17)}${cell(total("native", kind), "s")}${cell(all("scan"), "x")}${cell(all("memcheck"), "x")}`);
}
const holds = median <= MEDIAN_RATIO && worst <= MAX_RATIO;
console.log(`scan: median ${median.toFixed(2)} (at most ${MEDIAN_RATIO}), worst ${worst.toFixed(2)} (at most ${MAX_RATIO})`);
process.exitCode = holds ? 0 : 1;
