import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import type { Footprints } from "../../src/affected/footprints.ts";
import {
  type Baseline,
  type BaselineEntry,
  BaselineSchema,
  type BaselineTest,
  incompatibility,
  upgradeSignatures,
} from "../../src/findings/baseline.ts";
import { SIGNATURE_VERSION, signatureOf } from "../../src/findings/make-finding.ts";
import { addInto, type Recording, recordInto } from "../../src/findings/record-baseline.ts";
import type { Finding } from "../../src/model/finding.ts";
import {
  baseline,
  entry,
  error,
  finding,
  findingFrom,
  IDENTITY,
  inTest,
  leak,
  recordedTest as passedTest,
  stack,
} from "../support/builders.ts";
import { formOf } from "../support/schema-form.ts";

const FILES = ["test_a", "test_b", "test_c", "test_d"];

const recordedTest = (name: string): BaselineTest => passedTest({ name, seconds: 2 });

function recording(tests: readonly string[], findings: readonly Finding[] = []): Recording {
  return {
    ...{ content: null, functions: [], relaxations: [], suppressed: [] },
    identity: IDENTITY,
    sha: null,
    recordedAt: "2026-02-02T00:00:00.000Z",
    tests: tests.map(recordedTest).map(({ latest: _, ...test }) => test),
    findings,
  };
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
  test("recording into a baseline names the newest kept builds first, those of before too, and each key once", () => {
    const build = (key: string, digit = "0") => ({ key, sha256: digit.repeat(64) });
    const before = baseline({ builds: ["a", "b", "c", "d", "e"].map((key) => build(key)) });
    const builds = [build("new"), build("b", "1")];
    assert.deepEqual(recordInto(before, { ...recording([]), builds }).builds, [
      build("new"),
      build("b", "1"),
      build("a"),
      build("c"),
      build("d"),
    ]);
    assert.deepEqual(recordInto(before, recording([])).builds, before.builds);
    assert.deepEqual(recordInto(undefined, { ...recording([]), builds }).builds, builds);
  });

  test("recording into a baseline replaces only the recorded tests", () => {
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

  suite("recording into a baseline of slices of the allocation sites", () => {
    const ofSlice = (slice: string | undefined, name: string, file = "test_a"): Recording => ({
      ...recording([]),
      tests: [{ ...recordedTest(file), engine: "torture", ...(slice && { slice }) }],
      findings: [{ ...finding(name, { ...inTest(file), engine: "torture" }), ...(slice && { slice }) }],
    });
    const record = (...recordings: readonly Recording[]): Baseline =>
      recordings.reduce<Baseline | undefined>((before, one) => recordInto(before, one), undefined) ?? baseline();
    const shown = ({ tests, findings }: Baseline) => [
      tests.map(({ slice }) => slice),
      findings.map(({ slice, stack: groups }) => [slice, ...groups.flat()].slice(0, 2)),
    ];

    test("recording into a baseline keeps what other slices of a test file showed", () => {
      const after = record(ofSlice("0/2", "f"), ofSlice("1/2", "g"), ofSlice("1/2", "h"));
      assert.deepEqual(shown(after), [
        ["0/2", "1/2"],
        [
          ["0/2", "f"],
          ["1/2", "h"],
        ],
      ]);
    });

    test("recording into a baseline drops the slices of a different division, which nothing would renew, of all test files", () => {
      const before = record(ofSlice("0/3", "f"), ofSlice("1/3", "g", "test_b"));
      assert.deepEqual(shown(recordInto(before, ofSlice("0/2", "h"))), [["0/2"], [["0/2", "h"]]]);
      assert.deepEqual(shown(recordInto(before, ofSlice(undefined, "h"))), [[undefined], [[undefined, "h"]]]);
      assert.deepEqual(shown(recordInto(record(ofSlice(undefined, "f")), ofSlice("0/2", "h"))), [["0/2"], [["0/2", "h"]]]);
    });

    test("recording into a baseline keeps all slices if no allocation failed, or if it only adds what is missing", () => {
      const before = record(ofSlice("0/3", "f"));
      assert.equal(recordInto(before, recording(["test_b"])).findings.length, 1);
      assert.deepEqual(shown(addInto(before, ofSlice("0/2", "h")))[0], ["0/2", "0/3"]);
    });
  });

  test("a recording into a baseline has every test and finding that was recorded, and keeps all other tests", () => {
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

  suite("recording into a baseline of test files that memcheck left out", () => {
    const before = baseline({ content: "one" }, ["test_a", "test_b"]);
    const outdated = ({ tests }: Baseline) => tests.filter((one) => one.outdated).map(({ name }) => name);
    const now = (content: string | null, names: readonly string[]): Recording => ({ ...recording(names), content });

    test("recording into a baseline marks the record of a test file that memcheck left out as outdated", () => {
      const next = recordInto(before, now("two", ["test_a"]));
      assert.deepEqual(outdated(next), ["test_b"]);
      assert.deepEqual(outdated(recordInto(next, now("three", ["test_a"]))), ["test_b"]);
      assert.deepEqual(outdated(recordInto(next, now("three", ["test_b"]))), ["test_a"]);
    });

    test("recording into a baseline outdates nothing if memcheck ran nothing, or ran other test files of the same content", () => {
      assert.deepEqual(outdated(recordInto(before, now("two", []))), []);
      assert.deepEqual(outdated(recordInto(before, now("one", ["test_a"]))), []);
      assert.deepEqual(outdated(addInto(before, now("two", ["test_c"]))), []);
    });

    test("recording into a baseline renews an outdated record by a run that failed, whose errors it adds, and by no run that was cut short", () => {
      const old = recordInto(before, now("two", ["test_a"]));
      const ended = (status: "failed" | "crashed", cause: string | null) => ({
        ...now("three", ["test_a", "test_b"]),
        tests: [recordedTest("test_a"), { ...recordedTest("test_b"), status, cause }],
      });
      assert.deepEqual(outdated(recordInto(old, ended("failed", null))), []);
      assert.deepEqual(outdated(recordInto(old, ended("crashed", "signal:SIGSEGV"))), ["test_b"]);
    });
  });

  test("recording into a baseline leaves out findings of tests that are not recorded", () => {
    assert.deepEqual(recordInto(undefined, recording(["test_a"], [finding("f", inTest("test_b"))])).findings, []);
  });

  test("recording into a baseline twice is the same as once", () => {
    const once = recordInto(baseline(), recording(["test_a"], [finding("f", inTest("test_a"))]));
    assert.deepEqual(recordInto(once, recording(["test_a"], [finding("f", inTest("test_a"))])), once);
  });

  test("recording into a baseline does not depend on the order in which tests ran and findings came", () => {
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

  test("recording into a baseline keeps of a finding what later comparisons need, and no path, line or suppression", () => {
    const [only] = recordInto(undefined, recording(["test_x"], [finding("f", { normalizedStack: [["f"], ["g"]], blocks: 4 })])).findings;
    assert.deepEqual(only, { ...entry("f"), stack: [["f"], ["g"]], blocks: 4 });
  });

  test("recording into a baseline does not change the baseline it starts from", () => {
    const before = baseline({ findings: [entry("f")] }, ["test_x", "test_a"]);
    const copy = structuredClone(before);
    recordInto(before, recording(["test_x"], [finding("g")]));
    assert.deepEqual(before, copy);
  });
});

suite("recording the same content again", () => {
  const again = (content: string | null, findings: readonly Finding[]) => ({ ...recording(["test_a"], findings), content });
  const before = recordInto(undefined, again("same", [finding("f", { ...inTest("test_a"), blocks: 3 })]));
  const after = (content: string | null) => recordInto(before, again(content, [finding("g", inTest("test_a"))])).findings;

  test("recording the same content again keeps the findings of all its runs, with the larger count", () => {
    assert.deepEqual(
      after("same").map(({ stack }) => stack),
      [[["f"]], [["g"]]],
    );
    const more = recordInto(before, again("same", [finding("f", { ...inTest("test_a"), blocks: 2 })]));
    assert.deepEqual(
      more.findings.map(({ blocks }) => blocks),
      [3],
    );
  });

  test("a recording of different or unknown content does not count as a repetition", () => {
    assert.deepEqual([after("other").length, after(null).length], [1, 1]);
  });
});

suite("a baseline with older signatures", () => {
  test("the current signatures are computed for a baseline with older ones, and findings that are now equal are merged", () => {
    const old = (name: string, digit: string) => ({
      ...entry(name, { stack: [["malloc"], ["f"], ["g"]], blocks: 2 }),
      signature: digit.repeat(16),
    });
    const today = upgradeSignatures(baseline({ signatureVersion: 1, findings: [old("f", "a"), old("f", "b")] }));
    assert.equal(today.signatureVersion, SIGNATURE_VERSION);
    assert.deepEqual(
      today.findings.map(({ signature, blocks }) => [signature, blocks]),
      [[signatureOf("Leak_DefinitelyLost", ["f", "g"]), 4]],
    );
  });

  test("a baseline with older signatures loses the names that valgrind did not know", () => {
    const kept = entry("f", { stack: [["malloc"], ["UnknownInlinedFun", "make_table"], ["module_exec"]], signature: "a".repeat(16) });
    assert.deepEqual(
      upgradeSignatures(baseline({ signatureVersion: 2, findings: [kept] })).findings.map(({ signature }) => signature),
      [signatureOf("Leak_DefinitelyLost", ["make_table", "module_exec"])],
    );
  });

  test("a baseline with older signatures gives every finding the signature that it has itself, whatever its stack", () => {
    const names = fc.array(fc.constantFrom("malloc", "f", "g", "type_call", "module_exec", "_PyEval_EvalFrameDefault", "h.part.0"), {
      minLength: 1,
    });
    fc.assert(
      fc.property(names, fc.boolean(), (chosen, isLost) => {
        const frames = stack(chosen.join(" < "));
        const made = findingFrom(isLost ? leak(frames) : error({ frames }), "test_x", null, new Set(["module_exec"]));
        const stored = recordInto(undefined, recording(["test_x"], [made]));
        const upgraded = upgradeSignatures({ ...stored, signatureVersion: 0 });
        assert.deepEqual(
          upgraded.findings.map(({ signature }) => signature),
          [made.signature],
        );
      }),
    );
  });
});

const POINT =
  "{recordedAt: string, sha: string | null, kinds: {kind: string, errors: number}[], " +
  "stages: {engine: memcheck | scan | torture | lifecycle, tests: number, seconds: number}[], " +
  "leaks: {signature: string, function: string, blocks: number}[], moreLeaks: number}";

/** When this fails, the stored form changed: BASELINE_VERSION must go up. Its bytes are in the tests of the file. */
test("a baseline has the form of its version", () => {
  const args = "configureArgs: string[], valgrindArgs: string[], leakCheck: string, children: boolean";
  const reach = "status: passed | failed | skipped | timeout | crashed, ran: number | null, cause: string | null";
  const form = [
    "{baselineVersion: 9, signatureVersion: number, recordedAt: string, sha: string | null, content: string | null",
    `identity: {python: string, check: number, valgrind: string, compiler: string, libc: string, architecture: string, ${args}}`,
    `tests: {name: string, engine: memcheck | scan | torture | lifecycle, slice?: string, seconds: number, repeated?: true, outdated?: true, ${reach}, latest: {${reach}} | null}[]`,
    "findings: {engine: memcheck | scan | torture | lifecycle, test: string, slice?: string, signature: string, kind: string, stack: string[][], blocks: number, build?: number}[]",
    "relaxations: string[]",
    "suppressed: {engine: memcheck | scan | torture | lifecycle, name: string, tests: number}[]",
    "functions: string[]",
    "otherBuilds: {had: string[], lacked: string[], moves: {from: string, to: string}[]}[]",
    "builds: {key: string, sha256: string}[]",
    "footprints: {sha: string | null, code: {keys: string[], kinds: string, hashes: string}",
    "sources: {names: string[], hashes: string}, tests: string[]",
    "users: string[], usersOfCode: number[], usersOfSources: number[]} | null",
    `timeline: ${POINT}[]}`,
  ];
  assert.equal(formOf(BaselineSchema), form.join(", "));
});

suite("the footprints of a baseline", () => {
  const footprints = (sha: string): Footprints => ({
    sha,
    code: { keys: [], kinds: "", hashes: "" },
    sources: { names: [], hashes: "" },
    tests: ["test_a", "test_b"],
    users: [],
    usersOfCode: [],
    usersOfSources: [],
  });
  const scanned = (names: readonly string[], status: BaselineTest["status"] = "passed"): Recording => ({
    ...recording([]),
    tests: names.map((name) => passedTest({ name, engine: "scan", status })).map(({ latest: _, ...test }) => test),
  });

  test("the footprints of a baseline are of the build that recorded it", () => {
    const once = recordInto(undefined, { ...scanned(["test_a", "test_b"]), footprints: footprints("one") });
    assert.deepEqual(once.footprints, footprints("one"));
    const twice = recordInto(once, { ...scanned(["test_a", "test_b"]), footprints: footprints("two") });
    assert.deepEqual(twice.footprints, footprints("two"));
  });

  test("the footprints of a baseline are nothing if a later recording replaced findings and not them, and stay if it only added to them", () => {
    const before = recordInto(undefined, { ...scanned(["test_a", "test_b"]), footprints: footprints("one") });
    assert.equal(recordInto(before, scanned(["test_a"])).footprints, null);
    assert.deepEqual(recordInto(before, scanned(["test_c"])).footprints, footprints("one"));
  });

  test("the footprints of a baseline lack a test file that got less far than before, whose older findings stay", () => {
    const before = recordInto(undefined, scanned(["test_a", "test_b"]));
    const now = scanned(["test_a"], "failed");
    const next = recordInto(before, { ...now, tests: [...now.tests, ...scanned(["test_b"]).tests], footprints: footprints("two") });
    assert.deepEqual(next.footprints?.tests, ["", "test_b"]);
  });
});

suite("comparable baselines", () => {
  test("baselines are comparable when all that they were recorded with is the same", () => {
    assert.equal(incompatibility(baseline(), structuredClone(IDENTITY)), undefined);
  });

  test("baselines recorded with something else are not comparable, and the reason names it, before and now", () => {
    const other = (field: string, recorded: string, current: string) => ({ code: "other-identity", field, recorded, current });
    assert.deepEqual(incompatibility(baseline(), { ...IDENTITY, valgrind: "3.26.0" }), other("valgrind", "3.19.0", "3.26.0"));
    const args = { ...IDENTITY, valgrindArgs: ["--track-origins=yes", "--x"] };
    assert.deepEqual(incompatibility(baseline(), args), other("valgrindArgs", "(none)", "--track-origins=yes --x"));
    for (const name of ["python", "compiler", "libc", "architecture", "leakCheck"] as const) {
      assert.deepEqual(incompatibility(baseline(), { ...IDENTITY, [name]: "other" }), other(name, IDENTITY[name], "other"));
    }
    assert.deepEqual(incompatibility(baseline(), { ...IDENTITY, configureArgs: [] }), other("configureArgs", "--with-valgrind", "(none)"));
    const build = (compiler: string) => ({ ...IDENTITY, configureArgs: [`3.14.7 (main) [${compiler}]`] });
    const installed = incompatibility(baseline({ identity: build("GCC 12") }), build("Clang 19"));
    assert.deepEqual(installed, other("interpreterBuild", "3.14.7 (main) [GCC 12]", "3.14.7 (main) [Clang 19]"));
  });

  test("baselines are comparable with signatures of an older version, not with those of a newer one", () => {
    assert.equal(incompatibility(baseline({ signatureVersion: SIGNATURE_VERSION - 1 }), IDENTITY), undefined);
    const newer = { code: "newer-signatures", recorded: SIGNATURE_VERSION + 1, known: SIGNATURE_VERSION };
    assert.deepEqual(incompatibility(baseline({ signatureVersion: SIGNATURE_VERSION + 1 }), IDENTITY), newer);
  });
});

test("each test file of a recording is looked up once, not once for each record", () => {
  const lookupsOf = (count: number): number => {
    let lookups = 0;
    const counted = (name: string): BaselineTest =>
      Object.defineProperty(recordedTest(name), "name", {
        enumerable: true,
        get: () => {
          lookups++;
          return name;
        },
      });
    const names = Array.from({ length: count }, (_, index) => `test_${index}`);
    recordInto(baseline({}, names), { ...recording([]), tests: names.map(counted) });
    return lookups;
  };
  assert.equal(lookupsOf(20), 2 * lookupsOf(10));
});
