// Compares the scan of test files that start many interpreters, on one build in one run: without and with checking those interpreters. Each test file runs
// in a child of one preloaded interpreter, so that nothing else differs.
//   npm run bench:children [-- TEST…]
import { mkdtempSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { prepareBuild } from "../src/build/prepare.ts";
import type { RunContext } from "../src/engines/job.ts";
import { findRuntime } from "../src/engines/scan/runtime.ts";
import { scanEngine } from "../src/engines/scan/scan-engine.ts";
import { joinPreloads } from "../src/engines/scan/scan-environment.ts";
import { parseSettings } from "../src/settings/settings.ts";
import { newProcesses, SILENT, WORK_DIR } from "./rig.ts";
import { type Cost, costsIn } from "./worker-costs.ts";

const TESTS = [
  "test_atexit",
  "test_audit",
  "test_cmd_line",
  "test_cmd_line_script",
  "test_import",
  "test_site",
  "test_subprocess",
  "test_sys",
];

const tests = process.argv.length > 2 ? process.argv.slice(2) : TESTS;
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
const runtime = await findRuntime(prepared.recipe.toolchain.compiler, processes);
const { preload, children } = python.probe;
const engines = {
  without: scanEngine(runContext, { preloads: joinPreloads(preload, runtime), suppressions: [] }),
  with: scanEngine(runContext, { preloads: joinPreloads(children.follow, preload, runtime), suppressions: [], children: true }),
};
const costs = { without: await costsIn(engines.without, tests, folder), with: await costsIn(engines.with, tests, folder) };
rmSync(folder, { recursive: true });

const NO_COST: Cost = { cpu: 0, wall: 0 };
const total = (engine: keyof typeof costs, of: keyof Cost, names: readonly string[]): number =>
  names.reduce((sum, name) => sum + (costs[engine].get(name) ?? NO_COST)[of], 0);
const row = (title: string, names: readonly string[]): string => {
  const cells = (["cpu", "wall"] as const).flatMap((of) => {
    const [before, now] = [total("without", of, names), total("with", of, names)];
    return [`${before.toFixed(2)} s`, `${now.toFixed(2)} s`, `${(now / before).toFixed(2)} x`];
  });
  return `${title.padEnd(22)}${cells.map((cell) => cell.padStart(10)).join("")}`;
};

console.log(`${tests.length} test files of CPython ${python.version} under the scan, without and with a check of their children`);
console.log(`${"".padEnd(22)}${["cpu", "children", "", "wall", "children", ""].map((name) => name.padStart(10)).join("")}`);
for (const name of tests) console.log(row(name, [name]));
console.log(row("all", tests));
