// Attacks by names and texts of the checked code, in all outputs that people or programs read.

import { join } from "node:path";
import { logText } from "../../src/report/escape.ts";
import { htmlReport } from "../../src/report/html/html-report.ts";
import { markdownReport } from "../../src/report/markdown.ts";
import { type Report, reportNote, reportProblem } from "../../src/report/report.ts";
import type { ReportedFinding } from "../../src/report/reported-finding.ts";
import { sarifReport } from "../../src/report/sarif.ts";
import { commentReport } from "../../src/report/short-report.ts";
import { PLAIN } from "../../src/report/style.ts";
import { textReport } from "../../src/report/text.ts";
import { run } from "../support/command.ts";
import { AT_ROOT, BY_NAME } from "../support/locate.ts";
import { readPage, skeletonOf } from "../support/page.ts";
import { note, point, problem, report, reported, testOf } from "../support/reports.ts";
import type { Attack, Group } from "./attack.ts";

const ANNOTATE = join(import.meta.dirname, "..", "hosts", "github", "programs", "annotate.ts");

const PAYLOADS: Readonly<Record<string, string>> = {
  "an escape code that renames the terminal": "\u001b]0;owned\u0007\u001b[2J",
  "a carriage return and text that overwrites the line": "x\r\u001b[1A0 new errors",
  "characters that reverse the direction of text": "\u202egreen\u2066\u2069\u200f",
  "invisible characters and lone surrogates": "a\u200bb\ufeffc\u{e0041}\ud800\u0000",
  "a workflow command": "\n::error file=x,line=1::owned\n::set-output name=verdict::clean",
  "workflow commands after blanks and other line ends": "\r\n \t::stop-commands::x\u2028::add-mask::e\u0085##[error]x",
  "an escaped workflow command": "%0A::error::x%0D%3A%3Aset-env name=PATH::/tmp",
  "the end of a command's properties": "a,title=b::owned",
  "HTML with a script, and the ends of the surrounding elements":
    '</code></summary></details><script>alert(1)</script><img src=x onerror="a">',
  "an HTML comment that hides the rest": "<!-- ",
  "a link, an image and an autolink":
    "[click](https://evil.example) ![x](https://evil.example/x.png) <https://evil.example> www.evil.example",
  "mentions of people, teams, issues and commits": "@torvalds @org/team #1 GH-1 org/repo#1 0123456789abcdef0123456789abcdef01234567",
  "the ends of code, tables and blocks": "``` \n```\n| a | b |\n`` ` \\`\n~~~\n---\n# heading\n1. list",
  "the marker of our own comments": "\n<!-- cpython-memcheck 0123456789abcdef -->\n",
  "a path out of the checkout, and one with a scheme": "../../../etc/passwd javascript:alert(1) file:///etc/passwd",
  "shell commands": "$(touch /tmp/owned) `id` ; rm -rf ~ | & > x",
  "thousands of characters": "A`|<@".repeat(200),
};

/** A report with the text in each place where untrusted text can be. */
function reportWith(text: string): Report {
  const site = { function: text, file: `Modules/${text}`, line: 7 };
  const frame = { ...site, object: text, role: null } as const;
  const one: ReportedFinding = reported(text, {
    ...{ kind: text, what: text, site, place: { file: text, line: 3 }, suppression: text, reproduce: text, stack: [frame, frame] },
    test: { file: text, id: text },
    further: [{ what: text, frames: [frame] }],
    objects: [{ type: text, refcount: 1, repr: text, python: [text] }],
    roots: [{ signature: text, kind: text, site, blocks: 1, bytes: 1 }],
    match: { pass: "similar", similarity: 0.8, signature: text, segment: [text] },
    acceptance: { reason: text, expires: text },
    excerpt: { first: 7, lines: [text] },
  });
  const statuses = ["new", "grown", "known", "fixed", "flaky", "unrecorded", "changed", "accepted"] as const;
  return report({
    verdict: "new-errors",
    problems: [
      problem(text, text),
      reportProblem({ code: "test-incomplete", test: text, engine: "scan", incomplete: { code: "not-started", detail: text } }),
      reportProblem({ code: "stopped", why: { code: "signal", signal: text }, unfinished: [text] }),
    ],
    notes: [note(text), reportNote({ code: "left-out", test: text, engine: "scan", reason: text })],
    baseline: { sha: text, recordedAt: text, origin: { commit: text, mergeBase: text, distance: 1, run: text } },
    tests: [testOf(text, { incomplete: { code: "report-damaged", detail: text, message: text }, log: text, lastWords: [text] })],
    findings: statuses.map((status) => ({ ...one, status })),
    skipped: [{ test: text, engine: "scan", reason: text, expires: text }],
    relaxations: [{ kind: "skip", title: text, file: text, line: 1 }],
    suppressed: [{ engine: "memcheck", name: text, tests: 1, testsBefore: 0 }],
    affected: [{ test: text, causes: [{ code: "function", name: text }] }],
    timeline: [1, 2].map(() =>
      point({ recordedAt: text, sha: text, kinds: [{ kind: text, errors: 1 }], leaks: [{ signature: text, function: text, blocks: 1 }] }),
    ),
  });
}

