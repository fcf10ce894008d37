import type { Finding } from "../model/finding.ts";

/**
 * Adds details from another run of the same test to a finding: the test, if leaks were checked after each test, and the Python lines that
 * allocated the lost object.
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
