// A sharded check: the plan, its shards, and the report of all of them.

import { randomUUID } from "node:crypto";
import { attempt } from "./attempt.ts";
import { conclude } from "./conclude.ts";
import { type Looked, look } from "./look.ts";
import type { Note } from "./model/note.ts";
import type { Problem } from "./model/problem.ts";
import { ProblemError } from "./model/problem-error.ts";
import { type Shard, shardName } from "./model/shard.ts";
import { sliceName } from "./model/slice.ts";
import type { Report } from "./report/report.ts";
import { problemLines, shardLines } from "./report/shard-lines.ts";
import type { ShardCount } from "./settings/sharding.ts";
import { expectSeconds } from "./shards/expected-seconds.ts";
import { type Gathered, gatherShards, notChosenByReport } from "./shards/gather.ts";
import { type PlannedTest, planShards, planWithin, testKey } from "./shards/plan-shards.ts";
import { PLAN_VERSION, type ShardPlan, ShardPlanSchema, shardNames } from "./shards/shard-plan.ts";
import type { ShardResult } from "./shards/shard-result.ts";
import { nameOfShard, PLAN_NAME, type StoredLookup } from "./shards/shard-store.ts";
import { decodeStored, encodeStored } from "./shards/stored-file.ts";
import { Execution } from "./stages/execution.ts";
import { type Request, startCheck, subjectOf } from "./start-check.ts";
import { openWorkDir } from "./system/work-dir.ts";

type Given = Pick<Request, "settings" | "ports" | "processes">;

/** Determines the test files of a check without running them, and distributes them over shards. */
export async function planCheck(count: ShardCount, given: Given): Promise<ShardPlan> {
  const { settings, ports } = given;
  await openWorkDir(settings.workDir);
  await ports.shards.drop(PLAN_NAME);
  const execution = Execution.planning();
  await using started = await startCheck({ ...given, execution });
  const { lookup, preparation } = started;
  await look(preparation.checkContext);
  const { past } = preparation.checkContext.context;
  const slice = settings.tortureSlice && sliceName(settings.tortureSlice);
  const secondsFor = expectSeconds(past.kind === "comparable" ? past.baseline.tests : [], slice);
  const tests = execution.planned.map((test) => ({ ...test, seconds: secondsFor(test) }));
  const shards = count.kind === "number" ? planShards(tests, count.shards, settings.jobs) : planWithin(tests, count.seconds, settings.jobs);
  const plan = {
    planVersion: PLAN_VERSION,
    id: randomUUID(),
    subject: subjectOf(started),
    today: started.today,
    lookup,
    jobs: settings.jobs,
  } as const;
  const packed = encodeStored({ ...plan, builds: started.builds?.used ?? [], suite: execution.suite, shards });
  await ports.shards.keep(PLAN_NAME, packed);
  return readPlan({ kind: "found", where: PLAN_NAME, packed });
}

/** @throws ProblemError if there is no usable plan. */
function readPlan(lookup: StoredLookup): ShardPlan {
  const decoded = lookup.kind === "none" ? lookup.why : decodeStored(ShardPlanSchema, lookup.packed);
  if ("code" in decoded) throw new ProblemError({ code: "plan-unusable", where: lookup.where, why: decoded });
  return decoded.value;
}

/** Runs one shard of a plan, and stores its results for the report. @returns 2 if the shard did not finish and must run again. */
export async function runShard(shard: Shard, given: Given): Promise<0 | 2> {
  const { ports, processes } = given;
  const name = shardName(shard);
  const opened = await attempt(openShard(shard, given), ports, processes);
  if ("problem" in opened) return finish(problemLines(opened.problem), 2, ports);
  const result = await resultOf(name, { ...given, ...opened.value });
  const kept = await attempt(ports.shards.keep(nameOfShard(name), encodeStored(result)), ports, processes);
  if ("problem" in kept) return finish(problemLines(kept.problem), 2, ports);
  return finish(shardLines(result), result.failures.length === 0 && result.stopped === null ? 0 : 2, ports);
}

