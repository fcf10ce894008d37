// Measures the cost of recording functions and files in a scan (`affected: auto` on the default branch): runs test files with and without it, in turns.
//   npm run bench:recording [-- ROUNDS [TEST…]]
// The minimum of all rounds counts for each test file, since other load on the machine only adds time.
import { mkdtempSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { prepareBuild } from "../src/build/prepare.ts";
import { cpythonUnderTest } from "../src/build/under-test.ts";
import type { RunContext } from "../src/engines/job.ts";
import { FootprintRecorder } from "../src/engines/scan/footprint-recorder.ts";
import { findRuntime } from "../src/engines/scan/runtime.ts";
import { scanEngine } from "../src/engines/scan/scan-engine.ts";
import { joinPreloads } from "../src/engines/scan/scan-environment.ts";
import { parseSettings } from "../src/settings/settings.ts";
import { endWithSignals, newProcesses, SILENT, WORK_DIR } from "./rig.ts";
import { costsIn } from "./worker-costs.ts";

/** Short test files, test files of the core and of modules, and one that starts many interpreters. */
const TESTS = [
  "test_bisect",
  "test_bytes",
  "test_cmd_line",
  "test_csv",
  "test_descr",
  "test_json",
  "test_struct",
  "test_typing",
  "test_xml_etree",
];

const MAX_SHARE = 0.03;

const [rounds = "3", ...named] = process.argv.slice(2);
const tests = named.length > 0 ? named : TESTS;
const folder = mkdtempSync(join(tmpdir(), "cpython-memcheck-bench-"));
const processes = newProcesses();
endWithSignals();
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
const preloads = joinPreloads(python.probe.preload, await findRuntime(prepared.recipe.toolchain.compiler, processes));

const least = { plain: new Map<string, number>(), recorded: new Map<string, number>() };
const ours = { cpu: 0 };

async function round(kind: keyof typeof least): Promise<void> {
  const recorder = kind === "plain" ? undefined : await FootprintRecorder.open((await cpythonUnderTest(prepared)).watched(), folder);
  const costs = await costsIn(scanEngine(runContext, { preloads, suppressions: [], recorder }), tests, folder);
  for (const [test, { cpu }] of costs) least[kind].set(test, Math.min(cpu, least[kind].get(test) ?? Number.POSITIVE_INFINITY));
  const started = process.cpuUsage();
  await recorder?.recorded();
  if (recorder !== undefined) ours.cpu = process.cpuUsage(started).user / 1e6;
}

for (let i = 0; i < Number(rounds); i++) for (const kind of ["plain", "recorded"] as const) await round(kind);
rmSync(folder, { recursive: true });

const total = (kind: keyof typeof least): number => [...least[kind].values()].reduce((sum, cpu) => sum + cpu, 0);
for (const test of tests) {
  const [plain = 0, recorded = 0] = [least.plain.get(test), least.recorded.get(test)];
  console.log(
    `${test.padEnd(22)}${plain.toFixed(2).padStart(8)} s${recorded.toFixed(2).padStart(8)} s${(1000 * (recorded - plain)).toFixed(0).padStart(7)} ms`,
  );
}
const share = total("recorded") / total("plain") - 1;
console.log(
  `all${"".padEnd(19)}${total("plain").toFixed(2).padStart(8)} s${total("recorded").toFixed(2).padStart(8)} s  ${(100 * share).toFixed(1)} % (at most 3 %)`,
);
console.log(`merging the records: ${ours.cpu.toFixed(2)} s`);
process.exitCode = share <= MAX_SHARE ? 0 : 1;
