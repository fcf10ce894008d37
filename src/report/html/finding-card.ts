// One finding of report.html: a summary line that opens to show all details.

import { isLeak } from "../../findings/segment.ts";
import { amountInWords, confidenceInWords, objectsInWords, occurrencesInWords, ownerInWords, spreadInWords } from "../describe.ts";
import { PASSES } from "../explanation.ts";
import { count, kindInWords, placeInWords, shorten, shortName } from "../format.ts";
import { findingStory } from "../markdown-finding.ts";
import { type ReportedFinding, shownFrames } from "../reported-finding.ts";
import { reproduceTitle } from "../reproduce-messages.ts";
import { html, type Markup, NOTHING, when } from "./markup.ts";

/** In characters: limit of a line that tests may have produced. */
const MAX_LINE = 1000;
/** Maximum number of other test files with the same bug, and of leaks in a burst. */
const MAX_OTHERS = 20;

/** Values that the filters compare. They are indices, because names are untrusted. */
export interface FilterKeys {
  readonly kind: number;
  readonly tests: readonly number[];
}

export interface CardContext {
  readonly keys: FilterKeys;
  /** The anchor; empty if another finding with the same signature has it. */
  readonly id: string;
  readonly isOpen: boolean;
  /** Rendered as plain text, which a browser shows quickly even for ten thousand findings. */
  readonly isPlain: boolean;
  /** Day since which the baseline has it; empty if unknown. */
  readonly since: string;
}

export function findingCard(finding: ReportedFinding, { keys, id, isOpen, isPlain, since }: CardContext): Markup {
  const { status, engine } = finding;
  const anchor = id === "" ? NOTHING : html` id="f-${id}"`;
  const open = isOpen ? html` open` : NOTHING;
  return html`<details class="finding ${status}"${anchor} data-s="${status}" data-e="${engine}" data-k="${keys.kind}" data-t=" ${keys.tests.join(" ")} "${open}>${headline(finding)}<div class="body">${isPlain ? plainBody(finding, since) : richBody(finding, since)}</div></details>
`;
}

function headline(finding: ReportedFinding): Markup {
  const { kind, site, test, engine } = finding;
  const where = site.file === null ? NOTHING : html`<span class="place">${shortName(placeInWords(site))}</span>`;
  return html`<summary><span class="what">${shortName(kindInWords(kind))} in <code>${shortName(site.function)}</code></span>${where}<span class="amount">${amountInWords(finding)}</span><span class="where">${shortName(test.id ?? test.file)} · ${engine}</span></summary>`;
}

function richBody(finding: ReportedFinding, since: string): Markup {
  return html`${remarks(finding, since)}
<div class="columns"><div>${excerptView(finding)}${objectsView(finding)}${rootsView(finding)}</div><div>${stackView(mainTitle(finding), shownFrames(finding))}${finding.further.map(({ what, frames }) => stackView(what, frames))}</div></div>
${occurrencesView(finding)}${commandView(reproduceTitle(finding.reproduce), finding.reproduce)}${suppressionView(finding)}`;
}

function plainBody(finding: ReportedFinding, since: string): Markup {
  const { reproduce, suppression } = finding;
  const facts = factsOf(finding, since).map(([name, value]) => `${name}: ${shorten(value, MAX_LINE)}`);
  const parts = [facts.join("\n"), findingStory(finding), reproduce, suppression ?? ""];
  return html`<pre tabindex="0">${parts.filter((part) => part !== "").join("\n\n")}</pre>`;
}

function mainTitle({ what, kind, status }: ReportedFinding): string {
  if (what !== "") return shorten(what, MAX_LINE);
  if (status === "fixed") return "Was allocated here";
  return isLeak(kind) ? "Allocated here, and never released" : "Here";
}

/** Test, confidence, owner, match in the baseline, acceptance and signature, as far as there is something to say. */
function factsOf(finding: ReportedFinding, since: string): readonly (readonly [string, string])[] {
  const { match, acceptance, signature, test } = finding;
  const matched = match === null || match.pass === "exact" ? "" : matchInWords(match);
  const facts: readonly (readonly [string, string])[] = [
    ["test", test.id === null ? test.file : `${test.id} (${test.file})`],
    ["seen", [spreadInWords(finding), confidenceInWords(finding)].filter((part) => part !== "").join(", ")],
    ["owner", ownerInWords(finding)],
    ["matched with", matched],
    ["known since", since],
    ["accepted", acceptance === null ? "" : `until ${acceptance.expires}: ${acceptance.reason}`],
    ["signature", signature],
  ];
  return facts.filter(([, value]) => value !== "");
}

