import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { readMemcheckXml } from "../../../src/engines/memcheck/xml-reader.ts";
import type { Frame, MemoryError } from "../../../src/model/memory-error.ts";
import { chunkSizes, errorsOf, errorWith, fileWith, messagesOf, readReport, reasonOf, recorded, stackOf, WHAT } from "./xml-files.ts";

const WHOLE = ["errors", "messages", "threads", "crash", "forking-parent", "forked-child", "cpython-leaks", "cpython-suppressions"];
/** Of valgrind 3.27, which writes protocol 6. */
const NEWER = ["errors", "rare-errors", "descriptors", "crash", "forking-parent", "forked-child", "cpython-descriptors"].map(
  (name) => `${name}-3.27`,
);
const BY_HAND = ["protocol5", "protocol6"];

const functionsOf = (frames: readonly Frame[]): (string | undefined)[] => frames.map((frame) => frame.function);

suite("recorded reports", () => {
  test("whole recorded reports are complete and begin with their process", async () => {
    for (const name of [...WHOLE, ...NEWER, ...BY_HAND]) {
      const report = await readReport(recorded(name));
      assert.deepEqual(report.ending, { complete: true }, name);
      assert.equal(report.events[0]?.type, "process", name);
    }
  });

  test("the errors of a C program are read in order, with kinds, frames and suppressions", async () => {
    const errors = errorsOf(await readReport(recorded("errors")));
    const kinds = ["InvalidRead", "InvalidFree", "UninitCondition", "SyscallParam", "Overlap", "InvalidFree"];
    assert.deepEqual(
      errors.map(({ kind }) => kind),
      [...kinds, "Leak_IndirectlyLost", "Leak_DefinitelyLost"],
    );
    const [first] = errors;
    assert.deepEqual(first?.frames[0], {
      address: "0x1091C5",
      object: "/build/programs/errors",
      function: "read_freed",
      directory: "/build/programs",
      file: "errors.c",
      line: 16,
    });
    assert.equal(first?.suppression, "{\n   <insert_a_suppression_name_here>\n   Memcheck:Addr1\n   fun:read_freed\n   fun:main\n}");
    assert.equal(first?.unique, "0x0");
  });

  test("each auxiliary stack of an error belongs to the text before it, and a text may have none", async () => {
    const [freed, , uninitialised, parameter, , wild] = errorsOf(await readReport(recorded("errors")));
    const shape = (error: MemoryError | undefined): unknown => error?.auxiliary.map(({ what, frames }) => [what, functionsOf(frames)]);
    assert.deepEqual(shape(freed), [
      ["Address 0x4a40041 is 1 bytes inside a block of size 2 free'd", ["free", "read_freed", "main"]],
      ["Block was alloc'd at", ["malloc", "main"]],
    ]);
    assert.deepEqual(shape(uninitialised), [
      ["Uninitialised value was created by a heap allocation", ["malloc", "branch_on_garbage", "main"]],
    ]);
    assert.deepEqual(shape(parameter), [
      ["Location 0x1fff0005d8 is 0 bytes inside local[0],", []],
      ["declared at errors.c:35, in frame #1 of thread 1", []],
      ["Uninitialised value was created by a stack allocation", ["write_garbage"]],
    ]);
    assert.deepEqual(shape(wild), [["Address 0x10203040 is not stack'd, malloc'd or (recently) free'd", []]]);
  });

  test("a leak is read with its record, bytes and blocks, and without the sentence that repeats them", async () => {
    const leak = errorsOf(await readReport(recorded("errors"))).at(-1);
    assert.deepEqual([leak?.record, leak?.leaked, leak?.what], [2, { bytes: 64, blocks: 1 }, ""]);
  });

  test("messages in a report are read as the program printed them, without the end of their last line", async () => {
    assert.deepEqual(messagesOf(await readReport(recorded("messages"))), [
      "plain",
      "without an end of line",
      "</text></clientmsg> <error> &amp; \"quoted\" 'too' ]]>",
      "<![CDATA[ given as an argument & not as the format",
      "two\nlines",
      "  blanks around  ",
      "café € 🐍, and no UTF-8: \ufffd",
      "",
      "with a stack",
    ]);
  });

  test("a thread's name that is not valid XML is read, and inlined frames share an address", async () => {
    const report = await readReport(recorded("threads"));
    assert.deepEqual(messagesOf(report), ["from the thread"]);
    const [error] = errorsOf(report);
    assert.deepEqual(functionsOf(error?.frames ?? []), ["innermost", "middle", "work", "start_thread", "clone"]);
    assert.equal(new Set(error?.frames.slice(0, 3).map(({ address }) => address)).size, 1);
  });

  test("what suppressions hid is read as a count by their names", async () => {
    const { events } = await readReport(recorded("cpython-leaks"));
    const last = events.at(-1);
    assert.equal(last?.type, "suppressed");
    assert.equal(last?.type === "suppressed" && last.counts.get("dlopen() called without dlclose()"), 1);
  });

  test("the report of a forked child has no RUNNING, and is complete", async () => {
    const { events } = await readReport(recorded("forked-child"));
    assert.deepEqual(
      events.map(({ type }) => type),
      ["process", "message", "state", "error", "suppressed"],
    );
    assert.deepEqual(events[2], { type: "state", state: "FINISHED" });
  });

  test("the report of a process that executed another program ends after its start", async () => {
    const report = await readReport(recorded("exec-child"));
    assert.equal(reasonOf(report), "it is cut off between two elements; the last thing read was <args>");
  });

  test("CPython's long stacks are read whole, and equal frames are one object", async () => {
    const errors = errorsOf(await readReport(recorded("cpython-leaks")));
    assert.equal(errors.length, 12);
    for (const error of errors) assert.equal(error.frames.at(0)?.function, "malloc");
    const frames = errors.flatMap((error) => error.frames);
    assert.equal(frames.length, 446);
    assert.equal(new Set(frames).size, 110);
  });

  test("CPython's suppressions are read as text, once for each error", async () => {
    const errors = errorsOf(await readReport(recorded("cpython-suppressions")));
    assert.equal(errors.length, 4);
    for (const { suppression } of errors)
      assert.match(suppression ?? "", /^\{\n {3}<insert_a_suppression_name_here>\n {3}Memcheck:Leak\n.*\}$/s);
  });
});

