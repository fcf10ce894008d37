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

/** Time limit in seconds for the failures in one test file, and for its second run, which must reach everything that the first one did. */
const SECONDS = 60;
const SECOND_SECONDS = 180;

/**
 * Makes allocations of a change fail. If the baseline has torture's findings of a test file, findings that are not among them are new; otherwise
 * those that involve changed functions.
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
  // With only a part of its allocations, a missing finding does not mean that it is fixed.
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
