import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { fit, type Part } from "../../src/report/fit.ts";

const a = (length: number): string => "a".repeat(length);

suite("parts that are fit into a text", () => {
  test("parts that are fit into a text are whole if all of them fit", () => {
    assert.equal(fit([[a(9), "a"], [""], [a(5)]], 1000, "x"), `${a(9)}\n\n${a(5)}\n`);
  });

  test("parts that are fit into a text take their longest forms first, as long as the shortest of the others still fit", () => {
    assert.equal(
      fit(
        [
          [a(900), "first"],
          [a(300), "second"],
        ],
        1400,
        "x",
      ),
      `${a(900)}\n\nsecond\n`,
    );
    assert.equal(fit([[a(900), "first"], [a(300)]], 1300, "x"), `first\n\n${a(300)}\n`);
  });

  test("parts that are fit into a text are counted if not even their shortest forms fit", () => {
    assert.equal(
      fit([["first"], [a(900)], [a(900)], ["last"]], 1000, "the summary"),
      "first\n\n**This is cut: 3 parts more in the summary.**\n",
    );
  });

  test("parts that are fit into a text never take more than they may, and lose nothing of which a short form fits", () => {
    const part = fc.tuple(fc.nat(400), fc.nat(60)).map(([long, short]): Part => [a(long + short + 1), a(short + 1)]);
    fc.assert(
      fc.property(fc.array(part), fc.integer({ min: 300, max: 3000 }), (parts, maxBytes) => {
        const text = fit(parts, maxBytes, "x");
        assert.ok(Buffer.byteLength(text) <= maxBytes);
        const shortest = parts.reduce((sum, forms) => sum + (forms.at(-1) ?? "").length + 2, 0);
        if (shortest <= (maxBytes - 200) / 2) assert.equal(text.includes("This is cut"), false);
      }),
    );
  });
});
