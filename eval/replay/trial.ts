// One comparison of two sides, with a known answer. Pure.
import { type Baseline, CHECK_VERSION } from "../../src/findings/baseline.ts";
import { compare } from "../../src/findings/compare.ts";
import { FindingCollection, findingOf } from "../../src/findings/make-finding.ts";
import { recordInto } from "../../src/findings/record-baseline.ts";
import type { Finding } from "../../src/model/finding.ts";
import type { MemoryError } from "../../src/model/memory-error.ts";
import { SIMPLE_WAYS, type Way } from "../cases/simple-ways.ts";
import { type BuildErrors, type ReportedError, SOURCE } from "./mutations.ts";

export interface Trial {
  readonly before: BuildErrors;
  readonly after: BuildErrors;
  readonly ambiguous: ReadonlySet<string>;
}

/** How a method of comparison reported the planted errors, and others. */
export interface Score {
  readonly planted: number;
  readonly found: number;
  /** Reports of something new that have no planted error in them. */
  readonly wrong: number;
  /** Reports that have one. */
  readonly right: number;
  /** Of the planted errors, those shown as "changed, please verify". */
  readonly doubted: number;
}

export function addScores(a: Score, b: Score): Score {
  return {
    planted: a.planted + b.planted,
    found: a.found + b.found,
    wrong: a.wrong + b.wrong,
    right: a.right + b.right,
    doubted: a.doubted + b.doubted,
  };
}

/** The scores, by the name of the method. */
export function scoreAll(trial: Trial): ReadonlyMap<string, Score> {
  const simple = Object.entries(SIMPLE_WAYS).map(([name, way]) => [name, scoreWay(trial, way)] as const);
  return new Map([["ours", scoreOurs(trial)], ...simple]);
}

function scoreOurs({ before, after, ambiguous }: Trial): Score {
  const baseline = baselineOf(before, ambiguous);
  const evidence = { functions: { before: new Set(baseline.functions), now: after.symbols }, moves: after.moves };
  const { compared } = compare(baseline, testsOf(after), findingsOf(after, ambiguous), evidence);
  const planted = countPlanted(after, ambiguous);
  const isReported = ({ status }: { readonly status: string }): boolean => status === "new" || status === "grown";
  const plantedIn = (finding: Finding): number => planted.get(keyOf(finding)) ?? 0;
  const sum = (list: typeof compared): number => list.reduce((total, { finding }) => total + plantedIn(finding), 0);
  const reported = compared.filter(isReported);
  const right = reported.filter(({ finding }) => plantedIn(finding) > 0).length;
  return {
    planted: after.reported.filter(({ isPlanted }) => isPlanted).length,
    found: sum(reported),
    wrong: reported.length - right,
    right,
    doubted: sum(compared.filter(({ status }) => status === "changed")),
  };
}

/** A simple method reports errors one by one, all of them as new. */
function scoreWay({ before, after }: Trial, way: Way): Score {
  const known = new Map(testsOf(before).map((test) => [test, way(errorsOf(before, test))]));
  const unknown = after.reported.filter(({ test, error }) => !(known.get(test)?.(error) ?? false));
  const found = unknown.filter(({ isPlanted }) => isPlanted).length;
  const planted = after.reported.filter(({ isPlanted }) => isPlanted).length;
  return { planted, found, wrong: unknown.length - found, right: found, doubted: 0 };
}

function findingsOf({ reported }: Pick<BuildErrors, "reported">, ambiguous: ReadonlySet<string>): readonly Finding[] {
  const findings = new FindingCollection();
  for (const one of reported) findings.add(findingOfOne(one, ambiguous));
  return findings.all();
}

function countPlanted({ reported }: BuildErrors, ambiguous: ReadonlySet<string>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const one of reported.filter(({ isPlanted }) => isPlanted)) {
    const key = keyOf(findingOfOne(one, ambiguous));
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

function findingOfOne({ test, error }: ReportedError, ambiguous: ReadonlySet<string>): Finding {
  return findingOf({ engine: "memcheck", error, testFile: test, testId: null, objects: [] }, { roots: [SOURCE], ambiguous });
}

function baselineOf(build: BuildErrors, ambiguous: ReadonlySet<string>): Baseline {
  const machine = { python: "3.13", check: CHECK_VERSION, valgrind: "", compiler: "", libc: "", architecture: "" };
  return recordInto(undefined, {
    identity: { ...machine, configureArgs: [], valgrindArgs: [], leakCheck: "exit", children: false },
    sha: null,
    content: null,
    recordedAt: "2026-01-01T00:00:00.000Z",
    tests: testsOf(build).map((name) => ({ name, engine: "memcheck", status: "passed", seconds: 0, ran: null, cause: null })),
    findings: findingsOf(build, ambiguous),
    functions: [...build.symbols],
    relaxations: [],
    suppressed: [],
  });
}

function testsOf({ reported }: BuildErrors): readonly string[] {
  return [...new Set(reported.map(({ test }) => test))].sort();
}

function errorsOf({ reported }: BuildErrors, test: string): readonly MemoryError[] {
  return reported.flatMap((one) => (one.test === test ? [one.error] : []));
}

function keyOf({ test, signature }: Finding): string {
  return `${test.file} ${signature}`;
}
