// Runs a live check on many quick test files of released CPythons. It should find nothing, or only true errors of the release.
//   npm run eval:clean -- 3.11 3.13.5 3.13
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkRelease, pythonOf, quickTestsOf } from "../bench/rig.ts";
import type { Report } from "../src/report/report.ts";

const releases = process.argv.length > 2 ? process.argv.slice(2) : ["3.13"];

async function check(release: string): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), "cpython-memcheck-eval-"));
  try {
    // A first, short check fetches the release and says which test files it has.
    const { report } = await checkRelease(release, ["test_bisect"], folder, ["--record-baseline", "never"]);
    return (await checkRelease(release, quickTestsOf(pythonOf(report)), folder)).report;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function print(report: Report): void {
  console.log(`\nCPython ${report.toolchain?.version}, valgrind ${report.toolchain?.valgrind}`);
  const found = (name: string) => report.findings.filter(({ test }) => test.file === name);
  for (const test of report.tests) {
    const findings = found(test.name);
    if (findings.length === 0 && test.incomplete === null && test.status === "passed") continue;
    console.log(
      `  ${test.name}: ${test.status}, ${findings.length} findings${test.incomplete === null ? "" : `, incomplete: ${test.incomplete.message}`}`,
    );
    for (const { kind, stack, blocks } of findings.slice(0, 8)) {
      console.log(
        `      ${kind} ${blocks || ""} ${stack
          .slice(0, 6)
          .map((frame) => frame.function)
          .join(" < ")}`,
      );
    }
  }
  const complete = report.tests.filter(({ incomplete }) => incomplete === null);
  const clean = complete.filter(({ name }) => found(name).length === 0);
  const seconds = report.tests.reduce((sum, test) => sum + test.seconds, 0);
  console.log(
    `  ${report.tests.length} test files, ${complete.length} complete, ${clean.length} with 0 findings, ${Math.round(seconds)} s in all`,
  );
}

for (const release of releases) print(await check(release));
