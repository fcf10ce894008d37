import { judgeReached, type ReachedGrounds, reachedToConfirm } from "../findings/reached.ts";
import { confirmIn, hasStarted, runJobs, type Stage, type StageContext, type StageResult } from "./stage.ts";

/**
 * Runs test files that the change can reach and that have no baseline under this engine. The second parameter has the functions for attributing
 * errors.
 */
export async function lookAtReached(
  stage: Stage,
  { changed, everywhere }: Pick<ReachedGrounds, "changed" | "everywhere">,
  context: StageContext,
): Promise<StageResult> {
  const { acceptances, today } = context.change;
  const grounds = { changed, ...(everywhere && { everywhere }), acceptances, today };
  const runs = (await runJobs(stage, context)).filter(hasStarted);
  const again = await confirmIn(reachedToConfirm(runs, grounds), stage, context);
  return { runs, judgement: judgeReached(runs, again, grounds), unrecordable: runs };
}
