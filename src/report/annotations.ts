import { amountInWords, confidenceInWords, objectsInWords, problemInWords, relaxationInWords, spreadInWords } from "./describe.ts";
import { printable } from "./escape.ts";
import { count, kindInWords, namesInWords, placeInWords, shorten, shortName } from "./format.ts";
import type { Locate } from "./locate.ts";
import { type Report, type ReportedNote, withStatus } from "./report.ts";
import { type ReportedFinding, shownFrames } from "./reported-finding.ts";

/** What GitHub shows beside a line of a pull request. */
export interface Annotation {
  readonly level: "error" | "warning" | "notice";
  readonly title: string;
  readonly message: string;
  /** Relative to the repository; annotations without a file appear only in the run's summary. */
  readonly file: string | null;
  readonly line: number | null;
}

/** GitHub keeps 10 of each level per step and silently drops the rest. */
const MOST = 10;
/** GitHub truncates messages at 4,096 characters. */
const MAX_CHARACTERS = 4000;
/** With more suspects, each one means too little. */
const MAX_SUSPECTS = 3;
const MAX_SITES = 10;
/** Length limit: the Checks API accepts 255, and shorter titles are enough. */
const MAX_IN_TITLE = 200;

/**
 * All annotations of a report, worst first, one for each site: errors for new findings, notices for flaky ones, warnings for what was not
 * checked.
 */
export function allAnnotations(report: Report, locate: Locate): readonly Annotation[] {
  const drafts = [
    ...atSites(withStatus(report, "new", "grown"), "error", locate),
    // Before all other warnings: with enough of those, a change could push what it hides out of a reviewer's sight.
    ...report.relaxations.map((relaxation) => relaxationAnnotation(relaxation, locate)),
    ...atSites(withStatus(report, "warning"), "warning", locate),
    ...report.problems.map(
      (problem): Annotation => ({ level: "warning", title: "Not checked", message: problemInWords(problem), ...NOWHERE }),
    ),
    ...report.notes.flatMap((note) => (note.code === "leak-suspects" ? suspectAnnotations(note, report, locate) : [])),
    ...atSites(withStatus(report, "changed"), "warning", locate),
    ...atSites(withStatus(report, "flaky"), "notice", locate),
  ];
  return drafts.map(({ title, message, ...rest }) => ({
    ...rest,
    title: shorten(printable(title).replaceAll("\n", " "), MAX_IN_TITLE, "…"),
    message: shorten(printable(message), MAX_CHARACTERS, "…\n(cut; all of it is in the step summary)"),
  }));
}

/** As many of each level as a step may have; the last one of a level counts the rest. */
export function annotationsOf(report: Report, locate: Locate): readonly Annotation[] {
  const all = allAnnotations(report, locate);
  return (["error", "warning", "notice"] as const).flatMap((level) => limit(all.filter((annotation) => annotation.level === level)));
}

const NOWHERE = { file: null, line: null } as const;

/** Reviewers should see which errors the change hides. */
function relaxationAnnotation(relaxation: Report["relaxations"][number], locate: Locate): Annotation {
  const path = locate(relaxation.file) ?? (relaxation.file.startsWith("/") ? null : relaxation.file);
  return {
    level: "warning",
    title: `Added since the baseline: ${relaxationInWords(relaxation)}`,
    message: "It hides errors that the default branch would report.",
    ...(path === null ? NOWHERE : { file: printable(path).replaceAll("\n", " "), line: relaxation.line }),
  };
}

/** At a changed function that may have failed to release what another one allocated. */
function suspectAnnotations(
  { functions, signatures }: Extract<ReportedNote, { code: "leak-suspects" }>,
  { findings }: Report,
  locate: Locate,
): readonly Annotation[] {
  // A leak may have been merged into another finding.
  const leaks = findings.filter((finding) =>
    [finding, ...finding.roots, ...finding.occurrences].some(({ signature }) => signatures.includes(signature)),
  );
  const [first] = leaks;
  if (first === undefined || functions.length > MAX_SUSPECTS) return [];
  const what = leaks.length === 1 ? `New memory leak in ${shortName(first.site.function)}` : `${leaks.length} new memory leaks`;
  const sites = leaks.map(({ site }) => `  ${site.function} (${placeInWords(site)})`);
  return functions.map(({ name, file, line }) => ({
    level: "warning",
    title: `${what} may come from ${shortName(name)}`,
    message: [
      `${name} changed, and runs in ${testsInWords(leaks)}. No function changed on the stack that allocated what is lost:`,
      ...sites.slice(0, MAX_SITES),
    ].join("\n"),
    ...placeOf({ site: { file, line }, place: null }, locate),
  }));
}

