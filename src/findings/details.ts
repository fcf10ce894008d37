import type { Finding } from "../model/finding.ts";

/**
 * A finding with what another look at the same error knows beside it: the test, where leaks were looked for after each test, and the Python lines
 * that allocated what is lost.
 */
export function withDetails(finding: Finding, other: Finding): Finding {
  return {
    ...finding,
    test: finding.test.id === null ? { ...finding.test, id: other.test.id } : finding.test,
    objects: hasPythonLines(finding) || !hasPythonLines(other) ? finding.objects : other.objects,
  };
}

function hasPythonLines({ objects }: Finding): boolean {
  return objects.some(({ python = [] }) => python.length > 0);
}
