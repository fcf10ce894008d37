// What shards found, held against the plan: each must be there, whole, and of the same check. Pure.

import type { Problem, StoredFault } from "../model/problem.ts";
import type { PlannedTest } from "./plan-shards.ts";
import { mismatchOf, type ShardPlan, shardNames } from "./shard-plan.ts";
import { type ShardResult, ShardResultSchema } from "./shard-result.ts";
import { nameOfShard, type StoredLookup } from "./shard-store.ts";
import { decodeStored } from "./stored-file.ts";

export type EngineFailure = Extract<Problem, { code: "engine-failed" }>;

/** One planned shard. */
interface Expected {
  readonly name: string;
  readonly tests: readonly PlannedTest[];
}

/** What became of one shard. */
interface Outcome {
  readonly expected: Expected;
  /** Undefined where nothing of it counts. */
  readonly result?: ShardResult;
  readonly problems: readonly Problem[];
}

/** What became of all shards of a plan. */
export interface Gathered {
  /** Those that count, also of shards that were stopped. */
  readonly results: readonly ShardResult[];
  readonly problems: readonly Problem[];
  /** Engines that could run on no machine. */
  readonly failures: readonly EngineFailure[];
  /** Test files whose runs may be missing: a problem says why. */
  readonly excused: readonly PlannedTest[];
  /** Whether all shards came to their end. */
  readonly isWhole: boolean;
}

/** @param lookups by {@link nameOfShard} */
export function gatherShards(plan: ShardPlan, lookups: ReadonlyMap<string, StoredLookup>): Gathered {
  const names = shardNames(plan);
  const outcomes = plan.shards.map(({ tests }, index): Outcome => {
    const expected = { name: names[index] ?? "", tests };
    const lookup = lookups.get(nameOfShard(expected.name));
    return outcomeOf(plan, expected, lookup ?? { kind: "none", why: { code: "missing" }, where: nameOfShard(expected.name) });
  });
  const failures = failuresEverywhere(outcomes);
  const isEverywhere = (problem: Problem): boolean =>
    problem.code === "engine-failed" && failures.some((one) => one.engine === problem.engine);
  return {
    results: outcomes.flatMap(({ result }) => result ?? []),
    problems: distinct(outcomes.flatMap(({ problems }) => problems).filter((problem) => !isEverywhere(problem))),
    failures,
    excused: outcomes.flatMap(excusedBy),
    isWhole: outcomes.every(({ result }) => result !== undefined && result.stopped === null),
  };
}

/** Planned test files that a report does not ask for: it would drop whatever was found in them. @param asked what it asks for. */
export function notAskedFor(plan: ShardPlan, asked: readonly PlannedTest[]): readonly PlannedTest[] {
  const known = new Set(asked.map(keyOf));
  return plan.shards.flatMap(({ tests }) => tests.filter((test) => !known.has(keyOf(test))));
}

function outcomeOf(plan: ShardPlan, expected: Expected, lookup: StoredLookup): Outcome {
  const { name: shard } = expected;
  const tests = expected.tests.length;
  const useless = (problem: Problem): Outcome => ({ expected, problems: [problem] });
  const unusable = (why: StoredFault): Outcome => useless({ code: "shard-unusable", shard, where: lookup.where, why, tests });
  if (lookup.kind === "none") return unusable(lookup.why);
  const decoded = decodeStored(ShardResultSchema, lookup.packed);
  if ("code" in decoded) return unusable(decoded);
  const result: ShardResult = decoded.value;
  if (result.plan !== plan.id) return useless({ code: "shard-of-other-plan", shard, tests });
  if (result.shard !== shard || hasOthers(result, expected)) return unusable({ code: "damaged", detail: "it is of another shard" });
  const [failure] = result.failures.filter(({ code }) => code !== "engine-failed");
  if (failure !== undefined) return useless(asProblemOf(failure, expected));
  if (result.stopped !== null) return { expected, result, problems: [stoppedProblem(result, result.stopped, expected)] };
  const mismatch = result.subject === null ? undefined : mismatchOf(plan.subject, result.subject);
  if (mismatch !== undefined) return useless({ code: "shard-mismatch", shard, ...mismatch, tests });
  if (result.subject === null) return unusable({ code: "damaged", detail: "it does not say what it checked" });
  return { expected, result, problems: result.failures };
}

/** Whether it ran what the plan gave to other shards. Memcheck's look at a suspect is of the scan's test file. */
function hasOthers({ found }: ShardResult, { tests }: Expected): boolean {
  const [own, names] = [new Set(tests.map(keyOf)), new Set(tests.map(({ name }) => name))];
  return found.runs.some(({ step, run }) => (step === "first" ? !own.has(keyOf(run)) : !names.has(run.name)));
}

function asProblemOf(failure: Problem, { name: shard, tests: { length: tests } }: Expected): Problem {
  if (failure.code === "plan-mismatch") return { ...failure, code: "shard-mismatch", shard, tests };
  if (failure.code === "check-failed") return { code: "shard-failed", shard, detail: failure.detail, hint: failure.hint, tests };
  return { code: "shard-failed", shard, detail: failure.code, hint: null, tests };
}

function stoppedProblem({ found }: ShardResult, why: NonNullable<ShardResult["stopped"]>, { name: shard, tests }: Expected): Problem {
  const finished = new Set(found.runs.flatMap(({ step, run }) => (step === "first" && run.status !== "stopped" ? [keyOf(run)] : [])));
  const unfinished = [...new Set(tests.flatMap((test) => (finished.has(keyOf(test)) ? [] : [test.name])))];
  return { code: "shard-stopped", shard, why, unfinished };
}

/** An engine that failed on each machine that was to run it is as one that fails in a check on one machine. */
function failuresEverywhere(outcomes: readonly Outcome[]): readonly EngineFailure[] {
  const all = outcomes.flatMap(({ problems }) => problems.filter((problem) => problem.code === "engine-failed"));
  const first = [...new Map(all.toReversed().map((failure) => [failure.engine, failure])).values()];
  return first.filter(({ engine }) =>
    outcomes
      .filter(({ expected }) => expected.tests.some((test) => test.engine === engine))
      .every(({ problems }) => problems.some((problem) => problem.code === "engine-failed" && problem.engine === engine)),
  );
}

function excusedBy({ expected, result, problems }: Outcome): readonly PlannedTest[] {
  if (result === undefined || result.stopped !== null) return expected.tests;
  const failed = new Set(problems.flatMap((problem) => (problem.code === "engine-failed" ? [problem.engine] : [])));
  return expected.tests.filter(({ engine }) => failed.has(engine));
}

function keyOf({ engine, name }: PlannedTest): string {
  return `${engine} ${name}`;
}

function distinct(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}