function atSites(findings: readonly ReportedFinding[], level: Annotation["level"], locate: Locate): readonly Annotation[] {
  const groups = Object.values(Object.groupBy(findings, ({ site }) => `${site.file}:${site.line}:${site.function}`));
  return groups.flatMap((group = []) =>
    group.slice(0, 1).map((worst) => ({ level, ...describe(worst, group), ...placeOf(worst, locate) })),
  );
}

function describe(worst: ReportedFinding, group: readonly ReportedFinding[]): Pick<Annotation, "title" | "message"> {
  const others = group.slice(1).map(({ kind }) => kindInWords(kind));
  const objects = [...new Set(objectsInWords(worst).map(([object]) => object))].slice(0, 2);
  const lines = [
    [amountInWords(worst) || worst.what, spreadInWords(worst), confidenceInWords(worst)].filter((part) => part !== "").join(", "),
    ...(worst.roots.length === 0 ? [] : [`${count(worst.roots.length, "leak")} from one test; of the worst:`]),
    ...objects,
    `in ${testsInWords(group)}`,
    ...nearSite(worst).map(frameLine),
    ...worst.further.slice(0, 2).flatMap(({ what, frames }) => [what, ...frames.slice(0, 4).map(frameLine)]),
    ...(others.length === 0 ? [] : [`${count(others.length, "more error")} from here: ${[...new Set(others)].join(", ")}`]),
    `See the step summary or report.html to reproduce${worst.suppression === null ? "" : " or suppress"} it.`,
  ];
  return { title: titleOf(worst), message: lines.join("\n") };
}

function titleOf({ status, kind, site }: ReportedFinding): string {
  const what = kindInWords(kind);
  const name = shortName(site.function);
  switch (status) {
    case "grown":
      return `Known ${what} grew in ${name}`;
    case "changed":
      return `Changed, please verify: ${what} in ${name}`;
    case "flaky":
      return `Flaky: ${what} in ${name}`;
    default:
      return `New ${what} in ${name}`;
  }
}

function testsInWords(findings: readonly ReportedFinding[]): string {
  const tests = findings.flatMap(({ occurrences }) => occurrences.map(({ test }) => test.id ?? test.file));
  return namesInWords([...new Set(tests)], 3);
}

/** The frames around the annotated place: those above it are often only layers of an allocator. */
function nearSite(finding: ReportedFinding): ReportedFinding["stack"] {
  const frames = shownFrames(finding).filter(({ role }) => role !== "allocator");
  const at = frames.findIndex(({ file, line }) => file === finding.site.file && line === finding.site.line);
  return frames.slice(Math.max(0, at - 3)).slice(0, 8);
}

/** Short: the box beside a diff is narrow. */
function frameLine({ function: name, file, line, object }: ReportedFinding["stack"][number]): string {
  return `  ${shortName(name)} (${file === null ? (object?.split("/").at(-1) ?? "?") : placeInWords({ file, line })})`;
}

function placeOf(
  { site, place }: { readonly site: Pick<ReportedFinding["site"], "file" | "line">; readonly place: ReportedFinding["place"] },
  locate: Locate,
): Pick<Annotation, "file" | "line"> {
  const { file, line } = place ?? site;
  const path = file === null ? null : locate(file);
  // Compilers give line 0 to code of no line. GitHub's lines start at 1, and it refuses a check run with any other.
  return path === null ? NOWHERE : { file: printable(path).replaceAll("\n", " "), line: line || null };
}

function limit(annotations: readonly Annotation[]): readonly Annotation[] {
  const [worst] = annotations;
  if (worst === undefined || annotations.length <= MOST) return annotations;
  const rest = annotations.slice(MOST - 1);
  const list = rest.map(({ title, message, file, line }) => {
    const place = file === null ? "" : ` (${placeInWords({ file, line })})`;
    return `${title}: ${message.split("\n")[0]}${place}`;
  });
  const last: Annotation = {
    level: worst.level,
    title: `${rest.length} more ${worst.level} annotations`,
    message: shorten(["They are in the step summary and in report.json:", ...list].join("\n"), MAX_CHARACTERS, "…"),
    ...NOWHERE,
  };
  return [...annotations.slice(0, MOST - 1), last];
}
