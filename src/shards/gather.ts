// Compares the results of shards with the plan: each must be present, complete, and part of the same check. Pure.

import type { Problem, StoredFault } from "../model/problem.ts";
import { type PlannedTest, testKey } from "./plan-shards.ts";
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

/** Outcome of one shard. */
interface Outcome {
  readonly expected: Expected;
  /** Undefined if its result cannot be used. */
  readonly result?: ShardResult;
  readonly problems: readonly Problem[];
}

/** Outcome of all shards of a plan. */
export interface Gathered {
  /** Usable results, including those of shards that were stopped. */
  readonly results: readonly ShardResult[];
  readonly problems: readonly Problem[];
  /** Engines that failed on every machine. */
  readonly failures: readonly EngineFailure[];
  /** Test files whose runs may be missing, which a problem already reports. */
  readonly excused: readonly PlannedTest[];
  /** Whether all shards ran to their end. */
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
    problems: distinct(
      outcomes.flatMap(({ expected, problems }) =>
        problems.filter((problem) => !isEverywhere(problem)).map((problem) => inShard(problem, expected)),
      ),
    ),
    failures,
    excused: outcomes.flatMap(excusedBy),
    isWhole: outcomes.every(({ result }) => result !== undefined && result.stopped === null),
  };
}

/** Test files of the plan that the report did not choose, so their findings would be lost. @param chosen test files that the report chose */
export function notChosenByReport(plan: ShardPlan, chosen: readonly PlannedTest[]): readonly PlannedTest[] {
  const known = new Set(chosen.map(testKey));
  return plan.shards.flatMap(({ tests }) => tests.filter((test) => !known.has(testKey(test))));
}

function outcomeOf(plan: ShardPlan, expected: Expected, lookup: StoredLookup): Outcome {
  const { name: shard } = expected;
  const tests = expected.tests.length;
  const discarded = (problem: Problem): Outcome => ({ expected, problems: [problem] });
  const unusable = (why: StoredFault): Outcome => discarded({ code: "shard-unusable", shard, where: lookup.where, why, tests });
  if (lookup.kind === "none") return unusable(lookup.why);
  const decoded = decodeStored(ShardResultSchema, lookup.packed);
  if ("code" in decoded) return unusable(decoded);
  const result: ShardResult = decoded.value;
  if (result.plan !== plan.id) return discarded({ code: "shard-of-other-plan", shard, tests });
  if (result.shard !== shard || hasForeignRuns(result, expected))
    return unusable({ code: "damaged", detail: "it is the result of another shard" });
  const [failure] = result.failures.filter(({ code }) => code !== "engine-failed");
  if (failure !== undefined) return discarded(shardProblem(failure, expected));
  if (result.stopped !== null) return { expected, result, problems: [stoppedProblem(result, result.stopped, expected)] };
  const mismatch = result.subject === null ? undefined : mismatchOf(plan.subject, result.subject);
  if (mismatch !== undefined) return discarded({ code: "shard-mismatch", shard, ...mismatch, tests });
  if (result.subject === null) return unusable({ code: "damaged", detail: "it does not say what it checked" });
  return { expected, result, problems: result.failures };
}

/** Whether it has runs of test files that the plan does not give to this shard. Later steps may run them under another engine. */
function hasForeignRuns({ found }: ShardResult, { tests }: Expected): boolean {
  const [own, names] = [new Set(tests.map(testKey)), new Set(tests.map(({ name }) => name))];
  return found.runs.some(({ step, run }) => (step === "first" ? !own.has(testKey(run)) : !names.has(run.name)));
}

function shardProblem(failure: Problem, { name: shard, tests: { length: tests } }: Expected): Problem {
  if (failure.code === "plan-mismatch") return { ...failure, code: "shard-mismatch", shard, tests };
  if (failure.code === "check-failed") return { code: "shard-failed", shard, detail: failure.detail, hint: failure.hint, tests };
  return { code: "shard-failed", shard, detail: failure.code, hint: null, tests };
}

function stoppedProblem({ found }: ShardResult, why: NonNullable<ShardResult["stopped"]>, { name: shard, tests }: Expected): Problem {
  const finished = new Set(found.runs.flatMap(({ step, run }) => (step === "first" && run.status !== "stopped" ? [testKey(run)] : [])));
  const unfinished = [...new Set(tests.flatMap((test) => (finished.has(testKey(test)) ? [] : [test.name])))];
  return { code: "shard-stopped", shard, why, unfinished };
}

/** Engines that failed in every shard that needed them: reported once, as in a check without shards. */
function failuresEverywhere(outcomes: readonly Outcome[]): readonly EngineFailure[] {
  const all = outcomes.flatMap(({ problems }) => problems.filter((problem) => problem.code === "engine-failed"));
  const first = [...new Map(all.toReversed().map((failure) => [failure.engine, failure])).values()];
  return first.filter(({ engine }) =>
    outcomes
      .filter(({ expected }) => expected.tests.some((test) => test.engine === engine))
      .every(({ problems }) => problems.some((problem) => problem.code === "engine-failed" && problem.engine === engine)),
  );
}

/** An engine that failed in one shard has checked the test files of others. */
function inShard(problem: Problem, { name: shard, tests }: Expected): Problem {
  if (problem.code !== "engine-failed") return problem;
  const { engine, detail, hint } = problem;
  const own = tests.filter((test) => test.engine === engine).length;
  return own === 0 ? problem : { code: "shard-failed", shard, detail: `${engine} could not run: ${detail}`, hint, tests: own };
}

function excusedBy({ expected, result, problems }: Outcome): readonly PlannedTest[] {
  if (result === undefined || result.stopped !== null) return expected.tests;
  const failed = new Set(problems.flatMap((problem) => (problem.code === "engine-failed" ? [problem.engine] : [])));
  return expected.tests.filter(({ engine }) => failed.has(engine));
}

function distinct(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}
