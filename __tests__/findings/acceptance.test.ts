import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { acceptanceFor, expiryNotes } from "../../src/findings/acceptance.ts";
import { compareRuns, judge, testsToConfirm } from "../../src/findings/judgement.ts";
import { GROWTH } from "../../src/findings/segment.ts";
import { UserError } from "../../src/model/user-error.ts";
import { readRepositorySettings } from "../../src/settings/repository-settings.ts";
import { baseline, finding, groundsOf, inTest, namesOf, run } from "../support/builders.ts";
import { temporaryFolder } from "../support/folders.ts";

const leak = finding("f");
const SIGNED = `signature = "${leak.signature}"`;
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

  const invalid: readonly (readonly [string, string])[] = [
    ["accept = ", "line 1, column 10 is not valid TOML: invalid value."],
    ["[[skip]]\ntest = test_x", "line 2, column 8 is not valid TOML: invalid value."],
    ["[skip]\ntest = 'test_x'\nreason = 'why'", "write `[[skip]]`, not `[skip]`."],
    ["[accept]\nreason = 'a'\n[accept]\nreason = 'b'", "write `[[accept]]`, not `[accept]`."],
    ["skip = 'test_gdb'", '`skip` is `"test_gdb"`; allowed: entries that begin with `[[skip]]`.'],
    ["skip = ['test_gdb']", 'the first `[[skip]]` is `"test_gdb"`; allowed: a table.'],
    ["acept = []", "unknown key `acept`; allowed: `burst-limit`, `accept`, `skip`."],
    ["burst-limit = 0", "`burst-limit` is `0`; allowed: a whole number from 1."],
    ['burst-limit = "20"', '`burst-limit` is `"20"`; allowed: a whole number from 1.'],
    ["burst-limit = 1.5", "`burst-limit` is `1.5`; allowed: a whole number from 1."],
    [
      accept("signature = 'xyz'"),
      '`signature` in the first `[[accept]]` is `"xyz"`; allowed: a signature of 16 hexadecimal digits, as reports show it.',
    ],
    [accept(""), "the first `[[accept]]` needs either a `signature` or, for growth, a `path`."],
    [accept(`${SIGNED}\npath = "a.b: list"`), "the first `[[accept]]` needs either a `signature` or, for growth, a `path`."],
    [`${accept(SIGNED)}\n[[accept]]\n${SIGNED}\nreason = "why"`, "`expires` is missing in the second `[[accept]]`."],
    [skip('expires = "2027-02-30"'), '`expires` in the first `[[skip]]` is `"2027-02-30"`; allowed: a day such as 2027-03-01.'],
    [`${skip()}\n`.repeat(10) + skip("expires = 1"), "`expires` in `[[skip]]` number 11 is `1`; allowed: a day such as 2027-03-01."],
    [
      `[[accept]]\n${SIGNED}\nreason = " "\nexpires = 2027-01-01`,
      '`reason` in the first `[[accept]]` is `" "`; allowed: a reason in words.',
    ],
    [
      `[[accept]]\n${SIGNED}\nreason = "why"\nexpires = "soon"`,
      '`expires` in the first `[[accept]]` is `"soon"`; allowed: a day such as 2027-03-01.',
    ],
    [
      `[[accept]]\n${SIGNED}\nreason = "why"\nexpires = 2027-07-01`,
      "`expires` in the first `[[accept]]` is `2027-07-01`; allowed: a day until 2027-06-02, at most a year from now.",
    ],
    [
      `[[accept]]\n${SIGNED}\nreason = "why"\nexpire = 2027-01-01`,
      unknown("expire", "accept", "`signature`, `path`, `test`, `reason`, `expires`"),
    ],
    [skip("expire = 2027-01-01"), unknown("expire", "skip", "`test`, `reason`, `engine`, `expires`")],
    [
      "[[skip]]\ntest = 'csv'\nreason = 'why'",
      '`test` in the first `[[skip]]` is `"csv"`; allowed: the name of a test file, such as `test_csv` or `test_asyncio.test_events`, or its path, such as `tests/test_x.py`.',
    ],
    [
      "[[skip]]\ntest = 'tests/test_*.py'\nreason = 'why'",
      '`test` in the first `[[skip]]` is `"tests/test_*.py"`; patterns are not supported: name each test file.',
    ],
    [
      accept(`${SIGNED}\ntest = "test_*"`),
      '`test` in the first `[[accept]]` is `"test_*"`; patterns are not supported: name each test file.',
    ],
    [skip("engine = 'asan'"), '`engine` in the first `[[skip]]` is `"asan"`; allowed: `memcheck`, `scan`, `torture` or `lifecycle`.'],
    [
      skip("expires = 9999-12-31"),
      "`expires` in the first `[[skip]]` is `9999-12-31`; allowed: a day until 2027-06-02, at most a year from now.",
    ],
  ];

  test("invalid repository settings are refused in the words of the file, with what is allowed and an example", async () => {
    for (const [text, message] of invalid)
      await assert.rejects(read(text), (error) => {
        assert.ok(error instanceof UserError, String(error));
        assert.equal(error.message, `.memcheck.toml: ${message}`);
        assert.match(error.hint ?? "", /^This file is valid:\n/);
        return true;
      });
  });

  test("invalid repository settings of endless depth are refused, too", async () => {
    await assert.rejects(read(`x = ${"[".repeat(200_000)}`), /^UserError: \.memcheck\.toml: .*not valid TOML/);
  });

  test("the example for invalid repository settings is valid itself", async () => {
    const { hint = "" } = await read("x = 1").then(
      () => assert.fail("it is taken"),
      (error: UserError) => error,
    );
    const { accepted, skips } = await read(hint.slice(hint.indexOf("\n")));
    assert.deepEqual([accepted.length, skips.length], [1, 1]);
  });
});

function accept(lines: string): string {
  return `[[accept]]\n${lines}\nreason = "why"\nexpires = 2027-01-01`;
}

function skip(line = ""): string {
  return `[[skip]]\ntest = "test_csv"\nreason = "why"\n${line}`;
}

function unknown(key: string, list: string, allowed: string): string {
  return `unknown key \`${key}\` in the first \`[[${list}]]\`; allowed: ${allowed}.`;
}
