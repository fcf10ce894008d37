import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { BaselineStore } from "../../src/findings/baseline-store.ts";
import { type History, historyOf, type RecordingScope, recordingScope } from "../../src/findings/history.ts";
import { baseline, IDENTITY } from "../support/builders.ts";

const where = "/runs/baseline.json.gz";

const PASTS: Readonly<Record<History["kind"], History>> = {
  comparable: { kind: "comparable", baseline: baseline(), where },
  "first-run": { kind: "first-run", where },
  incomparable: { kind: "incomparable", why: { code: "newer-signatures", recorded: 9, known: 3 }, where },
  unreadable: { kind: "unreadable", detail: "it is not gzipped JSON", where },
  unreachable: { kind: "unreachable", why: { code: "no-token" }, where },
};

suite("the history", () => {
  test("the history is comparable when a baseline of the same tools is found", () => {
    const found = baseline();
    assert.deepEqual(historyOf({ kind: "found", baseline: found, where }, IDENTITY), { kind: "comparable", baseline: found, where });
  });

  test("the history is a first run if there is no baseline", () => {
    assert.deepEqual(historyOf({ kind: "none", where }, IDENTITY), { kind: "first-run", where });
  });

  test("the history is incomparable, with the reason, when other tools recorded the baseline", () => {
    const history = historyOf({ kind: "found", baseline: baseline(), where }, { ...IDENTITY, compiler: "clang 19" });
    assert.equal(history.kind, "incomparable");
    const why = { code: "other-identity", field: "compiler", recorded: IDENTITY.compiler, current: "clang 19" };
    assert.deepEqual(history.kind === "incomparable" ? history.why : undefined, why);
  });

  test("the history is unreadable, with the reason, when the baseline cannot be read", () => {
    assert.deepEqual(historyOf({ kind: "unreadable", where, detail: "damaged" }, IDENTITY), {
      kind: "unreadable",
      where,
      detail: "damaged",
    });
  });

  test("the history is unreachable, with the reason, when it is unknown whether there is a baseline", () => {
    const lookup = { kind: "unreachable", where, why: { code: "no-answer", status: 403, detail: "GitHub answered 403" } } as const;
    assert.deepEqual(historyOf(lookup, IDENTITY), lookup);
  });
});

const EACH = (scope: RecordingScope): Readonly<Record<History["kind"], RecordingScope>> => ({
  comparable: scope,
  "first-run": scope,
  incomparable: scope,
  unreadable: scope,
  unreachable: scope,
});

suite("the recording of runs", () => {
  const table: readonly (readonly [
    "auto" | "always" | "never",
    BaselineStore["automaticScope"],
    Readonly<Record<History["kind"], RecordingScope>>,
  ])[] = [
    ["auto", "everything", { ...EACH("everything"), unreachable: "nothing" }],
    ["auto", "what-is-missing", { ...EACH("nothing"), comparable: "what-is-missing", "first-run": "what-is-missing" }],
    ["auto", "nothing", EACH("nothing")],
    ["always", "nothing", EACH("replace")],
    ["always", "what-is-missing", EACH("replace")],
    ["never", "everything", EACH("nothing")],
  ];

  for (const [setting, automatic, expected] of table) {
    test(`\`record-baseline: ${setting}\` decides for each history what is recorded, where automatic means ${automatic}`, () => {
      const store = { automaticScope: automatic, mayRecord: true };
      for (const past of Object.values(PASTS)) assert.equal(recordingScope(setting, store, past), expected[past.kind], past.kind);
    });
  }

  test("`record-baseline: always` records nothing where a check only compares", () => {
    const store = { automaticScope: "nothing", mayRecord: false } as const;
    for (const setting of ["auto", "always", "never"] as const)
      for (const past of Object.values(PASTS)) assert.equal(recordingScope(setting, store, past), "nothing", `${setting} ${past.kind}`);
  });
});
