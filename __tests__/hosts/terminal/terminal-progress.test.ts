import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { TerminalProgress } from "../../../src/hosts/terminal/terminal-progress.ts";
import { PLAIN } from "../../../src/report/style.ts";

/** What progress writes to a terminal, without the sequence that clears the line. */
function written(use: (progress: TerminalProgress) => void): string {
  const texts: string[] = [];
  use(new TerminalProgress({ isTTY: true, columns: 60, write: (text) => texts.push(text) }, PLAIN));
  return texts.join("").replaceAll("\r\u001b[2K", "");
}

const NAME = "tests/x\u001b[2J\u202e.py";

suite("progress on a terminal", () => {
  test("progress on a terminal shows control characters of names instead of obeying them", () => {
    const shown = "tests/x\\u{1b}[2J\\u{202e}.py";
    assert.equal(
      written((progress) => progress.note(NAME)),
      `  ${shown}\n`,
    );
    assert.equal(
      written((progress) => progress.begin(NAME)),
      `${shown}\n`,
    );
    assert.equal(
      written((progress) => progress.update(NAME, { done: 1, total: 2 })),
      `  [1/2] ${shown}`,
    );
  });

  test("progress on a terminal redraws a single line", () => {
    const line = written((progress) => progress.update(`a\n${"b".repeat(100)}`));
    assert.equal(line.length, 59);
    assert.doesNotMatch(line, /\n/);
  });

  test("progress on a terminal does not wrap for names of wide characters, and cuts none in two", () => {
    const shown = (name: string): string => written((progress) => progress.update(name));
    assert.equal(shown("測試".repeat(40)), `  ${"測試".repeat(14)}`);
    assert.equal(shown(`a${"🐍".repeat(40)}`), `  a${"🐍".repeat(28)}`);
  });
});
