import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import {
  type BaselineEntry,
  BaselineSchema,
  type BaselineTest,
  type Recording,
  recordInto,
  whyIncomparable,
} from "../../src/findings/baseline.ts";
import { type Finding, SIGNATURE_VERSION } from "../../src/findings/finding.ts";
import { baseline, entry, finding, IDENTITY, inTest } from "../support/builders.ts";
import { formOf } from "../support/schema-form.ts";

const FILES = ["test_a", "test_b", "test_c", "test_d"];

const recordedTest = (name: string): BaselineTest => ({ name, engine: "memcheck", status: "passed", seconds: 2 });

function recording(tests: readonly string[], findings: readonly Finding[] = []): Recording {
  return { identity: IDENTITY, sha: null, recordedAt: "2026-02-02T00:00:00.000Z", tests: tests.map(recordedTest), findings };
}

const findingsIn = (files: readonly string[]): fc.Arbitrary<Finding[]> =>
  fc
    .uniqueArray(fc.tuple(fc.constantFrom(...files), fc.constantFrom("f", "g", "h")), {
      selector: ([file, name]) => `${file} ${name}`,
      maxLength: 8,
    })
    .map((pairs) => pairs.map(([file, name]) => finding(name, inTest(file))));

const keys = (entries: readonly BaselineEntry[]): string[] => entries.map(({ test: file, signature }) => `${file} ${signature}`);

suite("recording into a baseline", () => {
  test("replaces what is known of the recorded tests, and nothing else", () => {
    const before = baseline({ findings: [entry("old", { test: "test_a" }), entry("kept", { test: "test_b" })], sha: "before" }, [
      "test_a",
      "test_b",
    ]);
    const next = recordInto(before, recording(["test_a", "test_c"], [finding("new", inTest("test_a"))]));
    assert.deepEqual(next.findings, [entry("new", { test: "test_a" }), entry("kept", { test: "test_b" })]);
    assert.deepEqual(
      next.tests.map(({ name }) => name),
      ["test_a", "test_b", "test_c"],
    );
  });

  test("is complete: every test and finding of the recording is in it, and all of the other tests", () => {
    const sides = fc.tuple(fc.subarray(FILES), findingsIn(FILES), fc.subarray(FILES), findingsIn(FILES));
    fc.assert(
      fc.property(sides, ([oldTests, oldFindings, newTests, newFindings]) => {
        const before = recordInto(undefined, recording(oldTests, oldFindings));
        const after = recordInto(before, recording(newTests, newFindings));
        const known = [...keys(before.findings.filter(({ test: file }) => !newTests.includes(file)))];
        const fresh = newFindings.filter(({ test: { file } }) => newTests.includes(file)).map((one) => `${one.test.file} ${one.signature}`);
        assert.deepEqual(keys(after.findings).toSorted(), [...known, ...fresh].toSorted());
        assert.deepEqual(
          after.tests.map(({ name }) => name),
          [...new Set([...oldTests, ...newTests])].toSorted(),
        );
      }),
    );
  });

  test("leaves out findings of tests that are not recorded", () => {
    assert.deepEqual(recordInto(undefined, recording(["test_a"], [finding("f", inTest("test_b"))])).findings, []);
  });

  test("twice is the same as once", () => {
    const once = recordInto(baseline(), recording(["test_a"], [finding("f", inTest("test_a"))]));
    assert.deepEqual(recordInto(once, recording(["test_a"], [finding("f", inTest("test_a"))])), once);
  });

  test("does not depend on the order in which tests ran and findings came", () => {
    const shuffled = fc
      .tuple(fc.shuffledSubarray(FILES, { minLength: 4 }), findingsIn(FILES))
      .chain(([tests, findings]) =>
        fc.tuple(fc.constant(tests), fc.constant(findings), fc.shuffledSubarray(findings, { minLength: findings.length })),
      );
    fc.assert(
      fc.property(shuffled, ([tests, findings, other]) => {
        const one = JSON.stringify(recordInto(undefined, recording(tests, findings)));
        assert.equal(JSON.stringify(recordInto(undefined, recording(FILES, other))), one);
      }),
    );
  });

  test("keeps of a finding what later comparisons need, and no path, line or suppression", () => {
    const [only] = recordInto(undefined, recording(["test_x"], [finding("f", { segment: ["f", "g"], blocks: 4 })])).findings;
    assert.deepEqual(only, { ...entry("f"), segment: ["f", "g"], blocks: 4 });
  });

  test("does not change the baseline it starts from", () => {
    const before = baseline({ findings: [entry("f")] }, ["test_x", "test_a"]);
    const copy = structuredClone(before);
    recordInto(before, recording(["test_x"], [finding("g")]));
    assert.deepEqual(before, copy);
  });
});

/** When this fails, the stored form changed: BASELINE_VERSION must go up. Its bytes are in the tests of the file. */
test("a baseline has the form of its version", () => {
  const args = "configureArgs: string[], valgrindArgs: string[], leakCheck: string";
  const form = [
    "{baselineVersion: 2, signatureVersion: number, recordedAt: string, sha: string | null",
    `identity: {python: string, valgrind: string, compiler: string, libc: string, architecture: string, ${args}}`,
    "tests: {name: string, engine: memcheck | scan, status: passed | failed | skipped, seconds: number}[]",
    "findings: {engine: memcheck | scan, test: string, signature: string, kind: string, segment: string[], blocks: number}[]}",
  ];
  assert.equal(formOf(BaselineSchema), form.join(", "));
});

suite("baselines are comparable", () => {
  test("when all that they were recorded with is the same", () => {
    assert.equal(whyIncomparable(baseline(), structuredClone(IDENTITY)), undefined);
  });

  test("only then, and the reason names what differs, before and now", () => {
    const now = { ...IDENTITY, valgrind: "3.26.0" };
    assert.equal(whyIncomparable(baseline(), now), "it was recorded with valgrind `3.19.0`, and this check has `3.26.0`");
    const args = { ...IDENTITY, valgrindArgs: ["--track-origins=yes", "--x"] };
    assert.equal(
      whyIncomparable(baseline(), args),
      "it was recorded with valgrindArgs `(none)`, and this check has `--track-origins=yes --x`",
    );
    for (const name of ["python", "compiler", "libc", "architecture", "leakCheck"] as const) {
      assert.match(whyIncomparable(baseline(), { ...IDENTITY, [name]: "other" }) ?? "", new RegExp(`${name} .*other`));
    }
    assert.match(whyIncomparable(baseline(), { ...IDENTITY, configureArgs: [] }) ?? "", /configureArgs/);
  });

  test("not with signatures of another version", () => {
    const old = baseline({ signatureVersion: SIGNATURE_VERSION - 1 });
    assert.equal(whyIncomparable(old, IDENTITY), `it has signatures of version 0, and this is version ${SIGNATURE_VERSION}`);
  });
});
