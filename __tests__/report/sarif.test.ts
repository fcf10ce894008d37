import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { suite, test } from "node:test";
import Ajv from "ajv-draft-04";
import addFormats from "ajv-formats";
import fc from "fast-check";
import type { Log, Result } from "sarif";
import { type Report, reportProblem } from "../../src/report/report.ts";
import { sarifReport } from "../../src/report/sarif.ts";
import { hostileText } from "../support/hostile-text.ts";
import { AT_ROOT, VENDORED } from "../support/locate.ts";
import { failing, problem, report, reported } from "../support/reports.ts";

/** OASIS's own schema. */
const SCHEMA = createRequire(import.meta.url).resolve("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json");
const ajv = new Ajv.default({ strict: false, unicodeRegExp: false });
addFormats.default(ajv);
const isValid = ajv.compile(JSON.parse(readFileSync(SCHEMA, "utf8")));

/** As it is written, and held to the schema. */
function sarif(shown: Report, locate = AT_ROOT): Log {
  const log: Log = JSON.parse(JSON.stringify(sarifReport(shown, locate, (name) => `Lib/test/${name}.py`)));
  assert.ok(isValid(log), JSON.stringify(isValid.errors, null, 2));
  return log;
}

const resultsOf = (shown: Report, locate = AT_ROOT): readonly Result[] => sarif(shown, locate).runs[0]?.results ?? [];

