// Estimates how long a check takes on several machines from the durations in a baseline, and compares that with the shortest time that any plan could
// take. Engines that the baseline lacks are left out, except memcheck: its durations are estimated from the scan's, as the check itself does.
//   npm run eval:shards -- --baseline FILE [--actual FILE] [--width 4] [--noise 0.3]
// With --actual, the plan is made from --baseline, and the test files take as long as in the other file. With --noise 0.3, each duration is changed by up
// to 30 %, in the same way on every run.
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { BaselineTest } from "../src/findings/baseline.ts";
import { decodeBaseline } from "../src/hosts/common/baseline-file.ts";
import { expectSeconds } from "../src/shards/expected-seconds.ts";
import { longestFirst, Machine, type PlannedTest, planShards, type TimedTest } from "../src/shards/plan-shards.ts";
import { expectedSeconds } from "../src/stages/memcheck-budget.ts";
import { seeded } from "./random.ts";

const SHARDS = [1, 4, 16, 64];

const { values } = parseArgs({
  options: {
    baseline: { type: "string" },
    actual: { type: "string" },
    width: { type: "string", default: "4" },
    noise: { type: "string", default: "0" },
  },
});
const width = Number(values.width);

function testsIn(path: string): readonly BaselineTest[] {
  const lookup = decodeBaseline(readFileSync(path), path);
  if (lookup.kind !== "found")
    throw new Error(`${path} is not a readable baseline: ${lookup.kind === "unreadable" ? lookup.detail : lookup.kind}.`);
  const { tests } = lookup.baseline;
  if (tests.filter(({ engine }) => engine === "memcheck").length > 20) return tests;
  const scans = tests.filter(({ engine }) => engine === "scan");
  const scanned = new Map(scans.map(({ name, seconds }) => [name, seconds]));
  const guess = (test: BaselineTest): BaselineTest => {
    return { ...test, engine: "memcheck", seconds: expectedSeconds(test.name, { recorded: new Map(), scanned }) };
  };
  return [...tests.filter(({ engine }) => engine !== "memcheck"), ...scans.map(guess)];
}

/** Seconds until the machine is done. Each engine's test files start in order of their expected durations, the longest first, on the next free core. */
function secondsFor(tests: readonly PlannedTest[], expected: (test: PlannedTest) => number, actual: (test: PlannedTest) => number): number {
  const order = tests.map((test): TimedTest => ({ ...test, seconds: expected(test) })).toSorted(longestFirst);
  const machine = new Machine(width);
  for (const test of order) machine.take({ ...test, seconds: actual(test) });
  return machine.seconds;
}

const keyOf = ({ engine, name }: PlannedTest): string => `${engine} ${name}`;

const [recorded, real] = [testsIn(values.baseline ?? ""), testsIn(values.actual ?? values.baseline ?? "")];
const [expected, actual] = [expectSeconds(recorded), expectSeconds(real)];
const tests = recorded.map(({ engine, name }) => ({ engine, name, seconds: expected({ engine, name }) }));
const random = seeded(1);
const noise = new Map(tests.map((test) => [keyOf(test), 1 + Number(values.noise) * (2 * random() - 1)]));
const secondsOf = (test: PlannedTest): number => actual(test) * (noise.get(keyOf(test)) ?? 1);
const durations = tests.map(secondsOf);
const total = durations.reduce((sum, seconds) => sum + seconds, 0);
const longest = Math.max(...durations);
const minutes = (seconds: number): string => (seconds / 60).toFixed(1).padStart(8);

console.log(
  `${tests.length} test files, ${minutes(total).trim()} min in total, the longest ${minutes(longest).trim()} min; machines with ${width} cores`,
);
console.log("shards      plan    least   ratio");
for (const shards of SHARDS) {
  const wall = Math.max(...planShards(tests, shards, width).map((shard) => secondsFor(shard.tests, expected, secondsOf)));
  const least = Math.max(longest, total / (shards * width));
  console.log(`${`${shards}`.padStart(6)}  ${minutes(wall)} ${minutes(least)}   ${(wall / least).toFixed(3)}`);
}
