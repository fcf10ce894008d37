// Records an older release as the baseline and checks a newer one against it. Everything that a year of changes makes new or fixed must be true, and
// what stayed must be known.
//   npm run eval:releases [-- OLD NEW [live|exit]]
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { QUICK_TESTS } from "../bench/quick-tests.ts";
import { checkRelease } from "../bench/rig.ts";
import { problemInWords } from "../src/report/describe.ts";
import type { Report } from "../src/report/report.ts";
import type { ReportedFinding } from "../src/report/reported-finding.ts";

/** Test files of C code that changes often. */
const TESTS: readonly (typeof QUICK_TESTS)[number][] = [
  "test_array",
  "test_binascii",
  "test_bisect",
  "test_cmath",
  "test_code",
  "test_complex",
  "test_csv",
  "test_dict",
  "test_dictviews",
  "test_enumerate",
  "test_funcattrs",
  "test_heapq",
  "test_list",
  "test_memoryview",
  "test_ordered_dict",
  "test_raise",
  "test_range",
  "test_slice",
  "test_struct",
  "test_types",
];

const [old = "3.13.5", now = "3.13.15", leakCheck = "live"] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "cpython-memcheck-eval-"));

async function check(release: string, record: "always" | "never"): Promise<Report> {
  return (await checkRelease(release, TESTS, folder, ["--record-baseline", record, "--leak-check", leakCheck])).report;
}

function describe({ status, kind, blocks, signature, test, site, stack }: ReportedFinding): string {
  const names = stack.map((frame) => frame.function).slice(0, 12);
  const amount = blocks > 0 ? ` (blocks: ${blocks})` : "";
  const where = site.file === null ? site.function : `${site.function} (${site.file}:${site.line})`;
  return `${status} ${kind}${amount} ${signature} in ${test.file}, ${test.id ?? "no single test"}\n  ${where}\n  ${names.join(" < ")}`;
}

try {
  const before = await check(old, "always");
  if (before.tests.length < TESTS.length) throw new Error(`${old} was not checked: ${before.problems.map(problemInWords).join(" ")}`);
  const after = await check(now, "never");
  for (const finding of after.findings.filter(({ status }) => status !== "known")) console.log(describe(finding));
  for (const { name, incomplete, status } of [...before.tests, ...after.tests]) {
    if (incomplete !== null || status === "failed")
      console.log(`${name} ${status}${incomplete === null ? "" : `, incomplete: ${incomplete.message}`}`);
  }
  const count = (status: string): number => after.findings.filter((finding) => finding.status === status).length;
  const counts = ["new", "grown", "changed", "fixed", "known", "flaky"].map((status) => `${count(status)} ${status}`).join(", ");
  console.log(`${old} -> ${now}, ${TESTS.length} test files: ${after.verdict}; ${before.findings.length} recorded; ${counts}`);
  for (const problem of after.problems) console.log(problemInWords(problem));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