/** If the shard fails or is stopped, the result has the test files that ran until then. */
async function resultOf(shard: string, request: Request & { readonly plan: ShardPlan }): Promise<ShardResult> {
  const { ports, processes, execution, plan } = request;
  const looked = await attempt(lookAtShard(request), ports, processes);
  const failures = "value" in looked ? looked.value.failures : [looked.problem].filter(({ code }) => code !== "stopped");
  return {
    planVersion: PLAN_VERSION,
    plan: plan.id,
    shard,
    subject: "value" in looked ? looked.value.subject : null,
    found: execution.found,
    failures,
    stopped: processes.stopped ?? null,
    notes: [...processes.notes],
  };
}

/** Deletes the result of an earlier attempt, which must not count even if this attempt fails. */
async function openShard(
  { part, of }: Shard,
  { settings, ports: { shards: store } }: Given,
): Promise<{ readonly plan: ShardPlan; readonly execution: Execution }> {
  await openWorkDir(settings.workDir);
  const plan = readPlan(await store.load(PLAN_NAME));
  const shard = shardName({ part, of });
  const own = of === plan.shards.length ? plan.shards[part - 1] : undefined;
  if (own === undefined) throw new ProblemError({ code: "shard-not-planned", shard, shards: plan.shards.length });
  await store.drop(nameOfShard(shard));
  return { plan, execution: Execution.ofPart({ own: own.tests, shardResults: [], suite: plan.suite, failures: [] }) };
}

async function lookAtShard(request: Request): Promise<Pick<ShardResult, "subject" | "failures">> {
  await using started = await startCheck(request);
  const { judgement } = await look(started.preparation.checkContext);
  return { subject: subjectOf(started), failures: judgement.problems.filter(({ code }) => code === "engine-failed") };
}

/** Prints lines and returns the exit code. */
function finish<Code>(lines: readonly string[], code: Code, { progress }: Given["ports"]): Code {
  for (const line of lines) progress.note(line);
  return code;
}

/** The report of all shards, equal to that of an unsharded check. */
export async function reportShards(given: Given): Promise<Report> {
  const { shards: store } = given.ports;
  const plan = readPlan(await store.load(PLAN_NAME));
  const names = shardNames(plan).map(nameOfShard);
  const lookups = new Map<string, StoredLookup>();
  for (const name of names) lookups.set(name, await store.load(name));
  const gathered = gatherShards(plan, lookups);
  const shardResults = gathered.results.map(({ found }) => found);
  const execution = Execution.ofPart({ own: [], shardResults, suite: plan.suite, failures: gathered.failures });
  await using started = await startCheck({ ...given, plan, execution });
  const looked = await look(started.preparation.checkContext);
  return await conclude(started, withShards(looked, plan, gathered, execution, given.processes.notes));
}

/** Missing runs make the verdict inconclusive, and prevent the recording of a baseline. */
function withShards(
  looked: Looked,
  plan: ShardPlan,
  { problems, results, excused, isWhole }: Gathered,
  execution: Execution,
  own: readonly Note[],
): Looked {
  const known = new Set(excused.map(testKey));
  const unexcused = (tests: readonly PlannedTest[]) =>
    tests.filter((test) => !known.has(testKey(test))).map(({ engine, name: test }) => ({ engine, test }));
  const lost: readonly Problem[] = [
    { code: "tests-not-run" as const, tests: unexcused(execution.missing) },
    { code: "tests-not-compared" as const, tests: unexcused(notChosenByReport(plan, execution.planned)) },
  ].filter(({ tests }) => tests.length > 0);
  return {
    ...looked,
    isWhole: looked.isWhole && isWhole && lost.length === 0,
    judgement: { ...looked.judgement, problems: [...problems, ...lost, ...looked.judgement.problems] },
    notes: [...looked.notes, ...results.flatMap(({ notes }) => notes).filter(isNew(own))],
  };
}

/** A filter that drops these notes and repeated ones. */
function isNew(notes: readonly Note[]): (note: Note) => boolean {
  const seen = new Set(notes.map((note) => JSON.stringify(note)));
  return (note) => {
    const key = JSON.stringify(note);
    const isFirst = !seen.has(key);
    seen.add(key);
    return isFirst;
  };
}