suite("recorded reports of valgrind 3.27", () => {
  test("recorded reports of valgrind 3.27 have the same errors as those of 3.19, with the same stacks and suppressions", async () => {
    const shapes = async (name: string) =>
      errorsOf(await readReport(recorded(name))).map(({ kind, frames, leaked, suppression }) => ({
        ...{ kind, leaked, suppression },
        functions: functionsOf(frames).filter((name) => name !== undefined && !/alloc|free|strcpy|write$/.test(name)),
      }));
    const [older, newer] = [await shapes("errors"), await shapes("errors-3.27")];
    assert.deepEqual(
      newer.map(({ kind, functions, leaked }) => ({ kind, functions, leaked })),
      older.map(({ kind, functions, leaked }) => ({ kind, functions, leaked })),
    );
    for (const { suppression } of newer) assert.match(suppression ?? "", /^\{\n {3}<insert_a_suppression_name_here>\n {3}Memcheck:.*\}$/s);
  });

  test("recorded reports of valgrind 3.27 have errors of file descriptors, with when these were closed and opened", async () => {
    const errors = errorsOf(await readReport(recorded("descriptors-3.27")));
    assert.deepEqual(
      errors.map(({ kind, frames }) => [kind, frames[1]?.function]),
      [
        ["FdBadClose", "close_twice"],
        ["FdBadUse", "read_closed"],
        ["FdBadUse", "write_closed_socket"],
        ["FdBadClose", "close_inherited_twice"],
        ["FdBadUse", "read_unopened"],
        ["FdBadUse", "read_negative"],
        ["FdBadUse", "close_negative"],
      ],
    );
    assert.deepEqual(
      errors[2]?.auxiliary.map(({ what, frames }) => [what, ...functionsOf(frames).slice(0, 2)]),
      [
        ["Previously closed", "close", "write_closed_socket"],
        ["Originally opened", "socketpair", "write_closed_socket"],
      ],
    );
    assert.match(errors[0]?.suppression ?? "", /CoreError:FdBadClose\n {3}fun:close\n {3}fun:close_twice/);
  });

  test("reports are read if a summary lacks an end tag (valgrind bug 514613, fixed in 3.27)", async () => {
    const text = Buffer.from(recorded("errors-3.27")).toString();
    const older = text.replace("  </still_reachable>\n", "");
    assert.notEqual(older, text);
    assert.deepEqual(await readReport(older), await readReport(text));
  });

  test("in recorded reports of valgrind 3.27, errors are distinguished from the summaries that follow", async () => {
    const types = async (name: string) => (await readReport(recorded(name))).events.map(({ type }) => type);
    assert.deepEqual(await types("forking-parent-3.27"), ["process", "state", "message", "state", "error", "suppressed"]);
    assert.deepEqual(await types("forked-child-3.27"), ["process", "message", "state", "error", "suppressed"]);
    assert.deepEqual(await types("crash-3.27"), ["process", "state", "error", "state", "suppressed"]);
  });

  test("recorded reports of valgrind 3.27 are incomplete if the process executed another program, or was killed", async () => {
    const reason = async (name: string) => reasonOf(await readReport(recorded(name)));
    assert.equal(await reason("exec-child-3.27"), "it is cut off between two elements; the last thing read was <args>");
    assert.equal(await reason("killed-3.27"), "it is cut off between two elements; the last thing read was <status> RUNNING");
  });
});

