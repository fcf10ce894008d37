import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { MemoryError } from "../../../src/model/memory-error.ts";
import { errorsOf, errorWith, fileWith, readReport, reasonOf, recorded, stackOf, WHAT } from "./xml-files.ts";

/** Each auxiliary text with the addresses of its stack. */
const auxiliaryOf = (error: MemoryError | undefined): [string, string[]][] =>
  (error?.auxiliary ?? []).map(({ what, frames }) => [what, frames.map(({ address }) => address)]);

async function readOne(error: string): Promise<MemoryError | undefined> {
  const report = await readReport(fileWith(error));
  assert.equal(reasonOf(report), "");
  return errorsOf(report)[0];
}

suite("what one error may be made of", () => {
  test("two lines of text in an error are two lines", async () => {
    const error = await readOne(errorWith(`${WHAT}  <xwhat>\n    <text>second &lt;line&gt;</text>\n  </xwhat>\n${stackOf("0x1")}`));
    assert.equal(error?.what, "Invalid read of size 1\nsecond <line>");
  });

  test("stacks and texts of an error may alternate in any way", async () => {
    const parts = [WHAT, stackOf("0x1", "0x2"), "<auxwhat>a</auxwhat>", "<auxwhat>b</auxwhat>", stackOf("0x3"), stackOf("0x4")];
    const error = await readOne(errorWith(`${parts.join("")}<xauxwhat><text>c</text> <file>f.c</file> <line>1</line></xauxwhat>`));
    assert.deepEqual(
      error?.frames.map(({ address }) => address),
      ["0x1", "0x2"],
    );
    assert.deepEqual(auxiliaryOf(error), [
      ["a", []],
      ["b", ["0x3"]],
      ["", ["0x4"]],
      ["c", []],
    ]);
  });

  test("a stack after a text of an error belongs to the text, even if the error has no other stack", async () => {
    const error = await readOne(errorWith(`${WHAT}<auxwhat>a</auxwhat>${stackOf("0x1")}`));
    assert.deepEqual(error?.frames, []);
    assert.deepEqual(auxiliaryOf(error), [["a", ["0x1"]]]);
  });

  test("the origin of an error in a separate element is a text with a stack", async () => {
    const error = await readOne(errorWith(`${WHAT}${stackOf("0x1")}<origin><what>created here</what>${stackOf("0x2")}</origin>`));
    assert.deepEqual(auxiliaryOf(error), [["created here", ["0x2"]]]);
    assert.equal(error?.what, "Invalid read of size 1");
  });

  test("numbers and names of an error stay as they are written", async () => {
    const error = await readOne(errorWith(`${WHAT}  <stack><frame><ip>0x1E5</ip><fn>007</fn><file>1e3</file></frame></stack>`));
    assert.equal(error?.unique, "0x1a");
    assert.deepEqual(error?.frames, [{ address: "0x1E5", function: "007", file: "1e3" }]);
  });

  test("the suppression of an error may hold any tag, and several CDATA", async () => {
    const rawtext = "<![CDATA[\n{\n   </error></suppression></rawtext><stack> &lt;]]]]><![CDATA[>\n}\n]]>\n";
    const frames = "<sframe> <fun>f</fun> </sframe>";
    const error = await readOne(errorWith(`${WHAT}<suppression><sname>n</sname>${frames}<rawtext>\n${rawtext}</rawtext></suppression>`));
    assert.equal(error?.suppression, "{\n   </error></suppression></rawtext><stack> &lt;]]>\n}");
  });
});

suite("protocols 5 and 6", () => {
  test("errors of file descriptors are read though valgrind does not escape their paths", async () => {
    const [closed, open, inherited] = errorsOf(await readReport(recorded("protocol5")));
    assert.equal(closed?.what, "File descriptor 4: /data/R&D <1>.txt is already closed");
    assert.deepEqual(auxiliaryOf(closed), [
      ["Previously closed", ["0x1002"]],
      ["Originally opened", ["0x1003"]],
    ]);
    assert.equal(open?.kind, "FdNotClosed");
    assert.deepEqual(inherited?.frames, []);
  });

  test("a text of an error that some version of valgrind does escape is read as well", async () => {
    const error = await readOne(errorWith("  <fd>4</fd>\n  <path>/a&amp;b&lt;</path>\n  <what>/a&amp;b&lt; is closed</what>"));
    assert.equal(error?.what, "/a&b< is closed");
  });

  test("summaries and signals of protocols 5 and 6 are passed over, and unknown kinds kept", async () => {
    const report = await readReport(recorded("protocol6"));
    assert.deepEqual(
      report.events.map(({ type }) => type),
      ["process", "state", "error", "message", "state", "error", "suppressed"],
    );
    const [first, leak] = errorsOf(report);
    assert.equal(first?.kind, "InvalidAlignment");
    assert.equal(first?.frames[0]?.function, "operator new(unsigned long, std::align_val_t, std::nothrow_t const&)");
    assert.deepEqual(leak?.leaked, { bytes: 1048, blocks: 3 });
  });
});
