// Reads a report like the check, from a generator that writes a large one of some kind: `read-forever.ts KIND MEGABYTES`. Prints how it ended.

import { readMemcheckXml } from "../../../src/engines/memcheck/xml-reader.ts";
import { ProcessReport } from "../../../src/engines/process-report.ts";
import { readReport } from "../../../src/engines/reports.ts";
import { FindingCollection, findingOf } from "../../../src/findings/make-finding.ts";
import { MARK, PROTOCOL_VERSION } from "../../../src/probe/protocol.ts";

const FILE_START = { event: "file-start", protocol: PROTOCOL_VERSION };

const HEADER = "<valgrindoutput>\n<protocolversion>4</protocolversion><protocoltool>memcheck</protocoltool><pid>1</pid><ppid>1</ppid>\n";
const frames = (number: number): string =>
  Array.from({ length: 30 }, (_, index) => `<frame><ip>0x${index}</ip><fn>f${number}_${index}</fn></frame>`).join("");
const errorOf = (kind: string, what: string, number: number): string =>
  `<error><unique>0x1</unique><tid>1</tid><kind>${kind}</kind>${what}<stack>${frames(number)}</stack></error>\n`;

const KINDS: Readonly<Record<string, (number: number) => string>> = {
  "different errors": (number) => errorOf("InvalidRead", "<what>x</what>", number),
  "different leaks": (number) =>
    errorOf("Leak_DefinitelyLost", "<xwhat><text>x</text><leakedbytes>1</leakedbytes><leakedblocks>1</leakedblocks></xwhat>", number),
  "marks of tests": (number) =>
    `<clientmsg><tid>1</tid><text>cpython-memcheck {"event": "test-start", "id": "${number}${"x".repeat(5000)}"}</text></clientmsg>`,
  "one element": () => "<x>".repeat(1000),
};

const [kind = "", megabytes = ""] = process.argv.slice(2);
const piece = KINDS[kind];

async function* write(): AsyncGenerator<Uint8Array> {
  yield Buffer.from(
    HEADER + (kind === "one element" ? "<error>" : `<clientmsg><tid>1</tid><text>${MARK}${JSON.stringify(FILE_START)}</text></clientmsg>`),
  );
  for (let number = 0, written = 0; written < Number(megabytes) * 1e6; number++) {
    const bytes = Buffer.from(piece?.(number) ?? "");
    written += bytes.length;
    yield bytes;
  }
  if (kind !== "one element") yield Buffer.from("</valgrindoutput>");
}

const findings = new FindingCollection();
const report = new ProcessReport("live");
const engine = { read: () => readMemcheckXml(write()) };
// Any existing file: the engine reads the generated report instead.
await readReport(engine, import.meta.filename, report, (observed) =>
  findings.add(findingOf({ ...observed, engine: "memcheck", testFile: "test_x" }, { roots: ["/"] })),
);
if (report.ending === undefined) throw new Error("Nothing was read.");
const isComplete = report.ending.complete && !findings.isFull;
process.stdout.write(`${isComplete ? "complete" : "incomplete"}, at most ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`);