suite("damaged files", () => {
  const reason = async (content: string | Uint8Array): Promise<string> => reasonOf(await readReport(content));

  test("a file that is not a memcheck report is named", async () => {
    assert.equal(await reason(""), "it is empty");
    assert.equal(await reason("==12== Memcheck, …"), 'it is not valgrind\'s XML: it begins with "==12== Memcheck, …"');
    assert.equal(await reason(recorded("helgrind")), 'it was written by "helgrind", not by memcheck');
    const old = "<valgrindoutput><protocolversion>3</protocolversion><preamble></preamble></valgrindoutput>";
    assert.equal(await reason(old), "it follows protocol 3 of valgrind's XML, and only 4 to 6 are known");
    assert.match(await reason(old.replace("3", "7")), /^it follows protocol 7 /);
    assert.equal(await reason("<valgrindoutput><pid>1</pid><args/>"), "it does not begin with valgrind's protocol and tool");
  });

  test("a cut in a report is named with the last thing before it", async () => {
    const text = Buffer.from(recorded("errors")).toString();
    const end = text.indexOf("</error>", text.indexOf("<kind>InvalidFree"));
    assert.equal(await reason(text.slice(0, end)), "it is cut off inside of <error>; the last thing read was <error> 0x0 (InvalidRead)");
    const last = "the last thing read was <error> 0x1 (InvalidFree)";
    assert.equal(await reason(text.slice(0, end + 8)), `it is cut off between two elements; ${last}`);
    assert.equal(
      await reason(text.slice(0, text.indexOf("<status>") + 4)),
      "it is cut off inside of a tag; the last thing read was <args>",
    );
  });

  test("a malformed error in a report is named, and the others are read", async () => {
    const good = errorWith(WHAT + stackOf("0x1"));
    for (const [bad, why] of [
      [errorWith(`${WHAT}<a><b></a></b>`), "Expected closing tag 'b' (opened in line 6, col 4) instead of closing tag 'a'."],
      [errorWith(stackOf("0x1")), "it has no <what>"],
      [errorWith(`${WHAT}<stack><frame><fn>f</fn></frame></stack>`), "it has no <ip>"],
      [errorWith(`${WHAT}<stack><frame><ip>0x1</ip><line>x</line></frame></stack>`), '<line> is not a whole number: "x"'],
      [errorWith(`${WHAT}<stack><frame><ip>0x1</ip></frame>`), "a <stack> does not end"],
      [errorWith(`${WHAT}<stack>text</stack>`), "a <stack> holds something else than <frame>"],
      [errorWith(`${WHAT}<stack><ip>0x1</ip></frame></stack>`), "Closing tag 'frame' has not been opened."],
      [
        errorWith("<xwhat><text>t</text><leakedbytes>9007199254740993</leakedbytes></xwhat>"),
        '<leakedbytes> is not a whole number: "9007199254740993"',
      ],
      [errorWith("<xwhat><text>t</text><leakedbytes>1</leakedbytes></xwhat>"), "it has no <leakedblocks>"],
      [errorWith(`<!DOCTYPE a [<!ENTITY b "c">]>${WHAT}`), "it has a document type"],
    ] as const) {
      const report = await readReport(fileWith(bad + good));
      assert.equal(reasonOf(report), `<error> 0x1a is malformed: ${why}`);
      assert.equal(errorsOf(report).length, 1);
    }
  });

  test("an error inside an element that the reader skips is reported, not lost", async () => {
    const error = errorWith(WHAT);
    assert.equal(await reason(fileWith(`<leak_summary>${error}</leak_summary>`)), "<leak_summary> 0x1a is malformed: it holds an <error>");
    assert.equal(await reason(fileWith(`<usercomment>${error}</usercomment>\n\n<args></args>`)), "");
  });

  test("several problems of one report are counted", async () => {
    const bad = "<status><state>PAUSED</state></status>";
    assert.equal(await reason(fileWith(bad + bad + bad)), '<status> is malformed: its state is "PAUSED" (and 2 more problems)');
  });

  test("a bad number in a report's header is named, and no process is invented", async () => {
    const report = await readReport(fileWith("").replace("<pid>2", "<pid>x"));
    assert.equal(reasonOf(report), 'it does not say which process it is about; <pid> is malformed: <pid> is not a whole number: "x"');
    assert.deepEqual(report.events, []);
    assert.equal(await reason(fileWith("<pid>3</pid>")), "<pid> is malformed: the file has it twice");
  });

  test("text between a report's elements, and whatever follows its end, is named", async () => {
    assert.match(await reason(fileWith("printed by the program")), /^something else than XML elements stands at byte \d+$/);
    assert.match(await reason(`${fileWith("")}\0\0\0`), /^something else than XML elements stands at byte \d+$/);
  });

  test("an element of a report that is too large is named, and the rest is read", async () => {
    const large = errorWith(`  <what>${"x".repeat(17 * 1024 * 1024)}</what>\n`);
    const report = await readReport(fileWith(large + errorWith(WHAT)));
    assert.match(reasonOf(report), /^the <error> at byte \d+ is too large to be memcheck's$/);
    assert.equal(errorsOf(report).length, 1);
  });

  test("errors of the stream of a report pass through", async () => {
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(fileWith(""));
      throw new Error("EIO");
    }
    const events = readMemcheckXml(failing());
    await assert.rejects(async () => {
      while (!(await events.next()).done);
    }, /EIO/);
  });
});

