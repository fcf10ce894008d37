import { requireSelfTest, type SelfTest } from "../engines/self-test.ts";
import type { CheckContext } from "./stage.ts";

/** Passes the self-test of an engine, which each build needs only once. @throws UserError if it fails */
export async function passSelfTest({ runContext, context: { progress } }: CheckContext, test: SelfTest): Promise<void> {
  progress.begin(`Self-test of ${test.engine.title}`);
  const kinds = await requireSelfTest(runContext, test);
  progress.note(`all ${kinds} kinds of planted errors found`);
}
