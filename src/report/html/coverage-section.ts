// The tree of test files that ran, and of those that did not run, with reasons.

import type { EngineName } from "../../model/engine-name.ts";
import { explainTest } from "../affected-messages.ts";
import { childCountsInWords } from "../child-messages.ts";
import { skipInWords } from "../describe.ts";
import { count, secondsInWords, shorten, shortName } from "../format.ts";
import type { Report, ReportedTest } from "../report.ts";
import { html, type Markup, NOTHING, when } from "./markup.ts";

export function coverageSection(report: Report): Markup {
  const engines = Object.entries(Object.groupBy(report.tests, ({ engine }) => engine));
  const ran = engines.map(([, tests = []]) => engineView(tests));
  const nothing = when(ran.length === 0, () => html`<p class="remark">No test file ran.</p>`);
  return html`<section id="coverage"><h2>What ran</h2>${nothing}<div class="tree">${ran}${buildView(report)}</div>
${leftOutView(report)}${affectedView(report)}</section>`;
}

const ENGINES: Readonly<Record<EngineName, string>> = {
  memcheck: "Memcheck",
  scan: "Leak scan",
  torture: "Torture",
  lifecycle: "Start and shutdown",
};

/** Worst first. */
const OUTCOMES = ["incomplete", "crashed", "timeout", "stopped", "failed", "skipped", "passed"] as const;

type Outcome = (typeof OUTCOMES)[number];

function outcomeOf({ incomplete, status }: ReportedTest): Outcome {
  return incomplete === null ? status : "incomplete";
}

function engineView(tests: readonly ReportedTest[]): Markup {
  const [first] = tests;
  if (first === undefined) return NOTHING;
  const groups = OUTCOMES.map((outcome) => [outcome, tests.filter((test) => outcomeOf(test) === outcome)] as const).filter(
    ([, own]) => own.length > 0,
  );
  const seconds = tests.reduce((sum, test) => sum + test.seconds, 0);
  const results = groups.map(
    ([outcome, own]) => html` <span class="outcome ${outcome}">${own.length.toLocaleString("en-US")} ${outcome}</span>`,
  );
  return html`<details class="engine"><summary><b>${ENGINES[first.engine]}</b> <span class="count">${count(tests.length, "run")}, ${secondsInWords(seconds)}</span>${proportions(groups)}${results}</summary>
${groups.map(([outcome, own]) => outcomeView(outcome, own))}<p class="remark">${costsInWords(tests)}</p></details>`;
}

/** In pixels. */
const BAR_WIDTH = 120;

function proportions(groups: readonly (readonly [Outcome, readonly ReportedTest[]])[]): Markup {
  const all = groups.reduce((sum, [, own]) => sum + own.length, 0);
  const widths = groups.map(([, own]) => Math.max(2, (own.length / all) * BAR_WIDTH));
  const scale = BAR_WIDTH / widths.reduce((sum, width) => sum + width, 0);
  const rects = groups.map(([outcome], index) => {
    const x = widths.slice(0, index).reduce((sum, width) => sum + width, 0) * scale;
    return html`<rect class="${outcome}" x="${x.toFixed(1)}" width="${((widths[index] ?? 0) * scale).toFixed(1)}" height="6"/>`;
  });
  return html`<svg class="share" width="${BAR_WIDTH}" height="6" aria-hidden="true">${rects}</svg>`;
}

/** Passed and skipped test files as a list of names, all others with the reason. */
function outcomeView(outcome: Outcome, tests: readonly ReportedTest[]): Markup {
  const sorted = tests.toSorted((a, b) => b.seconds - a.seconds);
  const isBrief = outcome === "passed" || outcome === "skipped";
  const items = sorted.map((test) => (isBrief ? briefItem(test) : detailedItem(test)));
  return html`<details${isBrief ? NOTHING : html` open`}><summary><span class="outcome ${outcome}">${outcome}</span> <span class="count">${tests.length.toLocaleString("en-US")}</span></summary><ul class="${isBrief ? "names" : "reasons"}">${items}</ul></details>`;
}

function briefItem({ name, seconds }: ReportedTest): Markup {
  return html`<li><code>${shortName(name)}</code> ${secondsInWords(seconds)}</li>`;
}

function detailedItem(test: ReportedTest): Markup {
  const { name, seconds, incomplete, log, lastWords, children } = test;
  const why = incomplete === null ? "" : shorten(incomplete.message, 1000);
  const followed = children === null ? NOTHING : html`<p class="remark">${childCountsInWords(children)}</p>`;
  const file = log === null ? NOTHING : html`<p class="remark">Full log: <code>${log}</code></p>`;
  const end = when(
    lastWords.length > 0,
    () => html`<details><summary>End of its log</summary><pre tabindex="0">${lastWords.join("\n")}</pre>${file}</details>`,
  );
  return html`<li><code>${shortName(name)}</code> ${secondsInWords(seconds)} <span class="why">${why}</span>${followed}${end}</li>`;
}

function costsInWords(tests: readonly ReportedTest[]): string {
  const sum = (of: (test: ReportedTest) => number): string => secondsInWords(tests.reduce((total, test) => total + of(test), 0));
  const parts = [
    `start ${sum(({ costs }) => costs.start)}`,
    `tests ${sum(({ seconds, costs }) => Math.max(0, seconds - costs.leakChecks))}`,
    `leak checks ${sum(({ costs }) => costs.leakChecks)}`,
    `reading reports ${sum(({ costs }) => costs.reading)}`,
  ];
  return `Total time, including parallel runs: ${parts.join(", ")}.`;
}

function buildView({ build }: Report): Markup {
  if (build === null) return NOTHING;
  return html`<p class="engine"><b>Build</b> <span class="count">${build.kind}, ${secondsInWords(build.seconds)}</span></p>`;
}

/** Everything that was selected and did not run. */
function leftOutView({ skipped, notes, problems }: Report): Markup {
  const reasons: readonly (readonly [string, readonly string[]])[] = [
    ["Missing", problems.flatMap((problem) => (problem.code === "test-missing" ? [problem.message] : []))],
    ["Skipped by .memcheck.toml", skipped.map(skipInWords)],
    ["Unsuitable", notes.flatMap((note) => (note.code === "left-out" ? [note.message] : []))],
    ["No time left", notes.flatMap((note) => (note.code === "memcheck-budget" ? note.leftOut : []))],
  ];
  const groups = reasons.filter(([, lines]) => lines.length > 0);
  if (groups.length === 0) return NOTHING;
  const views = groups.map(
    ([title, lines]) =>
      html`<details><summary>${title} <span class="count">${lines.length.toLocaleString("en-US")}</span></summary><ul class="reasons">${lines.map((line) => html`<li>${shorten(line, 1000)}</li>`)}</ul></details>`,
  );
  return html`<h3>Did not run</h3><div class="tree">${views}</div>`;
}

function affectedView({ affected, notes }: Report): Markup {
  if (affected === null) return NOTHING;
  const remarks = notes.flatMap((note) => (note.code === "tests-chosen" ? [html`<p class="remark">${note.message}</p>`] : []));
  const items = affected.map(({ test }) => {
    const [, ...causes] = explainTest(test, affected);
    return html`<li><code>${shortName(test)}</code> <span class="why">${causes.map((cause) => shorten(cause.trim(), 300)).join("; ")}</span></li>`;
  });
  return html`<h3>Chosen for this change</h3>${remarks}<details><summary>Why each test file ran <span class="count">${affected.length}</span></summary><ul class="reasons">${items}</ul></details>`;
}
