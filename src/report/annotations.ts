import { printable } from "./escape.ts";
import { type Report, type ReportedFinding, shownFrames, withStatus } from "./report.ts";
import { amountInWords, count, kindInWords } from "./words.ts";

/** What GitHub shows beside a line of a pull request. */
export interface Annotation {
  readonly level: "error" | "warning";
  readonly title: string;
  readonly message: string;
  /** Relative to the repository; annotations without one stand in the run's summary only. */
  readonly file: string | null;
  readonly line: number | null;
}

/** GitHub keeps 10 of a level for each step and drops the rest without a word. */
const MOST = 10;
/** GitHub cuts a message at 4,096 characters. */
const MOST_CHARACTERS = 4000;

/** Worst first, one for each site; the last says what did not fit. What could not be checked comes as warnings. */
export function annotationsOf(report: Report): readonly Annotation[] {
  const groups = Object.values(
    Object.groupBy(withStatus(report, "new", "grown"), ({ site }) => `${site.file}:${site.line}:${site.function}`),
  );
  const errors = groups.flatMap((group) => (group === undefined ? [] : describeGroup(group)));
  const warnings = report.reasons.map(
    (reason): Annotation => ({ level: "warning", title: "Not checked", message: reason, file: null, line: null }),
  );
  return [...limit(errors, "errors"), ...limit(warnings, "warnings")].map(({ message, title, ...rest }) => ({
    ...rest,
    title: printable(title),
    message: shorten(printable(message)),
  }));
}

function describeGroup(findings: readonly ReportedFinding[]): Annotation[] {
  const [worst] = findings;
  if (worst === undefined) return [];
  const tests = [...new Set(findings.map(({ test }) => test.id ?? test.file))];
  const lines = [
    `${worst.what}${worst.what === "" ? "" : " · "}${amountInWords(worst)}`,
    `in ${tests.slice(0, 3).join(", ")}${tests.length > 3 ? ` and ${tests.length - 3} more` : ""}`,
    ...shownFrames(worst)
      .slice(0, 8)
      .map((frame) => `  ${frame.function} (${frame.file ?? frame.object ?? "?"}${frame.line === null ? "" : `:${frame.line}`})`),
    ...(findings.length > 1 ? [`${count(findings.length - 1, "more error")} from here`] : []),
    `reproduce: ${worst.reproduce}`,
  ];
  const title = `${worst.status === "grown" ? "More of a known" : "New"} ${kindInWords(worst.kind)} in ${worst.site.function}`;
  return [{ level: "error", title, message: lines.join("\n"), ...placeOf(worst) }];
}

/** A file of a library is known by its bare name, which is no path in the repository. */
function placeOf({ site, place }: ReportedFinding): Pick<Annotation, "file" | "line"> {
  if (place !== null) return place;
  return site.file?.includes("/") ? { file: site.file, line: site.line } : { file: null, line: null };
}

function limit(annotations: readonly Annotation[], what: string): readonly Annotation[] {
  if (annotations.length <= MOST) return annotations;
  const level = annotations[0]?.level ?? "error";
  const rest = annotations.length - (MOST - 1);
  const last: Annotation = {
    level,
    title: `${rest} more ${what}`,
    message: "They are in the step summary and in report.json.",
    file: null,
    line: null,
  };
  return [...annotations.slice(0, MOST - 1), last];
}

function shorten(message: string): string {
  return message.length <= MOST_CHARACTERS ? message : `${message.slice(0, MOST_CHARACTERS)}…\n(cut; all of it is in the step summary)`;
}
