// Compares what two toolchains found in the same sources: `toolchain-compare.ts HERE THERE`, two folders with `clean.json` and `leak.json`, the reports
// for the unchanged source and for a leak planted in Modules/_csv.c. Exits with 0 if both found the same and checked everything.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { normalizeName } from "../src/findings/frames.ts";
import { problemInWords } from "../src/report/describe.ts";
import { type Report, ReportSchema } from "../src/report/report.ts";
import type { ReportedFinding } from "../src/report/reported-finding.ts";

const PLANTED = { file: "Modules/_csv.c", function: "parse_save_field" } as const;

interface Side {
  readonly name: string;
  readonly clean: Report;
  readonly leak: Report;
}

function readSide(folder: string): Side {
  const read = (name: string): Report => v.parse(ReportSchema, JSON.parse(readFileSync(join(folder, name), "utf8")));
  const [clean, leak] = [read("clean.json"), read("leak.json")];
  const { toolchain } = clean;
  return {
    name: `${toolchain?.compiler}, ${toolchain?.libc}, valgrind ${toolchain?.valgrind}, CPython ${toolchain?.version}`,
    clean,
    leak,
  };
}

/** The part of a finding that is the same for every toolchain: engine, test file, kind, and the functions of its signature without compiler suffixes. */
function identityOf({ engine, test, kind, stack, site }: ReportedFinding): string {
  const keys = stack.filter(({ role }) => role === "key").map((frame) => normalizeName({ function: frame.function }));
  return [engine, test.file, kind, [...new Set(keys)].join(" < ") || site.function].join(" | ");
}

/** Only valgrind 3.26 and newer report bad file descriptors. */
function comparable(report: Report): ReadonlySet<string> {
  return new Set(report.findings.filter(({ kind }) => !kind.startsWith("Fd")).map(identityOf));
}

function differences(here: Report, there: Report): readonly string[] {
  const [own, other] = [comparable(here), comparable(there)];
  return [
    ...[...own].filter((one) => !other.has(one)).map((one) => `only here:  ${one}`),
    ...[...other].filter((one) => !own.has(one)).map((one) => `only there: ${one}`),
  ];
}

/** The first line of the function with the planted leak at which memcheck reports lost blocks; undefined if it reports none. */
function plantedLine({ findings }: Report): number | undefined {
  const lines = findings.flatMap(({ engine, status, kind, site }) =>
    engine === "memcheck" &&
    status === "new" &&
    kind.startsWith("Leak_") &&
    site.file === PLANTED.file &&
    site.function === PLANTED.function
      ? [site.line ?? 0]
      : [],
  );
  return lines.length === 0 ? undefined : Math.min(...lines);
}

function problemsOf(here: Side, there: Side): readonly string[] {
  const unfinished = [here, there].flatMap(({ name, clean, leak }) =>
    [clean, leak].flatMap((report) =>
      report.verdict === "inconclusive" ? [`inconclusive with ${name}: ${report.problems.map(problemInWords).join(" ")}`] : [],
    ),
  );
  const [line, other] = [plantedLine(here.leak), plantedLine(there.leak)];
  const place = `${PLANTED.function} (${PLANTED.file})`;
  const isPlantedInBoth = line !== undefined && line === other;
  return [
    ...unfinished,
    ...differences(here.clean, there.clean),
    ...(isPlantedInBoth ? [] : [`the leak planted in ${place} is reported at line ${line ?? "-"} here, ${other ?? "-"} there`]),
  ];
}

const [hereFolder = "", thereFolder = ""] = process.argv.slice(2);
const [here, there] = [readSide(hereFolder), readSide(thereFolder)];
for (const [place, { name, clean, leak }] of [
  ["here", here],
  ["there", there],
] as const) {
  const tests = new Set(clean.tests.map((test) => test.name)).size;
  console.log(`${place}: ${name}`);
  console.log(
    `  ${tests} test files, ${clean.findings.length} findings (${clean.verdict}); with the leak: ${leak.verdict}, line ${plantedLine(leak) ?? "-"}`,
  );
}
const problems = problemsOf(here, there);
for (const problem of problems) console.log(problem);
console.log(problems.length === 0 ? "Both toolchains found the same." : `${problems.length} differences.`);
process.exitCode = problems.length === 0 ? 0 : 1;
