import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { UserError } from "../model/user-error.ts";
import { type Line, parseLine } from "../probe/protocol.ts";
import { type Probe, SELF_TEST_PASSED } from "../probe/provide.ts";
import { proofKey } from "../probe/seal.ts";
import type { Ended } from "../system/processes.ts";
import type { Engine } from "./engine.ts";
import type { RunContext } from "./job.ts";

type Result = Extract<Line, { event: "self-test" }>;

/** How one engine is tested. */
export interface SelfTest {
  readonly engine: Pick<Engine, "name" | "title">;
  /** What the result depends on besides the build and the probe: `valgrind-3.19.0`. Part of a file name. */
  readonly tool: string;
  /** Runs selftest.py under the engine. */
  readonly run: (script: string, folder: string) => Promise<Ended>;
  /** Why the engine can't run here at all, and what can be done; undefined if its files in the folder do not say. */
  readonly whyNotStarted: Engine["whyNotStarted"];
  /** What still works if the test fails. */
  readonly remedy: string;
}

/**
 * Before a build is checked for leaks, four leaks of each kind are planted and must be found (one may seem alive by chance), and a live object
 * of each kind must not be reported. Runs once for each interpreter, probe (both by content) and tool: the result is stored beside the probe.
 * Returns the number of kinds found.
 * @throws UserError that names the failed kinds and what still works.
 */
export async function requireSelfTest(runContext: RunContext, test: SelfTest): Promise<number> {
  const { probe } = runContext.python;
  requireWholeProbe(probe, test);
  const passed = join(dirname(probe.runner), `${SELF_TEST_PASSED}-${test.engine.name}-${test.tool}`);
  const proof = await proofKey(runContext.python.path, dirname(probe.runner));
  const mark = await readFile(passed, "utf8").catch(() => "");
  const before = mark.startsWith(`${proof}\n`) ? readResult(mark) : undefined;
  if (before !== undefined) return before.kinds;
  const folder = join(runContext.folder, `self-test-${test.engine.name}`);
  await mkdir(folder, { recursive: true });
  const ended = await test.run(join(dirname(probe.runner), "selftest.py"), folder);
  const log = join(folder, "output.log");
  await writeFile(log, ended.stdout + ended.stderr);
  const result = readResult(ended.stdout);
  const obstacle = result === undefined ? await test.whyNotStarted(folder) : undefined;
  if (obstacle !== undefined) throw new UserError(`${capitalize(test.engine.title)} cannot run: ${obstacle}`);
  if (ended.code !== 0 || result === undefined || result.missed.length + result.falseAlarms.length > 0) {
    throw new UserError(`The self-test of ${test.engine.title} failed on this CPython: ${describe(result, ended)}.`, {
      hint: `${result === undefined ? `${lastLines(ended)}\n` : ""}Its output: ${log}\n${test.remedy}`,
    });
  }
  await rm(passed, { recursive: true, force: true });
  await writeFile(passed, `${proof}\n${ended.stdout}`, { flag: "wx" });
  return result.kinds;
}

function requireWholeProbe({ liveRefusal }: Probe, { engine, remedy }: SelfTest): void {
  if (liveRefusal === undefined) return;
  throw new UserError(
    `${capitalize(engine.title)} cannot look for leaks while this CPython runs, because the probe does not know its internals.`,
    {
      hint: `${liveRefusal}\n${remedy}`,
    },
  );
}

function readResult(stdout: string): Result | undefined {
  const lines = stdout.split("\n").map(parseLine);
  return lines.findLast((line) => typeof line === "object" && line.event === "self-test");
}

function describe(result: Result | undefined, { timedOut, signal, code }: Ended): string {
  if (result === undefined) return timedOut ? "it took too long" : `it ended early (${signal ?? `exit code ${code}`})`;
  const parts = [
    ...(result.missed.length === 0 ? [] : [`not found: ${result.missed.join(", ")}`]),
    ...(result.falseAlarms.length === 0 ? [] : [`reported although alive: ${result.falseAlarms.join(", ")}`]),
  ];
  return parts.join("; ") || `exit code ${code}`;
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const MAX_LINES = 10;

function lastLines({ stdout, stderr }: Ended): string {
  return `${stdout}${stderr}`.trim().split("\n").slice(-MAX_LINES).join("\n");
}
