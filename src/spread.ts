// A check that is spread over machines: a plan, its shards, and the report of all of them.

import { randomUUID } from "node:crypto";
import { attempt } from "./attempt.ts";
import { begin, type Request, subjectOf } from "./begin.ts";
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
import { type Gathered, gatherShards, notAskedFor } from "./shards/gather.ts";
import { type PlannedTest, planShards, planWithin } from "./shards/plan-shards.ts";
import { PLAN_VERSION, type ShardPlan, ShardPlanSchema, shardNames } from "./shards/shard-plan.ts";
import type { ShardResult } from "./shards/shard-result.ts";
import { nameOfShard, PLAN_NAME, type StoredLookup } from "./shards/shard-store.ts";
import { decodeStored, encodeStored } from "./shards/stored-file.ts";
import { Execution } from "./stages/execution.ts";
import { openWorkDir } from "./system/work-dir.ts";

type Given = Pick<Request, "settings" | "ports" | "processes">;

/** Finds out what a check runs, without running it, and spreads that over machines. */
export async function planCheck(count: ShardCount, given: Given): Promise<ShardPlan> {
  const { settings, ports } = given;
  await openWorkDir(settings.workDir);
  await ports.shards.drop(PLAN_NAME);
  const execution = Execution.planning();
  await using begun = await begin({ ...given, execution });
  const { lookup, preparation } = begun;
  await look(preparation.checkContext);
  const { past } = preparation.checkContext.context;
  const slice = settings.tortureSlice && sliceName(settings.tortureSlice);
  const secondsFor = expectSeconds(past.kind === "comparable" ? past.baseline.tests : [], slice);
  const tests = execution.asked.map((test) => ({ ...test, seconds: secondsFor(test) }));
  const shards = count.kind === "number" ? planShards(tests, count.shards, settings.jobs) : planWithin(tests, count.seconds, settings.jobs);
  const plan = {
    planVersion: PLAN_VERSION,
    id: randomUUID(),
    subject: subjectOf(begun),
    today: begun.today,
    lookup,
    jobs: settings.jobs,
  } as const;
  const packed = encodeStored({ ...plan, builds: begun.builds?.used ?? [], suite: execution.suite, shards });
  await ports.shards.keep(PLAN_NAME, packed);
  return readPlan({ kind: "found", where: PLAN_NAME, packed });
}

/** @throws ProblemError where there is none that can be used. */
function readPlan(lookup: StoredLookup): ShardPlan {
  const decoded = lookup.kind === "none" ? lookup.why : decodeStored(ShardPlanSchema, lookup.packed);
  if ("code" in decoded) throw new ProblemError({ code: "plan-unusable", where: lookup.where, why: decoded });
  return decoded.value;
}

/** Runs one shard of a plan, and keeps what it found for the report. 2 where it did not come to its end: it has to run again. */
export async function runShard(shard: Shard, given: Given): Promise<0 | 2> {
  const { ports, processes } = given;
  const name = shardName(shard);
  const opened = await attempt(openShard(shard, given), ports, processes);
  if ("problem" in opened) return tell(problemLines(opened.problem), 2, ports);
  const result = await resultOf(name, { ...given, ...opened.value });
  const kept = await attempt(ports.shards.keep(nameOfShard(name), encodeStored(result)), ports, processes);
  if ("problem" in kept) return tell(problemLines(kept.problem), 2, ports);
  return tell(shardLines(result), result.failures.length === 0 && result.stopped === null ? 0 : 2, ports);
}

/** Whatever comes of it, what ran until then is in the result. */
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

/** What an earlier attempt of this shard found does not count any more, whatever comes of this one. */
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
  return { plan, execution: Execution.ofPart({ own: own.tests, yields: [], suite: plan.suite, failures: [] }) };
}

async function lookAtShard(request: Request): Promise<Pick<ShardResult, "subject" | "failures">> {
  await using begun = await begin(request);
  const { judgement } = await look(begun.preparation.checkContext);
  return { subject: subjectOf(begun), failures: judgement.problems.filter(({ code }) => code === "engine-failed") };
}

function tell<Code>(lines: readonly string[], code: Code, { progress }: Given["ports"]): Code {
  for (const line of lines) progress.note(line);
  return code;
}

/** The report of all shards, as one machine would have made it. */
export async function reportShards(given: Given): Promise<Report> {
  const { shards: store } = given.ports;
  const plan = readPlan(await store.load(PLAN_NAME));
  const names = shardNames(plan).map(nameOfShard);
  const lookups = new Map<string, StoredLookup>();
  for (const name of names) lookups.set(name, await store.load(name));
  const gathered = gatherShards(plan, lookups);
  const yields = gathered.results.map(({ found }) => found);
  const execution = Execution.ofPart({ own: [], yields, suite: plan.suite, failures: gathered.failures });
  await using begun = await begin({ ...given, plan, execution });
  const looked = await look(begun.preparation.checkContext);
  return await conclude(begun, withShards(looked, plan, gathered, execution, given.processes.notes));
}

/** What is missing makes a verdict inconclusive, and a baseline unfit to record. */
function withShards(
  looked: Looked,
  plan: ShardPlan,
  { problems, results, excused, isWhole }: Gathered,
  execution: Execution,
  own: readonly Note[],
): Looked {
  const known = new Set(excused.map(({ engine, name }) => `${engine} ${name}`));
  const unexcused = (tests: readonly PlannedTest[]) =>
    tests.filter(({ engine, name }) => !known.has(`${engine} ${name}`)).map(({ engine, name: test }) => ({ engine, test }));
  const lost: readonly Problem[] = [
    { code: "tests-not-run" as const, tests: unexcused(execution.unknown) },
    { code: "tests-not-compared" as const, tests: unexcused(notAskedFor(plan, execution.asked)) },
  ].filter(({ tests }) => tests.length > 0);
  return {
    ...looked,
    isWhole: looked.isWhole && isWhole && lost.length === 0,
    judgement: { ...looked.judgement, problems: [...problems, ...lost, ...looked.judgement.problems] },
    notes: [...looked.notes, ...results.flatMap(({ notes }) => notes).filter(isNew(own))],
  };
}

/** Whether a note is neither among these nor was asked of before. */
function isNew(notes: readonly Note[]): (note: Note) => boolean {
  const seen = new Set(notes.map((note) => JSON.stringify(note)));
  return (note) => {
    const key = JSON.stringify(note);
    const isFirst = !seen.has(key);
    seen.add(key);
    return isFirst;
  };
}
