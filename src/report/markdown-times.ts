import { secondsInWords } from "./format.ts";
import { fold } from "./markdown-finding.ts";
import type { Report, ReportedTest } from "./report.ts";

/** Where the time was spent. Times of parallel runs are added up. */
export function timesTable({ tests, build }: Report): string {
  const engines = Object.entries(Object.groupBy(tests, ({ engine }) => engine));
  if (build === null && engines.length === 0) return "";
  const rows = engines.map(([engine, own = []]) => {
    const times = [sum(own, startOf), sum(own, testsOf), sum(own, leakChecksOf), sum(own, readingOf)];
    return `| ${[engine, ...times.map(secondsInWords)].join(" | ")} |`;
  });
  const total =
    build === null ? [] : [`Build (${build.kind}): ${secondsInWords(build.seconds)}. The rest, added up over what ran side by side:\n`];
  const head = ["| engine | start | tests | leak checks | reading |", "| --- | ---: | ---: | ---: | ---: |"];
  return fold("Times", [...total, ...head, ...rows].join("\n"));
}

const startOf = ({ costs }: ReportedTest): number => costs.start;
/** Live leak checks are part of a test file's time. */
const testsOf = ({ seconds, costs }: ReportedTest): number => Math.max(0, seconds - costs.leakChecks);
const leakChecksOf = ({ costs }: ReportedTest): number => costs.leakChecks;
const readingOf = ({ costs }: ReportedTest): number => costs.reading;

function sum(tests: readonly ReportedTest[], of: (test: ReportedTest) => number): number {
  return tests.reduce((total, test) => total + of(test), 0);
}
