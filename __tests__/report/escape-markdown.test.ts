import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { htmlCode, htmlText, markdownBlock, markdownCell, markdownCode, markdownText, printable } from "../../src/report/escape.ts";
import { hostileText } from "../support/hostile-text.ts";

suite("text in markdown", () => {
  test("text in markdown has every character with a meaning escaped, and is one line", () => {
    fc.assert(
      fc.property(hostileText, (raw) => {
        const safe = markdownText(raw);
        assert.doesNotMatch(safe, /[<>\n]/);
        assert.doesNotMatch(safe.replace(/\\[\\`*_{}[\]()#+!~$]/g, ""), /[\\`*_{}[\]()#+!~$]/);
        assert.doesNotMatch(safe, /&(?!amp;|lt;|gt;)/);
      }),
    );
  });

  test("text in markdown has no mentions and no links", () => {
    fc.assert(
      fc.property(hostileText, (raw) => {
        const safe = markdownText(raw);
        assert.doesNotMatch(safe, /@\w/);
        assert.doesNotMatch(safe, /(https?|ftp):|www\./i);
        assert.doesNotMatch(safe, /#\d|\bGH-\d/i);
      }),
    );
  });

  test("text in markdown references no issue, which GitHub would show there as mentioned", () => {
    for (const text of [markdownText("hangs: GH-26, gh-26"), htmlText("hangs: GH-26, gh-26")])
      assert.equal(text, "hangs: GH-\u200b26, gh-\u200b26");
  });

  test("text in markdown has no emoji, neither an attacker's sign of success nor parts of a C++ name", () => {
    for (const text of [":white_check_mark: :+1: :100:", "ext::key::take", "a:heart:b:x:"])
      for (const safe of [markdownText(text).replaceAll("\\", ""), htmlText(text)]) {
        assert.doesNotMatch(safe, /:[\w+-]+:/);
        assert.equal(safe.replaceAll("\u200b", ""), text);
      }
    assert.equal(htmlCode("ext::key::take"), "<code>ext::key::take</code>");
  });

  test("text in markdown keeps plain words as they are", () => {
    assert.equal(markdownText("Modules/csv.c:702, 3 blocks"), "Modules/csv.c:702, 3 blocks");
  });
});

suite("text in HTML", () => {
  test("text in HTML has no tags, entities, mentions, links or line breaks", () => {
    fc.assert(
      fc.property(hostileText, (raw) => {
        const safe = htmlText(raw);
        assert.doesNotMatch(safe, /[<>\n]|&(?!amp;|lt;|gt;)|@\w|(https?|ftp):|www\.|#\d|\bGH-\d/i);
      }),
    );
  });

  test("text in HTML is code if that is asked for", () => {
    assert.equal(htmlCode("std::vector<int>"), "<code>std::vector&lt;int&gt;</code>");
  });
});

/** What GitHub shows of a code span, by the rules of CommonMark 6.1; undefined for text that is not one span. */
function contentOfSpan(markdown: string): string | undefined {
  const fence = /^`+/.exec(markdown)?.[0];
  if (fence === undefined) return undefined;
  const inner = markdown.slice(fence.length, -fence.length);
  if (!markdown.endsWith(fence) || /^`|`$/.test(inner) || inner.match(/`+/g)?.includes(fence)) return undefined;
  return inner.startsWith(" ") && inner.endsWith(" ") && inner.trim() !== "" ? inner.slice(1, -1) : inner;
}

suite("code in markdown", () => {
  test("code in markdown is one span for any content, and shows it unchanged", () => {
    fc.assert(
      fc.property(hostileText, (raw) => {
        const shown = printable(raw).replaceAll("\n", " ");
        const code = markdownCode(raw);
        assert.doesNotMatch(code, /\n/);
        if (shown.trim() === "") assert.equal(code, "");
        else assert.equal(contentOfSpan(code)?.trim(), shown.trim());
      }),
    );
  });

  test("code in markdown shows backticks at its ends", () => {
    for (const raw of ["`", "``x`", "`x", "x``"]) assert.equal(contentOfSpan(markdownCode(raw)), raw);
  });
});

suite("a cell of a table", () => {
  test("a cell of a table has no bar that would end it", () => {
    fc.assert(fc.property(hostileText, (raw) => assert.doesNotMatch(markdownCell(markdownCode(raw)), /(?<!\\)\|/)));
  });
});

suite("a block in markdown", () => {
  test("a block in markdown ends where it should, whatever is in it", () => {
    fc.assert(
      fc.property(hostileText, (raw) => {
        const lines = markdownBlock(raw).split("\n");
        const fence = lines.at(-1) ?? "";
        assert.match(fence, /^`{3,}$/);
        assert.equal(lines[0], `${fence}text`);
        for (const line of lines.slice(1, -1)) assert.ok(!line.includes(fence), line);
      }),
    );
  });

  test("a block in markdown takes as many backticks as there are, and text with very many runs of them", () => {
    assert.match(markdownBlock("`````"), /^``````text\n`````\n``````$/);
    assert.equal(markdownBlock("` ".repeat(300_000)).slice(0, 7), "```text");
  });
});