/** The elements of a page with harmless names. */
const PAGE_SKELETON = skeletonOf(readPage(htmlReport(reportWith("harmless"))));

/** For each output, the first part that is not plain text, if any. */
const CHANNELS: Readonly<Record<string, (shown: Report) => string | undefined | Promise<string | undefined>>> = {
  terminal: (shown) => /[^\P{C}\n]/u.exec(textReport(shown, PLAIN))?.[0],
  log: (shown) => /^\s*::.*|##\[/m.exec(logText(textReport(shown, PLAIN)))?.[0],
  summary: (shown) => activeMarkupIn(markdownReport(shown)),
  comment: (shown) =>
    activeMarkupIn(
      commentReport(shown, { title: "Memcheck", key: "" }, { sha: "abc", url: "https://x" })
        .replace(/^<!-- .* -->\n/, "")
        .replace("](https://x)", ""),
    ),
  page: (shown) => {
    const page = htmlReport(shown);
    if (skeletonOf(readPage(page)) !== PAGE_SKELETON) return "the elements differ from those of a page with harmless names";
    return /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.exec(page)?.[0];
  },
  SARIF: (shown) =>
    [...JSON.stringify(sarifReport(shown, AT_ROOT, BY_NAME)).matchAll(/"uri":"((?:[^"\\]|\\.)*)"/g)]
      .map(([, uri = ""]) => uri)
      .find((uri) => /^\w+:|^\/|[\s<>"]/.test(uri)),
  annotations: async (shown) => {
    const { stdout } = await run(process.execPath, [ANNOTATE, JSON.stringify({ ...shown, findings: shown.findings.slice(0, 1) })]);
    return stdout.split(/[\r\n\u2028\u2029\u0085]/).find((line) => line !== "" && !/^::(error|warning|notice) title=[^:]*::/.test(line));
  },
};

/** HTML, links or mentions in markdown, outside of code. */
function activeMarkupIn(markdown: string): string | undefined {
  const blocks = markdown.replace(/^(`{3,})text\n[\s\S]*?\n\1$/gm, "");
  // GitHub reads no markdown in a summary, but HTML, and finds people and links.
  const summaries = blocks.match(/<summary>.*<\/summary>/g) ?? [];
  const prose = blocks.replace(/<summary>.*<\/summary>/g, "").replace(/(?<![`\\])(`+)(?!`)([\s\S]*?[^`])\1(?!`)/g, "");
  const own = [prose, ...summaries].join("\n").replace(/<\/?(details( open)?|summary|b|code|sub)>/g, "");
  return (/(?<!\\)\]\([^)]*/.exec(prose) ?? /<[a-z!/][^>]{0,40}|@\w+|https?:|www\./i.exec(own))?.[0];
}

function shows(what: string, text: string): Attack {
  return {
    name: `names and texts with ${what}`,
    must: "it is plain text in the terminal, log, summary, comment, page, SARIF and annotations",
    attempt: async () => {
      const shown = reportWith(text);
      for (const [channel, inspect] of Object.entries(CHANNELS)) {
        const found = await inspect(shown);
        if (found !== undefined) throw new Error(`${channel}: ${JSON.stringify(found.slice(0, 60))}`);
      }
      return `plain text in ${Object.keys(CHANNELS).length} places`;
    },
  };
}

export const WORDS: Group = {
  title: "Names and texts",
  attacks: Object.entries(PAYLOADS).map(([what, text]) => shows(what, text)),
};
