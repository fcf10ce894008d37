import { judgeReached, type ReachedGrounds, reachedToConfirm } from "../findings/reached.ts";
import { confirmIn, hasBegun, runJobs, type Stage, type StageContext, type StageResult } from "./stage.ts";

/** Looks at test files that the change can reach, and that the engine never saw on the default branch. @param grounds the functions by which it judges. */
export async function lookAtReached(
  stage: Stage,
  { changed, everywhere }: Pick<ReachedGrounds, "changed" | "everywhere">,
  context: StageContext,
): Promise<StageResult> {
  const { acceptances, today } = context.change;
  const grounds = { changed, ...(everywhere && { everywhere }), acceptances, today };
  const runs = (await runJobs(stage, context)).filter(hasBegun);
  const again = await confirmIn(reachedToConfirm(runs, grounds), stage, context);
  return { runs, judgement: judgeReached(runs, again, grounds), unrecordable: runs };
}
