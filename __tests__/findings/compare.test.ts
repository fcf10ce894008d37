import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { type Compared, compare, confirm } from "../../src/findings/compare.ts";
import { recordInto } from "../../src/findings/record-baseline.ts";
import type { Finding } from "../../src/model/finding.ts";
import { baseline, counterpart, entry, finding, IDENTITY, inTest, recordedTest } from "../support/builders.ts";

const FILES = ["test_a", "test_b", "test_c"];

/** What complete runs of all files found. */
const found: fc.Arbitrary<Finding[]> = fc
  .uniqueArray(fc.record({ file: fc.constantFrom(...FILES), name: fc.constantFrom("f", "g", "h", "i"), blocks: fc.nat(5) }), {
    selector: ({ file, name }) => `${file} ${name}`,
    maxLength: 12,
  })
  .map((list) => list.map(({ file, name, blocks }) => finding(name, { ...inTest(file), blocks })));

function recorded(findings: readonly Finding[]) {
  const tests = FILES.map((name) => recordedTest({ name }));
  return recordInto(undefined, {
    identity: IDENTITY,
    sha: null,
    content: null,
    recordedAt: "",
    tests,
    findings,
    functions: [],
    relaxations: [],
    suppressed: [],
  });
}

const withStatus = (compared: readonly Compared[], status: Compared["status"]): string[] =>
  compared.filter((one) => one.status === status).map((one) => `${one.finding.test.file} ${one.finding.signature}`);

suite("comparing", () => {
  test("a run that is compared with the baseline recorded of it has nothing new, grown or fixed", () => {
    fc.assert(
      fc.property(found, (findings) => {
        const comparison = compare(recorded(findings), FILES, findings);
        assert.deepEqual(
          comparison.compared.map(({ status }) => status),
          findings.map(() => "known"),
        );
        assert.deepEqual([comparison.fixed, comparison.unrecorded], [[], { tests: [], found: [] }]);
      }),
    );
  });

  test("a finding that is new in one direction is fixed in the other", () => {
    fc.assert(
      fc.property(found, found, (one, other) => {
        const added = withStatus(compare(recorded(one), FILES, other).compared, "new");
        const fixed = compare(recorded(other), FILES, one).fixed.map((gone) => `${gone.test} ${gone.signature}`);
        assert.deepEqual(added.toSorted(), fixed.toSorted());
      }),
    );
  });

  test("tests that did not run have no fixed findings", () => {
    fc.assert(
      fc.property(found, fc.subarray(FILES), (findings, ran) => {
        const { fixed } = compare(recorded(findings), ran, []);
        assert.ok(fixed.every((gone) => ran.includes(gone.test)));
        assert.equal(fixed.length, findings.filter(({ test: { file } }) => ran.includes(file)).length);
      }),
    );
  });

  test("more blocks than recorded are growth, fewer are not", () => {
    const before = baseline({ findings: [entry("f", { blocks: 3 })] });
    const status = (blocks: number): string | undefined => compare(before, ["test_x"], [finding("f", { blocks })]).compared[0]?.status;
    assert.deepEqual([status(2), status(3), status(4)], ["known", "known", "grown"]);
  });

  test("two more blocks in a thousand are not growth in a live check, but are at exit", () => {
    const status = (leakCheck: string, blocks: number): string | undefined => {
      const before = baseline({ identity: { ...IDENTITY, leakCheck }, findings: [entry("f", { blocks: 1173 })] });
      return compare(before, ["test_x"], [finding("f", { blocks })]).compared[0]?.status;
    };
    assert.deepEqual([status("live", 1175), status("live", 1178), status("live", 1179)], ["known", "known", "grown"]);
    assert.deepEqual([status("exit", 1173), status("exit", 1174)], ["known", "grown"]);
  });

  test("the same signature in another test file is another finding", () => {
    const before = baseline({ findings: [entry("f", { test: "test_a" })] }, ["test_a", "test_b"]);
    const { compared, fixed } = compare(before, ["test_a", "test_b"], [finding("f", inTest("test_b"))]);
    assert.deepEqual([compared.map(({ status }) => status), fixed.length], [["new"], 1]);
  });

  test("findings of tests that the baseline has no record of are neither new nor known", () => {
    const { compared, unrecorded } = compare(baseline(), ["test_x", "test_new"], [finding("f", inTest("test_new"))]);
    assert.deepEqual([compared.length, unrecorded.tests, unrecorded.found.length], [0, ["test_new"], 1]);
  });
});

suite("confirming a fresh finding", () => {
  const grown = (blocks: number, before: number): Compared => ({
    status: "grown",
    finding: finding("f", { blocks, bytes: blocks * 8 }),
    before: counterpart("f", { blocks: before }),
  });

  test("confirming a fresh finding needs the same signature in the same test file", () => {
    const fresh: Compared = { status: "new", finding: finding("f") };
    assert.equal(confirm(fresh, []), undefined);
    assert.equal(confirm(fresh, [finding("g"), finding("f", inTest("test_other"))]), undefined);
    assert.equal(confirm(fresh, [finding("g"), finding("f")])?.status, "new");
  });

  test("confirming a fresh finding takes the smaller count of both runs, with its bytes", () => {
    const fresh: Compared = { status: "new", finding: finding("f", { blocks: 5, bytes: 50 }) };
    assert.deepEqual(confirm(fresh, [finding("f", { blocks: 2, bytes: 16 })])?.finding, finding("f", { blocks: 2, bytes: 16 }));
    assert.deepEqual(confirm(fresh, [finding("f", { blocks: 9, bytes: 90 })])?.finding, finding("f", { blocks: 5, bytes: 50 }));
  });

  test("confirming a grown finding needs growth in both runs", () => {
    assert.equal(confirm(grown(5, 3), [finding("f", { blocks: 3 })]), undefined);
    assert.equal(confirm(grown(5, 3), [finding("f", { blocks: 4 })])?.finding.blocks, 4);
    const before = { ...counterpart("f", { blocks: 3 }), most: 7 };
    const beyond: Compared = { status: "grown", finding: finding("f", { blocks: 9 }), before };
    assert.equal(confirm(beyond, [finding("f", { blocks: 7 })]), undefined);
    assert.equal(confirm(beyond, [finding("f", { blocks: 8 })])?.finding.blocks, 8);
  });

  test("confirming a fresh finding takes the suppression of the second run, which asks valgrind for its own", () => {
    const confirmed = confirm({ status: "new", finding: finding("f") }, [finding("f", { suppression: "valgrind's" })]);
    assert.equal(confirmed?.finding.suppression, "valgrind's");
  });

  test("confirming a fresh finding keeps where and when the first run found it", () => {
    const first = finding("f", { test: { file: "test_x", id: "test.test_x.T.first" } });
    const second = finding("f", { test: { file: "test_x", id: "test.test_x.T.second" } });
    assert.equal(confirm({ status: "new", finding: first }, [second])?.finding.test.id, "test.test_x.T.first");
  });
});
