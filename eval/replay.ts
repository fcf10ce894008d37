// Replays recorded errors of real runs: does the comparison distinguish planted errors from known ones after the source around them has changed?
// Simpler methods are run on the same errors. Every run prints the same numbers.
//   npm run eval:replay [-- HOW_MANY_TRIALS]
import { readFileSync } from "node:fs";
import { seeded } from "./random.ts";
import { type Side, unpackCorpus } from "./replay/corpus.ts";
import { MUTATIONS } from "./replay/mutations.ts";
import { type Material, mutatedTrial, patchedTrial } from "./replay/planting.ts";
import { addScores, type Score, scoreAll, type Trial } from "./replay/trial.ts";

const trials = Number(process.argv[2] ?? 3);
const sides = unpackCorpus(readFileSync(new URL("replay/corpus-3.13.15.json.gz", import.meta.url)));
const atExit = sides.filter(({ leakCheck }) => leakCheck === "exit");
const material: Material = {
  base: only(atExit.find(({ name }) => name === "base")),
  bugs: sides.filter(
    ({ name, leakCheck, errors }) => leakCheck === "live" && !name.startsWith("ben-") && [...errors.values()].flat().length > 0,
  ),
};

function only(side: Side | undefined): Side {
  if (side === undefined) throw new Error("the corpus has no base");
  return side;
}

function run(makeTrial: (seed: number) => Trial): ReadonlyMap<string, Score> {
  const totals = new Map<string, Score>();
  for (let seed = 1; seed <= trials; seed++) {
    for (const [way, score] of scoreAll(makeTrial(seed))) {
      const before = totals.get(way);
      totals.set(way, before === undefined ? score : addScores(before, score));
    }
  }
  return totals;
}

const recallOf = ({ found, planted }: Score): number => found / planted;
const precisionOf = ({ right, wrong }: Score): number => (right + wrong === 0 ? 1 : right / (right + wrong));

function print(title: string, totals: ReadonlyMap<string, Score>): void {
  const cells = [...totals.values()].map((score) => `${recallOf(score).toFixed(3)} ${precisionOf(score).toFixed(3)}`.padStart(24));
  const ours = totals.get("ours");
  const doubted = ours === undefined || ours.doubted === 0 ? "" : `  (${ours.doubted} planted shown as changed)`;
  console.log(title.padEnd(30) + cells.join("") + doubted);
}

const changes = Object.entries(MUTATIONS).map(
  ([name, mutation]) => [name, run((seed) => mutatedTrial(material, mutation, seeded(seed)))] as const,
);
const patches = atExit
  .filter(({ name }) => name !== "base")
  .map((side) => [side.name, run((seed) => patchedTrial(material, side, seeded(seed)))] as const);

const ways = [...(changes[0]?.[1].keys() ?? [])];
const planted = changes[0]?.[1].get("ours")?.planted ?? 0;
console.log(
  `${material.base.errors.size} test files, ${material.bugs.length} bugs; ${trials} trials, ${planted} errors planted; recall and precision`,
);
console.log("".padEnd(30) + ways.map((way) => way.padStart(24)).join(""));
for (const [name, totals] of changes) print(name, totals);
console.log("real patches, leaks at exit:");
for (const [name, totals] of patches) print(name, totals);
