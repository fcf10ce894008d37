import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { htmlReport } from "../../../src/report/html/html-report.ts";
import { knownSince } from "../../../src/report/html/trend-section.ts";
import type { Report } from "../../../src/report/report.ts";
import { byClass, byId, byTag, elements, readPage } from "../../support/page.ts";
import { point, report, reported } from "../../support/reports.ts";

const leak = (blocks: number, signature = "0123456789abcdef") => ({ signature, function: "parse", blocks });
const at = (day: number, overrides: Partial<Report["timeline"][number]> = {}) =>
  point({ recordedAt: `2026-01-0${day}T03:04:05.000Z`, ...overrides });

suite("the trend in report.html", () => {
  test("the trend is left out without a timeline", () => {
    const page = readPage(htmlReport(report()));
    assert.deepEqual(
      elements(page, ({ attributes }) => attributes.id === "trend" || attributes.href === "#trend"),
      [],
    );
  });

  test("the trend has a bar for each recording, with a description for screen readers", () => {
    const kinds = (errors: number) => [{ kind: "InvalidRead", errors }];
    const trend = byId(readPage(htmlReport(report({ timeline: [at(1, { kinds: kinds(3) }), at(2, { kinds: kinds(1) })] }))), "trend");
    const [chart] = byClass(trend, "chart");
    assert.ok(chart);
    assert.equal(chart.attributes.role, "img");
    const described = (chart.attributes["aria-labelledby"] ?? "").split(" ").map((id) => byId(chart, id).text);
    assert.deepEqual(described, [
      "Known errors of each kind, by recording",
      "From 2026-01-01: invalid read 3. To 2026-01-02: invalid read 1.",
    ]);
    assert.deepEqual(
      byTag(chart, "g").map((bar) => byTag(bar, "title")[0]?.text),
      ["2026-01-01 03:04: invalid read 3", "2026-01-02 03:04: invalid read 1"],
    );
    const heights = byClass(chart, "c0").map(({ attributes }) => Number(attributes.height));
    assert.equal(Math.round((heights[0] ?? 0) / (heights[1] ?? 1)), 3);
  });

  test("the trend merges the smallest series if there are more than colors", () => {
    const kinds = Array.from({ length: 20 }, (_, index) => ({ kind: `Kind${index}`, errors: 20 - index }));
    const trend = byId(readPage(htmlReport(report({ timeline: [at(1, { kinds })] }))), "trend");
    const names = byTag(byClass(trend, "legend")[0] ?? trend, "li").map(({ text }) => text);
    assert.deepEqual(names, ["Kind0", "Kind1", "Kind2", "Kind3", "Kind4", "Kind5", "others"]);
    assert.match(byTag(trend, "desc")[0]?.text ?? "", /others 105/);
  });

  test("the trend has the blocks of each known leak, and their increase", () => {
    const trend = byId(readPage(htmlReport(report({ timeline: [at(1, { leaks: [leak(2)] }), at(2, { leaks: [leak(5)] })] }))), "trend");
    const [table] = byTag(trend, "tbody");
    assert.ok(table?.text.startsWith("parse 0123456789abcdef5 +3"), table?.text);
    assert.match(table?.text ?? "", /2 blocks at first, 5 blocks now/);
  });
});

test("the trend links a known leak to the finding that it was merged into, and links none that the page lacks", () => {
  const merged = reported("f", { status: "known" });
  const [occurrence] = merged.occurrences;
  assert.ok(occurrence);
  const findings = [{ ...merged, occurrences: [occurrence, { ...occurrence, signature: "0123456789abcdef" }] }];
  const leaks = [leak(3, merged.signature), leak(2), leak(1, "fedcba9876543210")];
  const page = readPage(htmlReport(report({ findings, timeline: [at(1, { leaks })] })));
  const links = byClass(byId(page, "trend"), "sig").map(({ attributes }) => attributes.href);
  assert.deepEqual(links, [`#f-${merged.signature}`, `#f-${merged.signature}`, undefined]);
  assert.ok(byId(page, `f-${merged.signature}`));
});

suite("since when a leak is known", () => {
  const since = (...timeline: Report["timeline"]): string => knownSince(timeline, "0123456789abcdef");

  test("a leak is known since the first recording after those without it", () => {
    assert.equal(since(at(1), at(2, { leaks: [leak(1)] }), at(3, { leaks: [leak(1)] })), "2026-01-02");
    assert.equal(since(at(1, { leaks: [leak(1)] }), at(2), at(3, { leaks: [leak(1)] })), "2026-01-03");
  });

  test("a leak may be older if the first recording has it, or an earlier one left out small leaks", () => {
    assert.equal(since(at(1, { leaks: [leak(1)] })), "2026-01-01 or earlier");
    assert.equal(since(at(1), at(2, { moreLeaks: 1 }), at(3, { leaks: [leak(1)] })), "2026-01-03 or earlier");
  });

  test("a leak that the last recording lacks has no date", () => {
    assert.equal(since(at(1, { leaks: [leak(1)] }), at(2)), "");
    assert.equal(since(), "");
  });
});
