// Measures builds: from nothing, and from a kept build of a source that differs in one file, each in an empty work folder. The time includes reading the
// source, restoring a build, and keeping one if that is worth it. `npm run bench:build -- unchanged module` measures only these cases, and a cold build.
// With a folder in BENCH_FOLDER, the cold build is made once for several runs.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { availableParallelism, homedir, tmpdir } from "node:os";
import { join } from "node:path";
import * as v from "valibot";
import { prepareBuild } from "../src/build/prepare.ts";
import { fetchRelease } from "../src/build/release.ts";
import { BuildDirectory } from "../src/hosts/terminal/build-directory.ts";
import { parseSettings } from "../src/settings/settings.ts";
import { newProcesses, WORK_DIR } from "./rig.ts";

interface Case {
  readonly name: string;
  /** The file that differs from the kept build's. */
  readonly file?: string;
  /** The largest allowed share of a cold build's time; without it, the share is only shown. */
  readonly most?: number;
  /** How often it is measured; the median counts. */
  readonly times: number;
}

const CASES: readonly Case[] = [
  { name: "unchanged", most: 0.02, times: 3 },
  { name: "stdlib", file: "Lib/csv.py", most: 0.02, times: 3 },
  { name: "module", file: "Modules/_csv.c", most: 0.03, times: 3 },
  { name: "core", file: "Objects/listobject.c", most: 0.06, times: 3 },
  { name: "header", file: "Include/object.h", times: 1 },
];

interface Built {
  readonly kind: string;
  readonly seconds: number;
}

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !CASES.some((one) => one.name === name));
if (unknown.length > 0) {
  console.error(`There is no case ${unknown.join(", ")}. Cases: ${CASES.map(({ name }) => name).join(", ")}`);
  process.exit(2);
}
const lasting = process.env.BENCH_FOLDER;
const folder = lasting ?? mkdtempSync(join(tmpdir(), "cpython-memcheck-bench-"));
const processes = newProcesses();
const silent = { begin: () => {}, update: () => {}, note: (line: string) => console.log(`  ${line}`), end: () => {} };
const checkout = join(folder, "checkout");
mkdirSync(WORK_DIR, { recursive: true });
if (!existsSync(checkout))
  cpSync((await fetchRelease("3.13", WORK_DIR, { progress: silent, processes })).path, checkout, {
    recursive: true,
    verbatimSymlinks: true,
  });
const kept = join(folder, "kept");

/** Builds the checkout in an empty work folder, with a directory of builds. Nothing is deleted in between: that slows file systems for minutes. */
async function build(name: string, builds: string): Promise<Built> {
  const surroundings = { directory: folder, home: homedir(), cores: availableParallelism() };
  const source = { kind: "checkout", path: checkout } as const;
  const settings = parseSettings({}, { ...surroundings, workDir: join(folder, `work-${process.pid}`, name), source });
  mkdirSync(settings.workDir, { recursive: true });
  // Otherwise this build would wait for earlier writes.
  await processes.output("sync", []);
  const began = performance.now();
  await using prepared = await prepareBuild(settings, { progress: silent, processes, builds: new BuildDirectory(builds) });
  return { kind: prepared.python.build.kind, seconds: (performance.now() - began) / 1000 };
}

async function buildCase({ name, file }: Case, turn: number): Promise<Built> {
  const builds = join(folder, `kept-${process.pid}-${name}-${turn}`);
  cpSync(kept, builds, { recursive: true });
  if (file === undefined) return await build(`${name}-${turn}`, builds);
  const path = join(checkout, file);
  const text = readFileSync(path, "utf8");
  // Adds code, so that the compiled file differs; a declaration, since a header can be included twice.
  writeFileSync(path, `${text}\n${file.endsWith(".py") ? `_bench = ${turn}` : `extern int bench_${turn};`}\n`);
  const result = await build(`${name}-${turn}`, builds);
  writeFileSync(path, text);
  return result;
}

/** The measurement of an earlier run with the same folder. */
const coldFile = join(folder, "cold.json");
const Cold = v.object({ kind: v.string(), seconds: v.number() });
const cold = existsSync(coldFile) ? v.parse(Cold, JSON.parse(readFileSync(coldFile, "utf8"))) : await build("cold", kept);
writeFileSync(coldFile, JSON.stringify(cold));
const archives = readdirSync(kept).map((name) => statSync(join(kept, name)).size);
console.log(`cold      ${cold.seconds.toFixed(1).padStart(7)} s  (${cold.kind}), kept in ${((archives[0] ?? 0) / 1e6).toFixed(1)} MB`);
const summary: string[] = [];
let holds = cold.kind === "cold" && archives.length === 1;
const cases = CASES.filter(({ name }) => chosen.length === 0 || chosen.includes(name));
const results = new Map(cases.map((one) => [one, [] as Built[]]));
// In turns, so that a slow minute of the machine does not affect only one case.
for (let turn = 1; turn <= Math.max(...cases.map(({ times }) => times)); turn++) {
  for (const one of cases) if (turn <= one.times) results.get(one)?.push(await buildCase(one, turn));
}
for (const [one, built] of results) {
  const { kind, seconds } = built.sort((a, b) => a.seconds - b.seconds)[Math.floor(one.times / 2)] ?? cold;
  const ratio = seconds / cold.seconds;
  const limit = one.most === undefined ? "" : `at most ${one.most}`;
  console.log(
    `${one.name.padEnd(10)}${seconds.toFixed(1).padStart(7)} s  ${ratio.toFixed(3)} of cold  ${limit} (${kind}; ${one.file ?? "no file"})`,
  );
  summary.push(`${one.name} ${ratio.toFixed(3)}${one.most === undefined ? "" : `/${one.most}`}`);
  holds &&= ratio <= (one.most ?? Number.POSITIVE_INFINITY) && kind === (one.file === undefined ? "restored" : "warm");
}
if (lasting === undefined) rmSync(folder, { recursive: true });
console.log(`${holds ? "holds" : "does not hold"}: ${summary.join(", ")} of a cold build's ${cold.seconds.toFixed(0)} s`);
process.exitCode = holds ? 0 : 1;
