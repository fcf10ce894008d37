import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { acceptanceFor, expiryNotes } from "../../src/findings/acceptance.ts";
import { compareRuns, judge, testsToConfirm } from "../../src/findings/judgement.ts";
import { GROWTH } from "../../src/findings/segment.ts";
import { readRepositorySettings } from "../../src/settings/repository-settings.ts";
import { baseline, finding, groundsOf, inTest, namesOf, run } from "../support/builders.ts";
import { temporaryFolder } from "../support/folders.ts";

const leak = finding("f");
const acceptance = { signature: leak.signature, reason: "immortal strings", expires: "2026-06-01" };

suite("an accepted finding", () => {
  const notesOf = (today: string) => expiryNotes([{ finding: leak }], { acceptances: [acceptance], today });

  test("an accepted finding does not count until the end of its last day, and then again, with a note", () => {
    assert.deepEqual([acceptanceFor(leak, [acceptance], "2026-06-01"), notesOf("2026-06-01")], [acceptance, []]);
    const { signature, reason, expires } = acceptance;
    assert.deepEqual(
      [acceptanceFor(leak, [acceptance], "2026-06-02"), notesOf("2026-06-02")],
      [undefined, [{ code: "acceptance-expired", signature, function: "f", expires, reason }]],
    );
  });

  test("an accepted finding is accepted only in the test file that is named", () => {
    const here = [{ ...acceptance, test: "test_x" }];
    assert.notEqual(acceptanceFor(leak, here, "2026-01-01"), undefined);
    assert.equal(acceptanceFor(finding("f", inTest("test_y")), here, "2026-01-01"), undefined);
  });

  test("a path accepts growth of all that it keeps, and nothing else", () => {
    const byPath = [{ path: "json.KEPT: list", reason: "a registry", expires: "2026-06-01" }];
    const isAccepted = (kept: string, kind = GROWTH) => acceptanceFor(finding(kept, { kind }), byPath, "2026-01-01") !== undefined;
    assert.deepEqual([isAccepted("(json.KEPT: list → Entry)"), isAccepted("(json.KEPT: list → dict → Entry)")], [true, true]);
    assert.deepEqual(
      [isAccepted("(json.KEPT: listing → Entry)"), isAccepted("(json.KEPT: list → Entry)", "ReferenceLeak")],
      [false, false],
    );
  });

  test("an accepted finding is not run again, and is not a problem", () => {
    const grounds = groundsOf({ kind: "comparable", baseline: baseline(), where: "here" }, { acceptances: [acceptance] });
    const compared = compareRuns([run({ findings: [leak] })], grounds);
    assert.deepEqual(testsToConfirm(compared), []);
    const judgement = judge(compared, []);
    assert.deepEqual([namesOf(judgement, "accepted"), judgement.findings.length, judgement.problems], [["f"], 1, []]);
    assert.deepEqual(judgement.findings[0]?.acceptance, acceptance);
  });
});

suite("a repository's own settings", () => {
  const read = (text: string) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, ".memcheck.toml"), text);
    return readRepositorySettings(folder, "2026-06-01");
  };

  test("a repository's own settings are read from .memcheck.toml, with TOML's own dates and without", async () => {
    const entry = `[[accept]]\nsignature = "${leak.signature}"\nreason = "why"\nexpires = `;
    const { accepted, burstLimit } = await read(`burst-limit = 3\n${entry}2027-03-01\n${entry}"2027-04-01"\n`);
    assert.deepEqual([burstLimit, accepted.map(({ expires }) => expires)], [3, ["2027-03-01", "2027-04-01"]]);
  });

  test("a repository's own settings have the line of each entry, by which reviewers find it", async () => {
    const skip = '[[skip]]\ntest = "test_gdb"\nreason = "hangs"\n';
    const { skips, relaxations } = await read(
      `# ours\n${skip}\n[[ accept ]]\nsignature = "${leak.signature}"\nreason = "why"\nexpires = 2027-03-01\n`,
    );
    assert.deepEqual(skips, [{ test: "test_gdb", reason: "hangs" }]);
    assert.deepEqual(
      relaxations.map(({ kind, title, line }) => [kind, title, line]),
      [
        ["accept", leak.signature, 6],
        ["skip", "test_gdb", 2],
      ],
    );
  });

  test("a repository without a settings file gets the defaults", async () => {
    assert.deepEqual(await readRepositorySettings(temporaryFolder(), "2026-06-01"), {
      ...{ accepted: [], skips: [], burstLimit: 10, relaxations: [] },
    });
  });

  test("invalid repository settings are refused by name, with what is allowed", async () => {
    const cases: [string, RegExp][] = [
      ["accept = ", /not valid TOML/],
      ["acept = []", /acept/],
      ["burst-limit = 0", /burst-limit/],
      ['[[accept]]\nsignature = "xyz"\nreason = "why"\nexpires = 2027-01-01', /accept\.0\.signature: .*16 hexadecimal digits/],
      [`[[accept]]\nreason = "why"\nexpires = 2027-01-01`, /accept\.0: either a `signature` or, for growth, a `path`/],
      [`[[accept]]\nsignature = "${leak.signature}"\npath = "a.b: list"\nreason = "why"\nexpires = 2027-01-01`, /accept\.0: either/],
      [`[[accept]]\nsignature = "${leak.signature}"\nreason = " "\nexpires = 2027-01-01`, /accept\.0\.reason: a reason/],
      [`[[accept]]\nsignature = "${leak.signature}"\nreason = "why"\nexpires = "soon"`, /accept\.0\.expires: a day such as 2027-03-01/],
      [`[[accept]]\nsignature = "${leak.signature}"\nreason = "why"`, /expires/],
      [`[[accept]]\nsignature = "${leak.signature}"\nreason = "why"\nexpires = 2027-07-01`, /accept\.0\.expires: at most a year from now/],
      ['[[skip]]\ntest = "csv"\nreason = "why"', /skip\.0\.test: the name of a test file/],
      ['[[skip]]\ntest = "test_csv"\nreason = "why"\nengine = "asan"', /skip\.0\.engine: `memcheck`, `scan`, `torture` or `lifecycle`/],
      ['[[skip]]\ntest = "test_csv"\nreason = "why"\nexpires = 9999-12-31', /skip\.0\.expires: at most a year from now/],
    ];
    for (const [text, message] of cases) await assert.rejects(read(text), message, text);
  });
});
