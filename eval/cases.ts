// For each patch that adds a bug to CPython, and each harmless patch: is something found, by which engine, and by which simpler way of comparing?
// The base is built and run once; then for each case: apply, build what changed, run its test file under both engines, compare, undo.
//   npm run eval:cases -- [--record FILE] FOLDER [NAME…]
// Headers of the patches in FOLDER describe them (cases/case.ts). Patches contain CPython's code, so this repository has none. Names choose some of them,
// for a run in parts. `--record` adds memcheck's raw errors of each case to a file of lines, for the corpus of eval:replay.
import { appendFile, cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { endWithSignals, INVOKED_IN, newProcesses, SILENT, WORK_DIR } from "../bench/rig.ts";
import { fetchRelease } from "../src/build/release.ts";
import type { History } from "../src/findings/history.ts";
import { type Changes, NO_CHANGES, parseDiff } from "../src/git/changes.ts";
import { describeFailure, UserError } from "../src/model/user-error.ts";
import { incompleteInWords } from "../src/report/incomplete-messages.ts";
import { type Case, parseCase, patternsOf } from "./cases/case.ts";
import { type Look, notRun, type Outcome, outcomeOf } from "./cases/outcome.ts";
import { describeOutcome, recallTable, summaryOf } from "./cases/text.ts";
import { build, recordBase, type Watched, watch } from "./watch.ts";

const RELEASE = "3.13.15";
const CORES = 2;

/** Seconds for one test file: a case without `match` runs a whole one, which may be long. */
const TIMEOUT = 600;

const { values, positionals } = parseArgs({ options: { record: { type: "string" } }, allowPositionals: true });
const [folderName, ...chosen] = positionals;
const folder = await mkdtemp(join(tmpdir(), "cpython-memcheck-eval-"));
const source = join(folder, "cpython");
const processes = newProcesses();
endWithSignals();

interface Patch {
  readonly path: string;
  /** The changes that a check of a git checkout would see. */
  readonly changes: Changes;
  readonly of: Case;
}

interface Base {
  readonly past: History;
  readonly watched: Watched;
}

async function readPatches(path: string): Promise<readonly Patch[]> {
  const names = (await readdir(path)).filter((name) => name.endsWith(".patch")).sort();
  const patches = await Promise.all(names.map(async (name) => readPatch(join(path, name))));
  const unknown = chosen.filter((name) => !patches.some(({ of }) => of.name === name));
  if (unknown.length > 0) throw new UserError(`There is no case ${unknown.join(", ")} in ${path}.`);
  return patches.filter(({ of }) => chosen.length === 0 || chosen.includes(of.name));
}

async function readPatch(path: string): Promise<Patch> {
  try {
    const text = await readFile(path, "utf8");
    return { path, changes: parseDiff(text), of: parseCase(text) };
  } catch (error) {
    throw new UserError(`${path}: ${describeFailure(error)}`, { cause: error });
  }
}

async function runBase(cases: readonly Case[], name: string): Promise<Base> {
  await using prepared = await build({ source }, CORES);
  const tests = [...new Set(cases.map(({ test }) => test))];
  const patterns = patternsOf(cases);
  const first: History = { kind: "first-run", where: "the base" };
  const watched = await watch(prepared, {
    tests,
    patterns,
    past: first,
    changes: NO_CHANGES,
    folder: join(folder, name),
    width: CORES,
    timeout: TIMEOUT,
  });
  return { past: { kind: "comparable", baseline: recordBase(prepared, watched), where: "the base" }, watched };
}

async function runCase({ of, path, changes }: Patch, base: Base): Promise<Outcome> {
  const short = [...base.watched.memcheck.runs, ...base.watched.scan.runs].find(
    ({ name, incomplete }) => name === of.test && incomplete !== null,
  );
  if (short?.incomplete) {
    const why = incompleteInWords(short.incomplete);
    return notRun(of, `without the patch, ${short.engine} could not watch ${of.test}: ${why}`);
  }
  const patch = (...options: readonly string[]): Promise<string> =>
    processes.output("patch", ["--batch", "--forward", "--reject-file=-", "-p1", "-d", source, "-i", path, ...options]);
  try {
    await patch("--dry-run");
    await patch();
  } catch (error) {
    return notRun(of, `the patch cannot be applied: ${describeFailure(error)}`);
  }
  try {
    return outcomeOf(of, await lookAt(of, changes, base));
  } catch (error) {
    if (error instanceof UserError) return notRun(of, describeFailure(error));
    throw error;
  } finally {
    await processes.output("patch", ["--silent", "-p1", "-R", "-d", source, "-i", path]);
  }
}

async function lookAt(of: Case, changes: Changes, { past, watched: base }: Base): Promise<Look> {
  await using prepared = await build({ source }, CORES);
  const patterns = patternsOf([of]);
  const watched = await watch(prepared, {
    tests: [of.test],
    patterns,
    past,
    changes,
    folder: join(folder, of.name),
    width: 1,
    timeout: TIMEOUT,
  });
  const errors = watched.errors.get(of.test) ?? [];
  if (values.record !== undefined) await appendFile(values.record, `${JSON.stringify({ name: of.name, test: of.test, errors })}\n`);
  return {
    runs: [...watched.memcheck.runs, ...watched.scan.runs],
    judgements: { memcheck: watched.memcheck.judgement, scan: watched.scan.judgement },
    errors,
    baseErrors: [...base.errors.values()].flat(),
  };
}

function describeSlowest({ watched }: Base): string {
  const slowest = watched.memcheck.runs.toSorted((a, b) => b.seconds - a.seconds).slice(0, 3);
  return `most of it ${slowest.map(({ name, seconds }) => `${name} ${seconds.toFixed(0)} s`).join(", ")}`;
}

async function main(): Promise<boolean> {
  if (folderName === undefined) throw new UserError("Which cases? npm run eval:cases -- FOLDER [NAME…]");
  const patches = await readPatches(resolve(INVOKED_IN, folderName));
  const { path: release } = await fetchRelease(RELEASE, WORK_DIR, { progress: SILENT, processes });
  await cp(release, source, { recursive: true, verbatimSymlinks: true });
  const outcomes: Outcome[] = [];
  // Cases that name tests share a run of the base, with the tests of all of them. Cases that need whole test files share another.
  for (const whole of [false, true]) {
    const group = patches.filter(({ of }) => (of.match.length === 0) === whole);
    if (group.length === 0) continue;
    const began = performance.now();
    const base = await runBase(
      group.map(({ of }) => of),
      whole ? "base-whole" : "base",
    );
    console.log(`base of ${group.length} cases ${((performance.now() - began) / 1000).toFixed(0)} s, ${describeSlowest(base)}`);
    for (const patch of group) {
      const start = performance.now();
      const outcome = await runCase(patch, base);
      outcomes.push(outcome);
      console.log(describeOutcome(outcome, (performance.now() - start) / 1000));
    }
  }
  const { line, isGood } = summaryOf(outcomes);
  console.log(`\n${recallTable(outcomes)}\n\n${line}`);
  return isGood;
}

try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (error) {
  console.error(describeFailure(error));
  process.exitCode = 2;
} finally {
  await rm(folder, { recursive: true, force: true });
}
