import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import type { XmlPiece } from "../../../src/engines/memcheck/xml-piece.ts";
import { splitXml } from "../../../src/engines/memcheck/xml-splitter.ts";
import { chunkSizes, inChunks, recorded } from "./xml-files.ts";

async function split(content: Uint8Array | string, sizes: readonly number[] = [65_536], limit?: number): Promise<XmlPiece[]> {
  const pieces: XmlPiece[] = [];
  for await (const some of splitXml(inChunks(Buffer.from(content), sizes), limit)) pieces.push(...some);
  return pieces;
}

const START = '<?xml version="1.0"?>\n\n<valgrindoutput>\n';
const END = "\n</valgrindoutput>\n";

async function splitChildren(children: string, limit?: number): Promise<XmlPiece[]> {
  return split(START + children + END, [65_536], limit);
}

const element = (name: string, text: string): XmlPiece => ({ kind: "element", name, text });
const closed: XmlPiece = { kind: "closed" };

suite("cutting elements", () => {
  test("the splitter makes each child of the root one piece, tags included", async () => {
    const pieces = await splitChildren("<pid>1</pid>\n\n  <status>\n <state>RUNNING</state></status><all_heap-blocks.freed/>");
    const names = ["pid", "status", "all_heap-blocks.freed"];
    assert.deepEqual(
      pieces.map((piece) => (piece.kind === "element" ? piece.name : piece.kind)),
      [...names, "closed"],
    );
    assert.deepEqual(pieces[0], element("pid", "<pid>1</pid>"));
  });

  test("CDATA in an element may hold any tag, and brackets before its end", async () => {
    const error = "<error><rawtext><![CDATA[ </error> </valgrindoutput> <![CDATA[ ]] ]]]></rawtext><![CDATA[]]></error>";
    assert.deepEqual(await splitChildren(error), [element("error", error), closed]);
  });

  test("an element is ended by its own end tag only", async () => {
    const error = "<error></errors></erro></ error><errorcounts></errorcounts></error>";
    assert.deepEqual(await splitChildren(error), [element("error", error), closed]);
  });

  test("a user comment in a report may hold any tag, also its own end", async () => {
    const comment = "<usercomment></usercomment></valgrindoutput><error> & <args></usercomment>";
    const args = "<args></args>";
    assert.deepEqual(await splitChildren(`${comment}\n\n${args}`), [element("usercomment", comment), element("args", args), closed]);
  });

  test("a character that two chunks share stays intact, and bytes that are not UTF-8 become replacement characters", async () => {
    const text = "<clientmsg>é € 🐍</clientmsg>";
    assert.deepEqual(await split(START + text + END, [1]), [element("clientmsg", text), closed]);
    const broken = Buffer.concat([Buffer.from(`${START}<a>`), Buffer.from([0xff, 0xc3]), Buffer.from(`</a>${END}`)]);
    assert.deepEqual(await split(broken, [1]), [element("a", "<a>\ufffd\ufffd</a>"), closed]);
  });

  test("a byte order mark and an XML declaration may precede a report's root", async () => {
    assert.deepEqual(await split(`\ufeff${START}${END}`), [closed]);
    assert.deepEqual(await split("<valgrindoutput></valgrindoutput>"), [closed]);
  });
});

suite("XML that valgrind does not write", () => {
  test("a stream without a report's root is foreign, and its beginning is kept", async () => {
    assert.deepEqual(await split(""), [{ kind: "foreign", start: "" }]);
    assert.deepEqual(await split("==1== Memcheck, a memory error detector"), [
      { kind: "foreign", start: "==1== Memcheck, a memory error detector" },
    ]);
    assert.deepEqual(await split(`{"a":1}${START}${END}`), [{ kind: "foreign", start: '{"a":1}<?xml version="1.0"?>\n\n' }]);
    assert.deepEqual(await split(" ".repeat(5000) + START + END), [{ kind: "foreign", start: " ".repeat(40) }]);
  });

  test("text, NUL bytes and lone tags between elements are named by their place, once before each element", async () => {
    const children = "\0\0 text </error> <!-- --> < <a b='c'><pid>1</pid>text";
    assert.deepEqual(await splitChildren(children), [
      { kind: "stray", offset: START.length },
      element("pid", "<pid>1</pid>"),
      { kind: "stray", offset: START.length + children.lastIndexOf("text") },
      closed,
    ]);
  });

  test("what follows a report's root is stray, and not read", async () => {
    const offset = START.length + END.length;
    assert.deepEqual(await split(`${START}${END}<?xml?><valgrindoutput><pid>1</pid>`), [closed, { kind: "stray", offset }]);
  });

  test("a report that ends too early is reported with the element in which it ends", async () => {
    assert.deepEqual(await split(`${START}<pid>1</pid><error><unique>0x1`), [
      element("pid", "<pid>1</pid>"),
      { kind: "unfinished", name: "error" },
    ]);
    assert.deepEqual(await split(`${START}<err`), [{ kind: "unfinished" }]);
    assert.deepEqual(await split(START), []);
  });

  test("an element over the limit is skipped, and what follows is read", async () => {
    const children = `<error>${"<a>x</a>".repeat(100)}</error><pid>1</pid>`;
    assert.deepEqual(await splitChildren(children, 300), [
      { kind: "oversized", name: "error", offset: START.length },
      element("pid", "<pid>1</pid>"),
      closed,
    ]);
    assert.equal((await splitChildren(children, 815)).length, 3);
  });
});

suite("laws", () => {
  const snippets = [
    "<error>",
    "</error>",
    "<a>",
    "</a>",
    "<a/>",
    "<![CDATA[",
    "]]>",
    "<usercomment>",
    "</usercomment>\n\n<args>",
    "</args>",
  ];
  const noise = ["é", "€", "\0", " \n", "text", "<", ">", "&", "</valgrindoutput>", `<${"n".repeat(70)}>`, "<valgrindoutput>"];
  const children = fc.array(fc.constantFrom(...snippets, ...snippets, ...noise)).map((parts) => parts.join(""));

  test("the same bytes are split into the same pieces in chunks of any sizes", async () => {
    const property = fc.asyncProperty(fc.constantFrom(START, ""), children, chunkSizes, async (start, body, sizes) => {
      assert.deepEqual(await split(start + body, sizes, 50), await split(start + body, undefined, 50));
    });
    await fc.assert(property, { numRuns: 1000 });
  });

  test("split elements are found again in the bytes, in their order", async () => {
    const property = fc.asyncProperty(children, async (body) => {
      let from = 0;
      for (const piece of await split(START + body)) {
        if (piece.kind !== "element") continue;
        const at = body.indexOf(piece.text, from);
        assert.notEqual(at, -1);
        from = at + piece.text.length;
      }
    });
    await fc.assert(property);
  });

  test("splitting any bytes ends without an exception", async () => {
    const property = fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), fc.boolean(), async (bytes, started) => {
      await split(started ? Buffer.concat([Buffer.from(START), bytes]) : bytes);
    });
    await fc.assert(property);
  });

  test("recorded files fall into the same pieces in chunks of one byte", async () => {
    for (const name of ["messages", "errors", "exec-child"])
      assert.deepEqual(await split(recorded(name), [1]), await split(recorded(name)));
  });
});
