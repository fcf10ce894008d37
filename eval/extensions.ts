// Whether the check works on extensions: the tests of released projects, run by pytest alone, in the scan, and, where the scan finds something, under
// memcheck, on one build of CPython. Prints a table with a row for each project, and below it every finding with its explanation. Then pairs of releases,
// of which one has a leak that the other lacks: the leak must be new, with its test and place, and fixed the other way round. Exit code 1 if a finding
// has no explanation, a test file is incomplete, fewer tests run in the scan than alone, the scan takes too long, or a pair is not distinguished.
//   npm run eval:extensions -- [--pairs] [NAME…]        NAMEs of eval/extensions/projects.ts, or of pairs; none: all, and the pairs. --pairs: only these
// Needs a compiler for C++, cargo for Rust, libxml2-dev and libxslt1-dev for lxml, and PyPI.
import { parseArgs } from "node:util";
import { endWithSignals } from "../bench/rig.ts";
import { detailsOf, type Evaluation, evaluate, HEAD, isGood, rowOf } from "./extensions/evaluation.ts";
import { comparePair, PAIRS } from "./extensions/pairs.ts";
import { PROJECTS } from "./extensions/projects.ts";

endWithSignals();
const { values, positionals } = parseArgs({ options: { pairs: { type: "boolean", default: false } }, allowPositionals: true });

function isChosen({ name, onRequest }: { readonly name: string; readonly onRequest?: string }): boolean {
  return positionals.length === 0 ? onRequest === undefined : positionals.includes(name);
}

async function evaluateProjects(): Promise<boolean> {
  const evaluations: Evaluation[] = [];
  for (const project of PROJECTS.filter(isChosen)) {
    const evaluation = await evaluate(project);
    evaluations.push(evaluation);
    // Each takes minutes, so it is printed as soon as it is known.
    console.log([rowOf(evaluation), ...detailsOf(evaluation)].join("\n"));
  }
  console.log(["", ...HEAD, ...evaluations.map(rowOf), "", ...evaluations.flatMap(detailsOf)].join("\n"));
  return evaluations.every(isGood);
}

async function evaluatePairs(): Promise<boolean> {
  const outcomes: boolean[] = [];
  for (const pair of PAIRS.filter(isChosen)) {
    outcomes.push(await comparePair(pair));
  }
  return outcomes.every((holds) => holds);
}

const areFound = values.pairs || (await evaluateProjects());
const areDistinguished = await evaluatePairs();
process.exitCode = areFound && areDistinguished ? 0 : 1;
