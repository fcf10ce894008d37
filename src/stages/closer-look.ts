// Without a baseline, findings are not confirmed by a second run. A project's tests get one all the same, which finds the test of each leak.

import { withDetails } from "../findings/details.ts";
import type { JudgedFinding, Judgement } from "../findings/judgement.ts";
import { isLeak } from "../findings/segment.ts";
import type { TestRun } from "../model/test-run.ts";

/** Each takes up to a minute, and the first check should finish in a reasonable time. */
const MAX_FILES = 10;

/** The test files with leaks that have no baseline and whose test is unknown. Pure. */
export function filesToLookAt({ findings }: Judgement): readonly string[] {
  return [...new Set(findings.filter(lacksTest).map(({ finding }) => finding.test.file))].slice(0, MAX_FILES);
}

function lacksTest({ status, finding }: JudgedFinding): boolean {
  return status === "unrecorded" && isLeak(finding.kind) && finding.test.id === null;
}

/** @param again runs of {@link filesToLookAt}. Pure. */
export function withTests(judgement: Judgement, again: readonly TestRun[]): Judgement {
  const seen = again.flatMap(({ findings }) => findings);
  return {
    ...judgement,
    findings: judgement.findings.map((judged) => {
      const { signature, test } = judged.finding;
      const other = lacksTest(judged) ? seen.find((one) => one.signature === signature && one.test.file === test.file) : undefined;
      return other === undefined ? judged : { ...judged, finding: withDetails(judged.finding, other) };
    }),
  };
}
