import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { Ajv } from "ajv";
import { reportSchemaText } from "../../scripts/report-schema.ts";
import { failedReport } from "../../src/report/report.ts";
import { ROOT } from "../support/command.ts";
import { failing, note, problem, report, reported, testOf } from "../support/reports.ts";

const text = readFileSync(join(ROOT, "docs", "report.schema.json"), "utf8");
const isValid = new Ajv({ strict: false }).compile(JSON.parse(text));

suite("docs/report.schema.json", () => {
  test("docs/report.schema.json is made of the schema that the check writes by (npm run build makes it)", () =>
    assert.equal(text, reportSchemaText()));

  test("docs/report.schema.json takes reports of all three verdicts, and of a check that failed", () => {
    const incomplete = { code: "timeout", seconds: 9, message: "it took longer than 9 s and was killed" } as const;
    const reports = [
      report({ notes: [note("A note.")] }),
      failing([reported("f")]),
      report({ verdict: "inconclusive", problems: [problem("It failed.", "Try again.")], tests: [testOf("test_x", { incomplete })] }),
      failedReport({ code: "nothing-checked" }),
    ];
    for (const one of reports) assert.equal(isValid(one), true, JSON.stringify(isValid.errors));
  });

  test("docs/report.schema.json refuses a problem without a code, and one whose code is unknown", () => {
    const { code: _, ...codeless } = problem("It failed.");
    for (const one of [codeless, { ...problem("It failed."), code: "unheard-of" }])
      assert.equal(isValid({ ...report(), problems: [one] }), false);
  });
});
