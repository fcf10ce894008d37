import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { sortOutAccepted } from "../../src/findings/acceptance.ts";
import type { Compared } from "../../src/findings/compare.ts";
import { judgeFindings } from "../../src/findings/judgement.ts";
import { readRepositorySettings } from "../../src/settings/repository-settings.ts";
import { baseline, finding, groundsOf, inTest, run } from "../support/builders.ts";
import { temporaryFolder } from "../support/folders.ts";

const leak = finding("f");
const fresh: Compared = { status: "new", finding: leak };
const acceptance = { signature: leak.signature, reason: "immortal strings", expires: "2026-06-01" };

suite("an accepted finding", () => {
  test("does not count until the end of its last day, and then again, with a word of it", () => {
    assert.deepEqual(sortOutAccepted([fresh], [acceptance], "2026-06-01"), {
      accepted: [{ compared: fresh, acceptance }],
      fresh: [],
      notes: [],
    });
    const { accepted, fresh: counted, notes } = sortOutAccepted([fresh], [acceptance], "2026-06-02");
    assert.deepEqual([accepted, counted], [[], [fresh]]);
    assert.match(notes.join(), /in f was accepted until 2026-06-01 \(immortal strings\), and counts again/);
  });

  test("is accepted in the test file that is named only", () => {
    const elsewhere: Compared = { status: "new", finding: finding("f", inTest("test_y")) };
    const { fresh: counted } = sortOutAccepted([fresh, elsewhere], [{ ...acceptance, test: "test_x" }], "2026-01-01");
    assert.deepEqual(counted, [elsewhere]);
  });

  test("is not run again, and no suspect", async () => {
    const grounds = groundsOf({ kind: "comparable", baseline: baseline(), where: "here" }, { acceptances: [acceptance] });
    const judgement = await judgeFindings([run({ findings: [leak] })], grounds, () => assert.fail("nothing is fresh"));
    assert.deepEqual([judgement.confirmed, judgement.accepted.length, judgement.reasons], [[], 1, []]);
  });
});

suite("a repository's own settings", () => {
  const read = (text: string) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, ".memcheck.toml"), text);
    return readRepositorySettings(folder, "2026-06-01");
  };

  test("are read from .memcheck.toml, with TOML's own dates and without", async () => {
    const entry = `[[accept]]\nsignature = "${leak.signature}"\nreason = "why"\nexpires = `;
    const { accepted, burstLimit } = await read(`burst-limit = 3\n${entry}2027-03-01\n${entry}"2027-04-01"\n`);
    assert.deepEqual([burstLimit, accepted.map(({ expires }) => expires)], [3, ["2027-03-01", "2027-04-01"]]);
  });

  test("have the line of each entry, by which reviewers find it", async () => {
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

  test("are the usual ones where there is no such file", async () => {
    assert.deepEqual(await readRepositorySettings(temporaryFolder(), "2026-06-01"), {
      ...{ accepted: [], skips: [], burstLimit: 10, relaxations: [] },
    });
  });

  test("that are wrong are refused by name, with what is allowed", async () => {
    const cases: [string, RegExp][] = [
      ["accept = ", /not valid TOML/],
      ["acept = []", /acept/],
      ["burst-limit = 0", /burst-limit/],
      ['[[accept]]\nsignature = "xyz"\nreason = "why"\nexpires = 2027-01-01', /accept\.0\.signature: .*16 hexadecimal digits/],
      [`[[accept]]\nsignature = "${leak.signature}"\nreason = " "\nexpires = 2027-01-01`, /accept\.0\.reason: a reason/],
      [`[[accept]]\nsignature = "${leak.signature}"\nreason = "why"\nexpires = "soon"`, /accept\.0\.expires: a day such as 2027-03-01/],
      [`[[accept]]\nsignature = "${leak.signature}"\nreason = "why"`, /expires/],
      [`[[accept]]\nsignature = "${leak.signature}"\nreason = "why"\nexpires = 2027-07-01`, /accept\.0\.expires: at most a year from now/],
      ['[[skip]]\ntest = "csv"\nreason = "why"', /skip\.0\.test: the name of a test file/],
      ['[[skip]]\ntest = "test_csv"\nreason = "why"\nengine = "asan"', /skip\.0\.engine: `memcheck` or `scan`/],
      ['[[skip]]\ntest = "test_csv"\nreason = "why"\nexpires = 9999-12-31', /skip\.0\.expires: at most a year from now/],
    ];
    for (const [text, message] of cases) await assert.rejects(read(text), message, text);
  });
});