suite("laws", () => {
  const files = [...WHOLE.filter((name) => !name.startsWith("cpython")), ...NEWER, ...BY_HAND].map(recorded);

  test("the same bytes of a report give the same events and ending in chunks of any sizes", async () => {
    const property = fc.asyncProperty(fc.constantFrom(...files), chunkSizes, async (file, sizes) => {
      assert.deepEqual(await readReport(file, sizes), await readReport(file));
    });
    await fc.assert(property, { numRuns: 60 });
  });

  test("a report without its end is never complete, and gives the first events of the whole report", async () => {
    const property = fc.asyncProperty(fc.constantFrom(...files), fc.double({ min: 0, max: 1, noNaN: true }), async (file, part) => {
      const end = Buffer.from(file).lastIndexOf("</valgrindoutput>") + "</valgrindoutput".length;
      const cut = await readReport(file.subarray(0, Math.round(part * end)));
      assert.match(reasonOf(cut), /^it is (cut off|empty|not valgrind's XML)/);
      assert.deepEqual(cut.events, (await readReport(file)).events.slice(0, cut.events.length));
    });
    await fc.assert(property, { numRuns: 150 });
  });

  test("reading any bytes, also in the middle of a report, ends without an exception", async () => {
    const place = fc.double({ min: 0, max: 1, noNaN: true });
    const property = fc.asyncProperty(
      fc.constantFrom(...files),
      place,
      fc.uint8Array({ maxLength: 40 }),
      place,
      async (file, at, bytes, keep) => {
        const start = Math.round(at * file.length);
        const rest = Math.round(start + keep * (file.length - start));
        await readReport(Buffer.concat([file.subarray(0, start), bytes, file.subarray(rest)]));
      },
    );
    await fc.assert(property, { numRuns: 300 });
  });

  test("a report with mixed-up tags is read to the end, or reported as incomplete", async () => {
    const tags = [
      "<status>",
      "</status>",
      "<args>",
      "</args>",
      "<error>",
      "</error>",
      "<stack>",
      "</stack>",
      "<frame>",
      "</frame>",
      "]]>",
      "<what>",
      "</what>",
      "&",
      "<",
    ];
    const body = fc.array(fc.constantFrom(...tags, "<ip>0x1</ip>", "<unique>0x1</unique>", "<tid>1</tid>", "<kind>k</kind>", "text"));
    const property = fc.asyncProperty(body, async (parts) => {
      const text = parts.join("");
      const report = await readReport(fileWith(text));
      const lost = text.split("<error>").length - 1 - errorsOf(report).length;
      if (lost > 0) assert.notEqual(reasonOf(report), "");
    });
    await fc.assert(property, { numRuns: 500 });
  });
});
