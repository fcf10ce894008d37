// Records the corpus of eval:replay: what the documented recipe, which looks for leaks at exit, reports for many test files of a clean CPython, and
// for the same CPython with harmless patches; and, from eval:cases, the errors of each bug.
//   npm run eval:record -- LINES FOLDER
// LINES is what `eval:cases -- --record LINES FOLDER` wrote. Each run here is added to it, so a stopped recording can be resumed. Once nothing is left to
// run, the corpus is written.
import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import * as v from "valibot";
import { QUICK_TESTS } from "../../bench/quick-tests.ts";
import { endWithSignals, INVOKED_IN, newProcesses, SILENT, WORK_DIR } from "../../bench/rig.ts";
import { Functions } from "../../src/build/functions.ts";
import type { PreparedBuild } from "../../src/build/prepare.ts";
import { testEnvironment } from "../../src/build/recipe.ts";
import { fetchRelease } from "../../src/build/release.ts";
import { memcheckArgs } from "../../src/engines/memcheck/memcheck-args.ts";
import { MEMCHECK } from "../../src/engines/memcheck/memcheck-engine.ts";
import { ProcessReport } from "../../src/engines/process-report.ts";
import { readReport } from "../../src/engines/reports.ts";
import { normalizeName } from "../../src/findings/frames.ts";
import type { Frame, MemoryError } from "../../src/model/memory-error.ts";
import { inPool } from "../../src/system/pool.ts";
import { parseCase } from "../cases/case.ts";
import { build } from "../watch.ts";
import { packCorpus, type Side } from "./corpus.ts";

const RELEASE = "3.13.15";
const CORES = 2;

/** A second run of the base shows differences that no change caused. */
const AGAIN = "base again";
const PATCHED_TEST = "test_struct";
const BASE_TESTS = [...QUICK_TESTS.slice(0, 24), PATCHED_TEST];

const FrameSchema = v.strictObject({
  address: v.string(),
  object: v.optional(v.string()),
  function: v.optional(v.string()),
  directory: v.optional(v.string()),
  file: v.optional(v.string()),
  line: v.optional(v.number()),
});

const LineSchema = v.object({
  name: v.string(),
  leakCheck: v.optional(v.picklist(["live", "exit"]), "live"),
  test: v.string(),
  symbols: v.optional(v.array(v.string()), []),
  ambiguous: v.optional(v.array(v.string()), []),
  errors: v.array(
    v.object({
      unique: v.string(),
      thread: v.number(),
      kind: v.string(),
      what: v.string(),
      frames: v.array(FrameSchema),
      auxiliary: v.array(v.object({ what: v.string(), frames: v.array(FrameSchema) })),
      leaked: v.optional(v.object({ bytes: v.number(), blocks: v.number() })),
    }),
  ),
});

type Line = v.InferOutput<typeof LineSchema>;

const [lines, cases] = process.argv.slice(2);
if (lines === undefined || cases === undefined) throw new Error("Which lines, which cases? npm run eval:record -- LINES FOLDER");
const [linesFile, casesFolder] = [resolve(INVOKED_IN, lines), resolve(INVOKED_IN, cases)];
const processes = newProcesses();
endWithSignals();
const folder = await mkdtemp(join(tmpdir(), "cpython-memcheck-eval-"));
const source = join(folder, "cpython");

