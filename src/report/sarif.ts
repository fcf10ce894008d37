import type { Location, Log, PhysicalLocation, Result, Stack, StackFrame } from "sarif";
import { SIGNATURE_VERSION } from "../findings/make-finding.ts";
import { amountInWords, confidenceInWords, problemInWords } from "./describe.ts";
import { printable } from "./escape.ts";
import { count, kindInWords, placeInWords, shorten } from "./format.ts";
import type { Locate, LocateTest } from "./locate.ts";
import { type Report, withStatus } from "./report.ts";
import { type ReportedFinding, shownFrames } from "./reported-finding.ts";
import { ruleOf } from "./sarif-rules.ts";

/** GitHub keeps this many results of a run. */
const MAX_RESULTS = 5000;

/** The report in the Static Analysis Results Interchange Format, 2.1.0. Fixed findings have no result. */
export function sarifReport(report: Report, locate: Locate, locateTest: LocateTest): Log {
  const findings = withStatus(report, "new", "grown", "warning", "changed", "flaky", "accepted", "recorded", "unrecorded", "known");
  const shown = findings.slice(0, MAX_RESULTS);
  const rules = [...new Map(shown.map(({ kind }) => [ruleOf(kind).id, ruleOf(kind)])).values()];
  const left = findings.length - shown.length;
  const remarks = [
    ...report.problems.map((problem) => ({ code: problem.code, text: problemInWords(problem) })),
    ...(left === 0 ? [] : [{ code: "cut", text: `${count(left, "more error")} in report.json.` }]),
  ];
  const codes = [...new Set(remarks.map(({ code }) => code))];
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "cpython-memcheck", rules, notifications: codes.map((code) => ({ id: code })) } },
        invocations: [
          {
            executionSuccessful: report.verdict !== "inconclusive",
            toolExecutionNotifications: remarks.map(({ code, text }) => ({
              descriptor: { id: code, index: codes.indexOf(code) },
              level: "warning",
              message: { text: plain(text) },
            })),
          },
        ],
        columnKind: "utf16CodeUnits",
        results: shown.map((finding) =>
          resultOf(
            finding,
            rules.findIndex(({ id }) => id === ruleOf(finding.kind).id),
            locate,
            locateTest,
          ),
        ),
      },
    ],
  };
}

const LEVELS: Readonly<Record<string, Result.level>> = { new: "error", grown: "error", warning: "warning", changed: "warning" };
const STATES: Readonly<Record<string, Result.baselineState>> = {
  new: "new",
  grown: "updated",
  warning: "new",
  changed: "updated",
  known: "unchanged",
  accepted: "unchanged",
};

function resultOf(finding: ReportedFinding, ruleIndex: number, locate: Locate, locateTest: LocateTest): Result {
  const { status, kind, site, test, signature, acceptance, blocks } = finding;
  const state = STATES[status];
  const place = placeOf(finding, locate) ?? { artifactLocation: { uri: uriOf(locateTest(test.file)), uriBaseId: "%SRCROOT%" } };
  const parts = [
    `${kindInWords(kind)} in ${site.function}`,
    amountInWords(finding),
    confidenceInWords(finding),
    `in ${test.id ?? test.file}`,
  ];
  return {
    ruleId: ruleOf(kind).id,
    ruleIndex,
    level: LEVELS[status] ?? "note",
    ...(state === undefined ? {} : { baselineState: state }),
    message: { text: plain(parts.filter((part) => part !== "").join(", ")) },
    locations: [{ physicalLocation: place, logicalLocations: [{ name: name(site.function), kind: "function" }] }],
    relatedLocations: relatedOf(finding, locate),
    stacks: stacksOf(finding, locate),
    partialFingerprints: { [`cpythonMemcheckSignature/v${SIGNATURE_VERSION}`]: signature },
    ...(acceptance === null ? {} : { suppressions: [{ kind: "external", justification: name(acceptance.reason) }] }),
    properties: { status, test: name(test.file), blocks, reproduce: name(finding.reproduce) },
  };
}

/** Where a finding is shown. If that is unknown, its test is used: GitHub accepts no result without a location. */
function placeOf(finding: ReportedFinding, locate: Locate): PhysicalLocation | undefined {
  return [finding.place ?? finding.site, ...finding.stack].flatMap((place) => physical(place, locate) ?? [])[0];
}

/** The first places in the project on a finding's stacks. */
function relatedOf(finding: ReportedFinding, locate: Locate): Location[] {
  const frames = [...shownFrames(finding), ...finding.further.flatMap((stack) => stack.frames)];
  const places = frames.flatMap((frame): Location[] => {
    const physicalLocation = physical(frame, locate);
    return physicalLocation === undefined
      ? []
      : [{ physicalLocation, message: { text: plain(`${frame.function} (${placeInWords(frame)})`) } }];
  });
  return distinct(places).slice(0, 10);
}

function stacksOf(finding: ReportedFinding, locate: Locate): Stack[] {
  const stacks = [{ what: finding.what, frames: shownFrames(finding) }, ...finding.further];
  return distinct(
    stacks.map(({ what, frames }) => ({ message: { text: plain(what) }, frames: frames.map((frame) => frameOf(frame, locate)) })),
  );
}

/** As the schema requires for these lists. */
function distinct<Value>(values: readonly Value[]): Value[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}

function frameOf(frame: ReportedFinding["stack"][number], locate: Locate): StackFrame {
  const physicalLocation = physical(frame, locate);
  return {
    location: {
      ...(physicalLocation === undefined ? {} : { physicalLocation }),
      logicalLocations: [{ fullyQualifiedName: name(frame.function) }],
    },
    ...(frame.object === null ? {} : { module: name(frame.object) }),
  };
}

function physical(
  { file, line }: { readonly file: string | null; readonly line: number | null },
  locate: Locate,
): PhysicalLocation | undefined {
  const path = file === null ? null : locate(file);
  if (path === null) return undefined;
  const artifactLocation = { uri: uriOf(path), uriBaseId: "%SRCROOT%" };
  return { artifactLocation, ...(line === null || line < 1 ? {} : { region: { startLine: line } }) };
}

function uriOf(path: string): string {
  return name(path).split("/").map(encodeURIComponent).join("/");
}

const MAX_CHARACTERS = 1000;

/** Text in a message: square brackets would make a link of it (SARIF 2.1.0, 3.11.6). */
function plain(text: string): string {
  return name(text).replace(/[\\[\]]/g, "\\$&");
}

function name(text: string): string {
  return shorten(printable(text), MAX_CHARACTERS);
}
