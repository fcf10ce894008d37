import { judgeReached, reachedToConfirm } from "../findings/reached.ts";
import { confirmIn, runJobs, type Stage, type StageContext, type StageResult } from "./stage.ts";

/** Runs test files that the change can reach and that have no baseline under this engine. @param changed the functions for attributing errors. */
export async function lookAtReached(stage: Stage, changed: readonly string[], context: StageContext): Promise<StageResult> {
  const { acceptances, today } = context.change;
  const grounds = { changed, acceptances, today };
  const all = await runJobs(stage, context);
  const runs = all.filter(({ name }) => !stage.notBegun?.has(name));
  const again = await confirmIn(reachedToConfirm(runs, grounds), stage, context);
  return { runs, judgement: judgeReached(runs, again, grounds), unrecordable: runs };
}
