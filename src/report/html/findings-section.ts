// All findings of report.html, by status. The filters appear if the browser runs the page's script.

import { count, kindInWords, shortName } from "../format.ts";
import { type Report, withStatus } from "../report.ts";
import type { FindingStatus, ReportedFinding } from "../reported-finding.ts";
import { STATUS_ORDER, STATUS_TITLES } from "../status-titles.ts";
import { findingCard } from "./finding-card.ts";
import { html, type Markup, NOTHING } from "./markup.ts";
import { knownSince } from "./trend-section.ts";

/** Findings in one chunk. A browser lays out only visible chunks. */
const CHUNK = 50;

/** Groups that are open initially: those that need attention. */
const IS_OPEN: ReadonlySet<FindingStatus> = new Set(["new", "grown", "warning", "changed", "flaky", "recorded"]);

/** Maximum number of findings with full layout, equal to that of excerpts. A thousand more would take a browser seconds. */
const MAX_RICH = 300;

/** Larger groups are closed initially, because they would hide everything below them. */
const MAX_OPEN = 200;

export function findingsSection(report: Report): Markup {
  const { findings } = report;
  if (findings.length === 0) return html`<section id="findings"><h2>Findings</h2><p class="remark">None.</p></section>`;
  const choices = choicesOf(findings);
  const draw = cardMaker(report, choices);
  const groups = STATUS_ORDER.map((status) => groupView(status, withStatus(report, status), draw));
  return html`<section id="findings"><h2>Findings</h2>${filters(findings, choices)}${groups}
<p id="none" class="remark" hidden>No finding matches these filters.</p></section>`;
}

/** The options of the filters, sorted, with their indices. A finding refers to them by index. */
interface Choices {
  readonly kinds: ReadonlyMap<string, number>;
  readonly tests: ReadonlyMap<string, number>;
}

function choicesOf(findings: readonly ReportedFinding[]): Choices {
  return { kinds: positions(findings.map(({ kind }) => kind)), tests: positions(findings.flatMap(testsOf)) };
}

function positions(names: readonly string[]): ReadonlyMap<string, number> {
  return new Map([...new Set(names)].sort().map((name, index) => [name, index]));
}

function testsOf({ test, occurrences }: ReportedFinding): readonly string[] {
  return [...new Set([test.file, ...occurrences.map((one) => one.test.file)])];
}

const IS_SIGNATURE = /^[0-9a-f]{16}$/;

/** The findings' anchors, each by its own signature, and by those of the errors that were merged into it. */
export function anchorsOf({ findings }: Report): ReadonlyMap<string, string> {
  const anchored = findings.filter(({ signature }) => IS_SIGNATURE.test(signature));
  const merged = anchored.flatMap((one) => [...one.roots, ...one.occurrences].map((part) => [part.signature, one.signature] as const));
  return new Map([...merged, ...anchored.map(({ signature }) => [signature, signature] as const)]);
}

type Draw = (finding: ReportedFinding, isOpen: boolean) => Markup;

function cardMaker({ timeline }: Report, { kinds, tests }: Choices): Draw {
  const anchors = new Set<string>();
  let drawn = 0;
  const inTrend = new Set(timeline.at(-1)?.leaks.map(({ signature }) => signature));
  return (finding, isOpen) => {
    const { signature, kind } = finding;
    const isFirst = IS_SIGNATURE.test(signature) && !anchors.has(signature);
    anchors.add(signature);
    return findingCard(finding, {
      keys: { kind: kinds.get(kind) ?? 0, tests: testsOf(finding).map((name) => tests.get(name) ?? 0) },
      id: isFirst ? signature : "",
      isOpen,
      isPlain: drawn++ >= MAX_RICH,
      since: inTrend.has(signature) ? knownSince(timeline, signature) : "",
    });
  };
}

function groupView(status: FindingStatus, findings: readonly ReportedFinding[], draw: Draw): Markup {
  if (findings.length === 0) return NOTHING;
  const { title, remark } = STATUS_TITLES[status];
  const isOpen = IS_OPEN.has(status) && findings.length <= MAX_OPEN;
  const starts = Array.from({ length: Math.ceil(findings.length / CHUNK) }, (_, index) => index * CHUNK);
  // The very first new finding is open.
  const isFirst = status === "new" || status === "grown";
  const chunks = starts.map(
    (start) =>
      html`<div class="chunk">${findings.slice(start, start + CHUNK).map((finding, index) => draw(finding, isFirst && start + index === 0))}</div>`,
  );
  const number = findings.length.toLocaleString("en-US");
  return html`<details class="group" id="${status}" data-count="${findings.length}"${isOpen ? html` open` : NOTHING}><summary><h3 class="${status}">${title} <span class="count">${number}</span></h3><span class="remark">${remark}</span></summary>${chunks}</details>`;
}

function filters(findings: readonly ReportedFinding[], { kinds, tests }: Choices): Markup {
  const statuses = [...new Set(findings.map(({ status }) => status))].map((status) => [status, STATUS_TITLES[status].title] as const);
  const engines = [...new Set(findings.map(({ engine }) => engine))].sort().map((engine) => [engine, engine] as const);
  return html`<form id="filters" hidden aria-label="Filters"><input type="search" name="q" aria-label="Find in findings" placeholder="Function, file, test, type …" autocomplete="off"><kbd>/</kbd>
${choice("s", "Status", statuses)}${choice("k", "Kind", optionsOf(kinds, kindInWords))}${choice("e", "Engine", engines)}${choice(
  "t",
  "Test file",
  optionsOf(tests, (name) => name),
)}
<output aria-live="polite">${count(findings.length, "finding")}</output></form>`;
}

function optionsOf(names: ReadonlyMap<string, number>, inWords: (name: string) => string): readonly (readonly [string, string])[] {
  return [...names].map(([name, index]) => [`${index}`, shortName(inWords(name))]);
}

function choice(name: string, label: string, options: readonly (readonly [string, string])[]): Markup {
  const items = options.map(([value, text]) => html`<option value="${value}">${text}</option>`);
  return html`<select name="${name}" aria-label="${label}"><option value="">${label}</option>${items}</select>`;
}
