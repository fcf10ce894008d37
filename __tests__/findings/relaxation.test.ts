import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { addedRelaxations, suppressionsIn } from "../../src/findings/relaxation.ts";

const entry = (name: string, frame: string): string => `{\n   ${name}\n   # why\n   Memcheck:Leak\n   fun:${frame}\n   ...\n}\n`;
const FILE = "Misc/valgrind-python.supp";
const hashesOf = (text: string): readonly string[] => suppressionsIn(text, FILE).map(({ hash }) => hash);

suite("suppressions", () => {
  test("suppressions are found with their names and lines", () => {
    const found = suppressionsIn(`# comment\n\n${entry("one", "f")}${entry("two", "g")}`, FILE);
    assert.deepEqual(
      found.map(({ kind, title, file, line }) => [kind, title, file, line]),
      [
        ["suppression", "one", FILE, 3],
        ["suppression", "two", FILE, 10],
      ],
    );
  });

  test("suppressions are the same under another name, in another place, or with another comment", () => {
    assert.deepEqual(hashesOf(entry("one", "f")), hashesOf(`\n${entry("other", "f").replace("# why", "# because")}`));
    assert.notDeepEqual(hashesOf(entry("one", "f")), hashesOf(entry("one", "*")));
  });

  test("suppressions that the baseline was recorded without count as added", () => {
    const recorded = hashesOf(entry("one", "f"));
    const now = suppressionsIn(entry("one", "f") + entry("two", "csv_*"), FILE);
    assert.deepEqual(
      addedRelaxations(now, recorded).map(({ title }) => title),
      ["two"],
    );
    assert.deepEqual(
      addedRelaxations(
        now,
        now.map(({ hash }) => hash),
      ),
      [],
    );
  });

  test("suppressions that are cut off add nothing", () => assert.deepEqual(suppressionsIn("{\n one\n Memcheck:Leak\n", FILE), []));
});
