// report.html: a self-contained page made from the report only. It is readable without its script.

import { createHash } from "node:crypto";
import { baselineInWords, relaxationInWords, suppressedInWords, verdictInWords } from "../describe.ts";
import { placeInWords, shorten } from "../format.ts";
import { countIncomplete, type Report, withStatus } from "../report.ts";
import { STATUS_ORDER, statusInWords } from "../status-titles.ts";
import { coverageSection } from "./coverage-section.ts";
import { anchorsOf, findingsSection } from "./findings-section.ts";
import { html, type Markup, NOTHING, prose, trusted, when } from "./markup.ts";
import { PAGE_SCRIPT } from "./page-script.ts";
import { PAGE_STYLE } from "./page-style.ts";
import { trendSection } from "./trend-section.ts";

/** Nothing can be loaded or sent, and no other script or style can run, whatever names a report contains. */
const POLICY = `default-src 'none'; style-src '${hashOf(PAGE_STYLE)}'; script-src '${hashOf(PAGE_SCRIPT)}'; base-uri 'none'; form-action 'none'`;

function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

export function htmlReport(report: Report): string {
  const verdict = verdictInWords(report);
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer"><meta name="robots" content="noindex">
<title>${verdict} · cpython-memcheck</title>
<style>${trusted(PAGE_STYLE)}</style></head>
<body class="${report.verdict}"><a class="skip" href="#main">Skip to the report</a>
${header(report, verdict)}
<main id="main">${problemsSection(report)}${relaxationsSection(report)}${findingsSection(report)}${trendSection(report, anchorsOf(report))}${coverageSection(report)}${notesSection(report)}</main>
${footer(report)}
<script>${trusted(PAGE_SCRIPT)}</script></body></html>
`;
  return page.text;
}

function header(report: Report, verdict: string): Markup {
  const { toolchain } = report;
  const python = toolchain === null ? "" : ` · CPython ${toolchain.version}`;
  return html`<header><p class="brand">cpython-memcheck${python}</p>
<h1>${verdict}</h1>
${counts(report)}<p class="remark">${baselineInWords(report)}</p>
${navigation(report)}</header>`;
}

/** The number of findings with each status, with links to them. */
function counts(report: Report): Markup {
  const items = STATUS_ORDER.map((status) => {
    const number = withStatus(report, status).length;
    return when(
      number > 0,
      () =>
        html`<li><a href="#${status}" class="${status}"><b>${number.toLocaleString("en-US")}</b> ${statusInWords(status, number)}</a></li>`,
    );
  });
  const incomplete = countIncomplete(report);
  const rest = when(
    incomplete > 0,
    () =>
      html`<li><a href="#coverage" class="incomplete"><b>${incomplete.toLocaleString("en-US")}</b> ${incomplete === 1 ? "test file" : "test files"} incomplete</a></li>`,
  );
  return html`<ul class="counts">${items}${rest}</ul>`;
}

function navigation({ problems, timeline }: Report): Markup {
  const link = (id: string, title: string): Markup => html`<a href="#${id}">${title}</a>`;
  return html`<nav aria-label="Parts of the report">${when(problems.length > 0, () => link("problems", "Not checked"))}${link("findings", "Findings")}${when(timeline.length > 0, () => link("trend", "Trend"))}${link("coverage", "What ran")}${link("notes", "Notes")}</nav>`;
}

function problemsSection({ problems }: Report): Markup {
  if (problems.length === 0) return NOTHING;
  const items = problems.map((problem) => html`<li>${shorten(problem.message, 1000)}${remedyView(problem)}</li>`);
  return html`<section id="problems"><h2>Not checked</h2><ul class="problems">${items}</ul></section>`;
}

/** Hints of these problems may contain text from the checked code; all other remedies are our own text. */
function remedyView({ code, remedy }: Report["problems"][number]): Markup {
  if (remedy === null) return NOTHING;
  const isOurs = code !== "check-failed" && code !== "engine-failed" && code !== "shard-failed";
  return html`<p class="remark">${isOurs ? prose(remedy) : shorten(remedy, 1000)}</p>`;
}

function relaxationsSection({ relaxations }: Report): Markup {
  if (relaxations.length === 0) return NOTHING;
  const items = relaxations.map(
    (one) => html`<li>${shorten(relaxationInWords(one), 300)} <span class="place">${shorten(placeInWords(one), 300)}</span></li>`,
  );
  return html`<section id="relaxations"><h2>Added since the baseline, and hides errors</h2><ul>${items}</ul></section>`;
}

/** Notes that the tree of test files already shows. */
const SHOWN_ELSEWHERE = new Set(["left-out", "tests-chosen"]);

function notesSection({ notes, suppressed }: Report): Markup {
  const shown = notes.filter(({ code }) => !SHOWN_ELSEWHERE.has(code));
  const items = shown.map(({ message }) => html`<li>${shorten(message, 1000)}</li>`);
  const hidden = suppressed.map((one) => html`<li>${shorten(suppressedInWords(one), 300)}</li>`);
  const suppressions = when(
    hidden.length > 0,
    () =>
      html`<details><summary>Suppressions that hid errors <span class="count">${hidden.length}</span></summary><ul>${hidden}</ul></details>`,
  );
  return html`<section id="notes"><h2>Notes</h2>${items.length === 0 ? html`<p class="remark">None.</p>` : html`<ul>${items}</ul>`}${suppressions}</section>`;
}

function footer({ toolchain }: Report): Markup {
  const parts =
    toolchain === null
      ? []
      : [
          `CPython ${toolchain.version}`,
          `valgrind ${toolchain.valgrind}`,
          toolchain.compiler,
          toolchain.libc,
          toolchain.architecture,
          toolchain.configureArgs.join(" "),
        ];
  return html`<footer>${parts.filter((part) => part !== "").join(" · ")}</footer>`;
}