async function readLines(): Promise<readonly Line[]> {
  const text = await readFile(linesFile, "utf8");
  // Without the folders of this machine.
  const parts = text
    .replaceAll(/"\/[^"]*\/builds\/[^/"]+(?=\/(tree|probe)\b)/g, '"')
    .replaceAll(/"\/[^"]*(?=\/src\/probe")/g, '"')
    .split("\n")
    .filter((line) => line !== "");
  return parts.map((line) => v.parse(v.pipe(v.string(), v.parseJson(), LineSchema), line));
}

/** Runs those of these tests that have no line yet, on the current source. */
async function recordSide(name: string, tests: readonly string[], known: readonly Line[]): Promise<void> {
  const missing = tests.filter((test) => !known.some((line) => line.name === name && line.test === test && line.leakCheck === "exit"));
  if (missing.length === 0) return;
  await using prepared = await build({ source }, CORES);
  const { own } = await Functions.ofBuild(prepared.python, processes);
  const recordOne = async (test: string): Promise<void> => {
    const errors = await lookAtExit(test, join(folder, `${name}-${test}`), prepared);
    const line = { name, leakCheck: "exit", test, ...namesOf(errors, own.names, own.ambiguous), errors };
    await appendFile(linesFile, `${JSON.stringify(line)}\n`);
    console.log(`${name}: ${test}, ${errors.length} errors`);
  };
  await inPool(missing, CORES, recordOne);
}

async function lookAtExit(test: string, place: string, { python, recipe }: PreparedBuild): Promise<readonly MemoryError[]> {
  await mkdir(place, { recursive: true });
  const { valgrind } = recipe.toolchain;
  const options = { valgrind, leakCheck: "exit", suppressions: [python.suppressions.all], extraArgs: [], xmlFolder: place } as const;
  const args = [...memcheckArgs(options), python.path, python.probe.runner, "test", test];
  const { pid } = await processes.run("valgrind", args, { cwd: place, env: testEnvironment(process.env, python) });
  const report = new ProcessReport("exit");
  const errors: MemoryError[] = [];
  await readReport(MEMCHECK, join(place, `${pid}.xml`), report, ({ error }) => errors.push(error));
  if (report.ending?.complete !== true || report.results.length === 0) throw new Error(`${test} did not run to its end: ${place}`);
  await rm(place, { recursive: true });
  return errors;
}

/** The part of the build's symbols that can matter to these errors. */
function namesOf(errors: readonly MemoryError[], symbols: ReadonlySet<string>, ambiguous: ReadonlySet<string>) {
  const names = [...new Set(errors.flatMap(({ frames }) => frames.map(normalizeName)))].sort();
  return { symbols: names.filter((name) => symbols.has(name)), ambiguous: names.filter((name) => ambiguous.has(name)) };
}

/** All tests of one name are one side. */
function sidesOf(lines: readonly Line[]): readonly Side[] {
  return [...Map.groupBy(lines, ({ name, leakCheck }) => `${name} ${leakCheck}`).values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const all = (pick: (line: Line) => readonly string[]): readonly string[] => [...new Set(group.flatMap(pick))].sort();
    const { name, leakCheck } = first;
    const errors = new Map(group.map(({ test, errors: list }) => [test, list.map(errorOf)]));
    return [{ name, leakCheck, symbols: all(({ symbols }) => symbols), ambiguous: all(({ ambiguous }) => ambiguous), errors }];
  });
}

/** Leaves out undefined fields, as our types require. */
function errorOf({ leaked, frames, auxiliary, ...error }: Line["errors"][number]): MemoryError {
  const further = auxiliary.map((stack) => ({ what: stack.what, frames: stack.frames.map(frameOf) }));
  return { ...error, frames: frames.map(frameOf), auxiliary: further, ...(leaked && { leaked }) };
}

function frameOf({ address, object, function: name, directory, file, line }: v.InferOutput<typeof FrameSchema>): Frame {
  return {
    address,
    ...(object && { object }),
    ...(name && { function: name }),
    ...(directory && { directory }),
    ...(file && { file }),
    ...(line && { line }),
  };
}

async function main(): Promise<void> {
  const known = await readLines();
  await cp((await fetchRelease(RELEASE, WORK_DIR, { progress: SILENT, processes })).path, source, {
    recursive: true,
    verbatimSymlinks: true,
  });
  await recordSide("base", BASE_TESTS, known);
  await recordSide(AGAIN, [PATCHED_TEST], known);
  for (const name of (await readdir(casesFolder)).filter((file) => file.startsWith("ben-")).sort()) {
    const path = join(casesFolder, name);
    const patch = (...options: readonly string[]) => processes.output("patch", ["--silent", "-p1", "-d", source, "-i", path, ...options]);
    await patch();
    await recordSide(parseCase(await readFile(path, "utf8")).name, [PATCHED_TEST], known);
    await patch("-R");
  }
  await writeFile(new URL(`corpus-${RELEASE}.json.gz`, import.meta.url), packCorpus(sidesOf(await readLines())));
}

try {
  await main();
} finally {
  await rm(folder, { recursive: true, force: true });
}
