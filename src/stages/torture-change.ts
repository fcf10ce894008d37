import type { Job } from "../engines/job.ts";
import type { TestRunner } from "../engines/run-all.ts";
import type { TortureRequest } from "../engines/torture/torture-engine.ts";
import type { History } from "../findings/history.ts";
import { NOTHING } from "../findings/judgement.ts";
import { addJudgement } from "../findings/merge-engines.ts";
import { hasFindings } from "../findings/reach.ts";
import { lookAtReached } from "./reached-stage.ts";
import { runStage, type StageContext, type StageResult } from "./stage.ts";

export interface TorturedChange {
  readonly functions: readonly string[];
  readonly jobs: readonly Job[];
  readonly runnerOf: (request: TortureRequest, isSecond?: boolean) => TestRunner;
}

/** Seconds for the failures in one test file, and in its second run, which must come to all that the first one came to. */
const SECONDS = 60;
const SECOND_SECONDS = 180;

/**
 * Makes allocations of a change fail. Where the baseline has torture's findings of a test file, what it lacks is new; elsewhere what changed
 * functions had a part in.
 */
export async function tortureChange({ functions, jobs, runnerOf }: TorturedChange, context: StageContext): Promise<StageResult> {
  const request = { functions, sample: true } as const;
  const stage = {
    engine: "torture",
    title: "Torture of what changed",
    jobs,
    testRunner: runnerOf({ ...request, seconds: SECONDS }),
    confirming: runnerOf({ ...request, seconds: SECOND_SECONDS }, true),
  } as const;
  const known = recordedTests(context.past);
  const [recorded, others] = [jobs.filter(({ name }) => known.has(name)), jobs.filter(({ name }) => !known.has(name))];
  const compared = recorded.length === 0 ? NOTHING_RUN : await runStage({ ...stage, jobs: recorded }, context);
  const reached = others.length === 0 ? NOTHING_RUN : await lookAtReached({ ...stage, jobs: others }, { changed: functions }, context);
  const runs = [...compared.runs, ...reached.runs];
  // A part of its allocations says nothing of what is not found any more.
  return { runs, judgement: addJudgement({ ...compared.judgement, fixed: [] }, reached.judgement), unrecordable: runs };
}

const NOTHING_RUN: StageResult = { runs: [], judgement: NOTHING };

/** The test files that were tortured on the default branch. */
function recordedTests(past: History): ReadonlySet<string> {
  const tests = past.kind === "comparable" ? past.baseline.tests : [];
  return new Set(
    tests.filter((test) => test.engine === "torture" && test.slice === undefined && hasFindings(test)).map(({ name }) => name),
  );
}
