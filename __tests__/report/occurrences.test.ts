import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { groupBySite } from "../../src/report/occurrences.ts";
import type { ReportedFinding } from "../../src/report/reported-finding.ts";
import { reported } from "../support/reports.ts";

const LIST = { type: "list", refcount: 1 };

/** A leak of one site, found in this test file. */
const leakIn = (file: string, overrides: Partial<ReportedFinding> = {}): ReportedFinding =>
  reported("f", { test: { file, id: `test.${file}.T.test_a` }, objects: [LIST], ...overrides });

const filesOf = (findings: readonly ReportedFinding[]): string[][] =>
  findings.map(({ occurrences }) => occurrences.map(({ test: { file } }) => file));

suite("findings of one site, kind, leaked type and outcome", () => {
  test("findings of one site, kind, leaked type and outcome are one, shown as the worst, with all as occurrences", () => {
    const [worst, other, third] = [
      leakIn("test_a", { blocks: 5, bytes: 500 }),
      leakIn("test_b", { blocks: 3, bytes: 30, signature: "0123456789abcdef" }),
      leakIn("test_c", { blocks: 1, bytes: 4 }),
    ] as const;
    const findings = groupBySite([worst, other, third]);
    const occurrences = [worst, other, third].flatMap((one) => one.occurrences);
    assert.deepEqual(findings, [{ ...worst, blocks: 9, bytes: 534, occurrences }]);
    assert.deepEqual(
      occurrences.map(({ test: { file }, signature, blocks, bytes }) => [file, signature, blocks, bytes]),
      [
        ["test_a", worst.signature, 5, 500],
        ["test_b", "0123456789abcdef", 3, 30],
        ["test_c", worst.signature, 1, 4],
      ],
    );
  });

  test("findings of one bug are merged, at the place of the worst of them", () => {
    const other = reported("g");
    const findings = groupBySite([leakIn("test_a"), other, leakIn("test_b")]);
    assert.deepEqual(
      findings.map(({ site }) => site.function),
      ["f", "g"],
    );
    assert.deepEqual(filesOf(findings), [["test_a", "test_b"], ["test_x"]]);
  });

  test("findings of one bug are shown as memcheck saw the first of them, even if the scan saw a worse one", () => {
    const scanned = leakIn("test_a", { engine: "scan", blocks: 9, reproduce: "the scan" });
    const seen = ["test_b", "test_c"].map((file) => leakIn(file, { blocks: 2, reproduce: `memcheck ${file}` }));
    const [finding, ...others] = groupBySite([scanned, ...seen]);
    assert.deepEqual([finding?.engine, finding?.reproduce, finding?.test.file, others], ["memcheck", "memcheck test_b", "test_b", []]);
    assert.deepEqual(
      finding?.occurrences.map(({ engine, test: { file } }) => [engine, file]),
      [
        ["memcheck", "test_b"],
        ["scan", "test_a"],
        ["memcheck", "test_c"],
      ],
    );
    assert.equal(finding?.blocks, 13);
  });

  test("merged findings of one bug have the baseline blocks of all of them, and null if it has none", () => {
    const grown = { status: "grown" } as const;
    const before = (...blocks: readonly (number | null)[]) =>
      groupBySite(blocks.map((blocksBefore, index) => leakIn(`test_${index}`, { ...grown, blocksBefore })))[0]?.blocksBefore;
    assert.deepEqual([before(2, 3), before(2, null), before(null, null)], [5, 2, null]);
  });

  test("findings of one bug are one whatever memcheck calls a lost block", () => {
    const kinds = ["Leak_DefinitelyLost", "Leak_PossiblyLost"];
    assert.equal(groupBySite(kinds.map((kind) => leakIn("test_a", { kind }))).length, 1);
  });
});

suite("findings of different bugs", () => {
  const base = leakIn("test_a");
  const others: Readonly<Record<string, Partial<ReportedFinding>>> = {
    "of another leaked type": { objects: [{ type: "dict", refcount: 1 }] },
    "of a type that is not known": { objects: [] },
    "with another status": { status: "grown" },
    "that is not confirmed": { confirmed: false },
    "of another kind": { kind: "InvalidRead" },
    "at another line": { site: { ...base.site, line: 8 } },
    "in another file": { site: { ...base.site, file: "Modules/_y.c" } },
    "in another function": { site: { ...base.site, function: "g" } },
  };
  for (const [what, change] of Object.entries(others)) {
    test(`a finding ${what} stays separate`, () => {
      const other = leakIn("test_b", change);
      assert.deepEqual(groupBySite([base, other]), [base, other]);
    });
  }

  test("findings of other tests or signatures stay separate if their site is in no known file", () => {
    const nowhere = { site: { function: "f", file: null, line: null } };
    const findings = [
      leakIn("test_a", nowhere),
      leakIn("test_b", nowhere),
      leakIn("test_b", { ...nowhere, signature: "0123456789abcdef" }),
    ];
    assert.deepEqual(groupBySite(findings), findings);
  });

  test("findings that represent bursts of leaks, each of one test, stay separate", () => {
    const { signature, kind, site, blocks, bytes } = base;
    const bursts = ["test_a", "test_b"].map((file) => leakIn(file, { roots: [{ signature, kind, site, blocks, bytes }] }));
    assert.deepEqual(groupBySite(bursts), bursts);
  });
});

test("one bug has the suppressions of all its paths, each once", () => {
  const [one, other] = ["{\n   a\n}\n", "{\n   b\n}"];
  const findings = [one, one, other].map((suppression, index) => leakIn(`test_${index}`, { suppression }));
  assert.equal(groupBySite(findings)[0]?.suppression, `${one}${other}\n`);
});
