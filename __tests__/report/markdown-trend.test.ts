import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { markdownReport } from "../../src/report/markdown.ts";
import { trendPart } from "../../src/report/markdown-trend.ts";
import { hostileText } from "../support/hostile-text.ts";
import { point, report } from "../support/reports.ts";

const at = (recordedAt: string, errors: number, kind = "InvalidRead") => point({ recordedAt, kinds: [{ kind, errors }] });

suite("the trend in the step summary", () => {
  test("the trend is empty without a recording", () => {
    assert.deepEqual(trendPart(report()), [""]);
  });

  test("the trend of one recording is a table of kinds", () => {
    const [text] = trendPart(report({ timeline: [at("2026-01-02T03:04:05.000Z", 3)] }));
    assert.ok(text.includes("| invalid read | 3 |"));
    assert.ok(!text.includes("mermaid"));
  });

  test("the trend of several recordings is a chart with a unique label for each bar", () => {
    const times = ["2026-01-02T03:04:05.000Z", "2026-01-02T09:00:00.000Z", "2026-01-03T03:04:05.000Z"];
    const text = markdownReport(report({ timeline: times.map((time, index) => at(time, index + 1)) }));
    assert.match(
      text,
      /```mermaid\nxychart-beta\n {2}title "[\w ]+"\n {2}x-axis \["01-02", "01-02 \(2\)", "01-03"\]\n {2}y-axis "errors" 0 --> 3\n {2}bar \[1, 2, 3\]\n```\n/,
    );
  });

  test("the trend has only the last recordings", () => {
    const times = Array.from({ length: 50 }, (_, index) => new Date(Date.UTC(2026, 0, 1 + index)).toISOString());
    const [text] = trendPart(report({ timeline: times.map((time, index) => at(time, index)) }));
    assert.match(text, /bar \[38, 39, .*, 49\]/);
  });

  test("the chart of the trend contains no text of the report", () => {
    fc.assert(
      fc.property(hostileText, hostileText, (time, kind) => {
        const [text] = trendPart(report({ timeline: [at(time, 1, kind), at(time, 2, kind)] }));
        assert.match(text, /x-axis \["\?", "\? \(2\)"\]/);
      }),
    );
  });
});
