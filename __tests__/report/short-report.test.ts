import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { markdownReport } from "../../src/report/markdown.ts";
import type { Report } from "../../src/report/report.ts";
import type { ReportedFinding } from "../../src/report/reported-finding.ts";
import { commentReport } from "../../src/report/short-report.ts";
import { failing, problem, report, reported } from "../support/reports.ts";

/** GitHub refuses a comment of more. */
const MAX_CHARACTERS = 65_536;

const comment = (shown: Report): string => commentReport(shown, { title: "Memcheck", key: "" }, { sha: "abc", url: "https://x" });

/** As a template of C++ has them: each frame of one name that fills a page. */
function templates(number: number, name: string): ReportedFinding["stack"] {
  const endless = `${name}<${"std::vector<int>, ".repeat(130)}>`;
  return Array.from({ length: number }, (_, index) => ({
    function: endless,
    file: "m.cpp",
    line: index + 1,
    object: null,
    role: "key" as const,
  }));
}

function endless(name: string): ReportedFinding {
  const further = ["freed", "allocated"].map((what) => ({ what, frames: templates(15, name) }));
  const suppression = `{\n   x\n   Memcheck:Leak\n${`   fun:_Z${"N3ext".repeat(400)}\n`.repeat(60)}}\n`;
  return reported(name, { stack: templates(30, name), further, suppression });
}

suite("findings with endless stacks", () => {
  for (const number of [1, 5, 30]) {
    const findings = Array.from({ length: number }, (_, index) => endless(`leaky_${index}`));
    test(`findings with endless stacks all have their headline in the comment and the summary if there are ${number}`, () => {
      const texts = [comment(failing(findings)), markdownReport(failing(findings))];
      assert.ok((texts[0]?.length ?? MAX_CHARACTERS) < MAX_CHARACTERS);
      for (const { site } of findings) for (const text of texts) assert.ok(text.includes(site.function), site.function);
    });
  }

  test("findings with endless stacks show their frames, each cut", () => {
    const text = comment(failing([endless("leaky")]));
    assert.equal(text.match(/^ {4}leaky<.{100,200}… \(m\.cpp:\d+\)$/gm)?.length, 60);
  });

  test("findings with endless stacks keep their headline beside endless problems", () => {
    const problems = Array.from({ length: 300 }, (_, index) => problem(`test_${index}: ${"it crashed ".repeat(100)}`));
    const text = comment({ ...failing([endless("leaky")]), problems });
    assert.ok(text.length < MAX_CHARACTERS);
    for (const part of ["leaky", "test\\_0", "and 280 more"]) assert.ok(text.includes(part), part);
  });

  test("findings with endless stacks never have a suppression that is cut", () => {
    const { suppression } = endless("leaky");
    const text = comment(failing([endless("leaky")]));
    assert.ok(text.includes(suppression ?? "") || !text.includes("fun:"));
  });
});

test("a comment says why the check is inconclusive and what a change hides, however many harmless findings it also lists", () => {
  const name = (index: number): string => `${index}${"_long_name".repeat(30)}`;
  const findings = Array.from({ length: 250 }, (_, index) =>
    reported(name(index), {
      status: "warning",
      site: { function: name(index), file: `${name(index)}.c`, line: 1 },
      test: { file: name(index), id: null },
    }),
  );
  const relaxations: Report["relaxations"] = [{ kind: "accept", title: "0123456789abcdef", file: ".memcheck.toml", line: 3 }];
  const shown = report({ verdict: "inconclusive", findings, relaxations, problems: [problem("The reason.")] });
  for (const text of [comment(shown), markdownReport(shown)])
    for (const part of ["The reason.", "accepted finding 0123456789abcdef"]) assert.ok(text.includes(part), part);
  assert.ok(comment(shown).length < MAX_CHARACTERS);
});