function remarks(finding: ReportedFinding, since: string): Markup {
  const rows = factsOf(finding, since).map(([name, value]) => html`<div><dt>${name}</dt><dd>${shorten(value, MAX_LINE)}</dd></div>`);
  return html`<dl class="facts">${rows}</dl>`;
}

function matchInWords({ signature, pass, similarity }: NonNullable<ReportedFinding["match"]>): string {
  return `${signature} of the baseline: ${PASSES[pass]}${pass === "similar" ? ` (${Math.round(similarity * 100)} %)` : ""}`;
}

function excerptView({ excerpt, site, place }: ReportedFinding): Markup {
  if (excerpt === null) return NOTHING;
  const changed = place !== null && place.file === site.file ? place.line : null;
  const lines = excerpt.lines.map((text, index) => {
    const number = excerpt.first + index;
    const mark = number === site.line ? "hit" : number === changed ? "changed" : "";
    return html`<span class="${mark}"><i>${number}</i>${text}
</span>`;
  });
  return html`<figure class="source"><figcaption>${shortName(placeInWords(site))}</figcaption><pre tabindex="0">${lines}</pre></figure>`;
}

function objectsView(finding: ReportedFinding): Markup {
  const items = objectsInWords(finding).map(([object, python]) => {
    const lines = python.length === 0 ? NOTHING : html`<pre>${shorten(python.join("\n"), MAX_LINE)}</pre>`;
    return html`<li>${shorten(object, MAX_LINE)}${lines}</li>`;
  });
  return when(items.length > 0, () => html`<h4>Objects</h4><ul class="objects">${items}</ul>`);
}

function rootsView({ roots }: ReportedFinding): Markup {
  if (roots.length === 0) return NOTHING;
  const items = roots
    .slice(0, MAX_OTHERS)
    .map(
      ({ site, blocks, bytes }) =>
        html`<li><code>${shortName(site.function)}</code> ${placeInWords(site)}, ${count(blocks, "block")}, ${count(bytes, "byte")}</li>`,
    );
  return html`<h4>${count(roots.length, "leak")} from one test, reported as one</h4><ol>${items}</ol>${moreOf(roots.length, MAX_OTHERS)}`;
}

function stackView(title: string, frames: ReportedFinding["stack"]): Markup {
  if (frames.length === 0) return NOTHING;
  const items = frames.map((frame) => {
    const where = frame.file === null ? (frame.object?.split("/").at(-1) ?? "") : placeInWords(frame);
    const role = frame.role === "key" ? "key" : frame.role === null ? "" : "aside";
    return html`<li class="${role}"><code>${shortName(frame.function)}</code> <span class="place">${shorten(where, MAX_LINE)}</span></li>`;
  });
  return html`<h4>${shorten(title, MAX_LINE)}</h4><ol class="stack">${items}</ol>`;
}

function occurrencesView(finding: ReportedFinding): Markup {
  const others = occurrencesInWords(finding);
  if (others.length === 0) return NOTHING;
  const items = others.slice(0, MAX_OTHERS).map((line) => html`<li>${shorten(line, MAX_LINE)}</li>`);
  return html`<h4>Also seen in</h4><ul class="others">${items}</ul>${moreOf(others.length, MAX_OTHERS)}`;
}

function moreOf(all: number, shown: number): Markup {
  return when(all > shown, () => html`<p class="remark">${all - shown} more in report.json.</p>`);
}

function commandView(title: string, text: string): Markup {
  return html`<h4>${title}</h4><div class="command"><pre tabindex="0">${text}</pre></div>`;
}

function suppressionView({ suppression }: ReportedFinding): Markup {
  if (suppression === null) return NOTHING;
  return html`<details class="suppression"><summary>Suppression</summary><div class="command"><pre tabindex="0">${suppression}</pre></div></details>`;
}
