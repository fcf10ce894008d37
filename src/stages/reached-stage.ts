import { namesakesOf } from "../affected/blame.ts";
import { usersOfFunctions } from "../affected/footprints.ts";
import { judgeReached, type Reasons, reachedToConfirm } from "../findings/reached.ts";
import { type Affected, changedFunctions } from "./choose-affected.ts";
import { confirmIn, hasStarted, runJobs, type Stage, type StageContext, type StageResult } from "./stage.ts";

/**
 * Runs test files that the change can reach and that have no baseline under this engine. The second parameter has the functions for attributing
 * errors.
 */
export async function lookAtReached(stage: Stage, reasons: Reasons, context: StageContext): Promise<StageResult> {
  const { acceptances, today } = context.change;
  const grounds = { ...reasons, acceptances, today };
  const runs = (await runJobs(stage, context)).filter(hasStarted);
  const again = await confirmIn(reachedToConfirm(runs, grounds), stage, context);
  return { runs, judgement: judgeReached(runs, again, grounds), unrecordable: runs };
}

/** The functions for attributing errors to a change. Pure. */
export function changedIn(affected: Affected): Reasons {
  if (affected.kind === "any") return { changed: [] };
  const usersOf = usersOfFunctions(affected.footprints);
  const changed = changedFunctions(affected);
  return {
    changed,
    everywhere: new Set(affected.functions.filter((key) => usersOf(key).kind === "everyone")),
    namesakes: namesakesOf(changed, affected.footprints.code.keys),
  };
}