suite("a report as SARIF", () => {
  test("an empty report as SARIF is valid, and has notifications for problems", () => {
    const log = sarif(report({ verdict: "inconclusive", problems: [problem("test_x was killed.", "Look.")] }));
    const [invocation] = log.runs[0]?.invocations ?? [];
    assert.equal(invocation?.executionSuccessful, false);
    assert.equal(invocation?.toolExecutionNotifications?.[0]?.message.text, "test_x was killed. Look.");
    assert.deepEqual(log.runs[0]?.results, []);
  });

  test("a report as SARIF names each thing that was not checked by a code, which the tool declares once", () => {
    const problems = ["test_x", "test_y"].map((name) => reportProblem({ code: "test-failed", test: name, engine: "memcheck" }));
    const [run] = sarif(report({ verdict: "inconclusive", problems: [...problems, reportProblem({ code: "nothing-checked" })] })).runs;
    assert.deepEqual(
      run?.tool.driver.notifications?.map(({ id }) => id),
      ["test-failed", "nothing-checked"],
    );
    assert.deepEqual(
      run?.invocations?.[0]?.toolExecutionNotifications?.map(({ descriptor, level }) => [descriptor, level]),
      [
        [{ id: "test-failed", index: 0 }, "warning"],
        [{ id: "test-failed", index: 0 }, "warning"],
        [{ id: "nothing-checked", index: 1 }, "warning"],
      ],
    );
  });

  test("a report as SARIF has the place, the rule, the signature and the stacks of each finding", () => {
    const further = [{ what: "Block was alloc'd at", frames: reported("maker").stack }];
    const finding = reported("f", { further, reproduce: "valgrind [x]" });
    const [result] = resultsOf(failing([finding]), VENDORED);
    assert.equal(result?.ruleId, "Leak");
    assert.equal(result?.message.text, "memory leak in f, 1 block, 24 bytes, in test.test_x.Tests.test_one");
    assert.deepEqual(Object.values(result?.partialFingerprints ?? {}), [finding.signature]);
    const place = { artifactLocation: { uri: "vendor/cpython/Modules/_x.c", uriBaseId: "%SRCROOT%" }, region: { startLine: 7 } };
    assert.deepEqual(result?.locations?.[0]?.physicalLocation, place);
    assert.deepEqual(
      result?.relatedLocations?.map(({ message }) => message?.text),
      ["f (Modules/_x.c:7)", "maker (Modules/_x.c:7)"],
    );
    assert.deepEqual(
      result?.stacks?.map(({ frames }) => frames[0]?.location?.logicalLocations?.[0]?.fullyQualifiedName),
      ["f", "maker"],
    );
    assert.equal(result?.properties?.reproduce, "valgrind [x]");
  });

  test("a report as SARIF distinguishes new from known by level and state, leaves out fixed findings, and marks accepted ones", () => {
    const statuses = ["new", "grown", "changed", "flaky", "accepted", "unrecorded", "known", "fixed"] as const;
    const acceptance = { reason: "immortal", expires: "2027-03-01" };
    const findings = statuses.map((status) => reported(status, { status, acceptance: status === "accepted" ? acceptance : null }));
    assert.deepEqual(
      resultsOf(failing(findings)).map(({ level, baselineState, suppressions }) => [
        level,
        baselineState,
        suppressions?.[0]?.justification,
      ]),
      [
        ["error", "new", undefined],
        ["error", "updated", undefined],
        ["warning", "updated", undefined],
        ["note", undefined, undefined],
        ["note", "unchanged", "immortal"],
        ["note", undefined, undefined],
        ["note", "unchanged", undefined],
      ],
    );
  });

  test("a report as SARIF has a rule for each class of errors, whatever the kind is called", () => {
    const kinds = ["Leak_DefinitelyLost", "Leak_PossiblyLost", "InvalidRead", "constructor", "Brand New"];
    const run = sarif(failing(kinds.map((kind) => reported(kind, { kind })))).runs[0];
    assert.deepEqual(
      run?.tool.driver.rules?.map(({ id }) => id),
      ["Leak", "InvalidRead", "constructor", "Brand New"],
    );
    assert.deepEqual(
      run?.results?.map(({ ruleIndex }) => ruleIndex),
      [0, 0, 1, 2, 3],
    );
    for (const rule of run?.tool.driver.rules ?? []) assert.match(rule.help?.text ?? "", /\w+.*\.$/);
  });

  test("a report as SARIF gives every result a place, since GitHub takes none without", () => {
    const site = { function: "f", file: null, line: null };
    const frame = { function: "f", file: "malloc.c", line: 3, object: null, role: null };
    const bare = reported("f", { site, stack: [frame] });
    const deeper = reported("f", { site, stack: [frame, { ...frame, file: "Modules/_x.c", line: 0 }] });
    const uris = resultsOf(failing([bare, deeper])).map(({ locations }) => locations?.[0]?.physicalLocation?.artifactLocation?.uri);
    assert.deepEqual(uris, ["Lib/test/test_x.py", "Modules/_x.c"]);
  });

  test("a report as SARIF has as many results as GitHub keeps, and says how many more there are", () => {
    const log = sarif(failing(Array.from({ length: 5002 }, (_, index) => reported(`f${index}`))));
    assert.equal(log.runs[0]?.results?.length, 5000);
    const [notification] = log.runs[0]?.invocations?.[0]?.toolExecutionNotifications ?? [];
    assert.match(notification?.message.text ?? "", /^2 more errors/);
    assert.deepEqual([notification?.descriptor, log.runs[0]?.tool.driver.notifications], [{ id: "cut", index: 0 }, [{ id: "cut" }]]);
  });

  test("a report as SARIF marks texts that were cut, so that half a command is not mistaken for a whole one", () => {
    const [result] = resultsOf(failing([reported("f", { reproduce: `valgrind ${"🐍".repeat(2000)} && rm x` })]));
    const { reproduce } = result?.properties ?? {};
    assert.ok(typeof reproduce === "string" && reproduce.endsWith("…") && reproduce.isWellFormed());
  });

  test("a report as SARIF is valid whatever the names are, links nowhere and hides nothing", () => {
    fc.assert(
      fc.property(hostileText, (evil) => {
        const frame = { function: evil, file: `x/${evil}`, line: 1, object: evil, role: null };
        const finding = reported("f", {
          ...{ kind: evil, what: evil, reproduce: evil, test: { file: evil, id: evil } },
          ...{ site: { function: evil, file: `x/${evil}`, line: 1 }, stack: [frame], further: [{ what: evil, frames: [frame] }] },
        });
        const log = sarif(report({ verdict: "new-errors", findings: [finding], problems: [problem(evil, evil)] }));
        assert.doesNotMatch(log.runs[0]?.results?.[0]?.message.text ?? "", /(?<!\\)(\\\\)*\]\(/);
        assert.doesNotMatch(JSON.stringify(log), /[\p{Cf}\u0085\u2028]/u);
      }),
    );
  });
});
