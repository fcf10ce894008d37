import assert from "node:assert/strict";
import { join } from "node:path";
import { suite, test } from "node:test";
import type { Ending } from "../../../src/engines/engine.ts";
import { Symbols } from "../../../src/engines/scan/symbols.ts";
import { readTortureJournal } from "../../../src/engines/torture/torture-journal.ts";
import type { TortureCounts } from "../../../src/engines/torture/torture-lines.ts";
import type { EngineEvent } from "../../../src/model/memory-error.ts";
import { MARK, PROTOCOL_VERSION } from "../../../src/probe/protocol.ts";
import { Processes } from "../../../src/system/processes.ts";
import { temporaryFolder, writeFiles } from "../../support/folders.ts";

const FOLDER = temporaryFolder();

/** A line as Python's json.dumps writes it. */
const line = (event: string, fields: Readonly<Record<string, unknown>> = {}): string =>
  `${MARK}{${Object.entries({ event, ...fields })
    .map(([name, value]) => `"${name}": ${JSON.stringify(value)}`)
    .join(", ")}}\n`;

const PLAN = line("torture-plan", { tests: 3, leftOut: { slow: 1, failing: 0 }, sites: 20, chosen: 10, seconds: 0.5 });

const COUNTS = { injections: 20, unreached: 0, hangs: 0, afterHangs: 0, unconfirmed: 0, children: 2, crashes: 0 };

const END = line("torture-end", { unfinished: 0, seconds: 1.5, cpu: 1.2, ...COUNTS });

const FINDING = line("torture-finding", {
  kind: "leak",
  flavor: "once",
  site: ["f"],
  failed: [["/nowhere/x.so", 16]],
  frames: [[null, 32]],
  blocks: 1,
  bytes: 8,
});

async function read(text: string) {
  writeFiles(FOLDER, { "1.jsonl": text });
  const lines: TortureCounts[] = [];
  const reading = readTortureJournal(join(FOLDER, "1.jsonl"), new Symbols(new Processes(process.env)), (one) => lines.push(one));
  const events: EngineEvent[] = [];
  for (;;) {
    const step = await reading.next();
    if (step.done) return { events, lines, ending: step.value satisfies Ending };
    events.push(step.value);
  }
}

const damaged = (detail: string) => ({ code: "report-damaged", detail });

suite("a journal of torture", () => {
  test("a torture journal gives findings as errors, in order with the marks, and the totals separately", async () => {
    const { events, lines, ending } = await read(
      line("file-start", { protocol: PROTOCOL_VERSION }) + PLAN + line("test-start", { id: "t" }) + FINDING + END,
    );
    assert.deepEqual(ending, { complete: true });
    assert.deepEqual(
      events.map((event) => (event.type === "error" ? event.error.kind : event.type)),
      ["message", "message", "ErrorPathLeak"],
    );
    assert.deepEqual(
      lines.map((one) => [one.event, one.seconds]),
      [
        ["torture-plan", 0.5],
        ["torture-end", 1.5],
      ],
    );
  });

  test("a journal of torture is incomplete without its end, if something was not watched, or with a damaged line", async () => {
    assert.deepEqual((await read(PLAN)).ending, { complete: false, fault: damaged("it does not say what was tried") });
    const why = { code: "failures-not-tried", left: 3, planned: 4, seconds: 60 };
    assert.deepEqual((await read(PLAN + line("watch-failed", { why }) + END)).ending, {
      complete: false,
      fault: { code: "watch-failed", why },
    });
    assert.deepEqual((await read(`${PLAN}${MARK}{"event": "torture-finding", "kind": "odd"}\n${END}`)).ending, {
      complete: false,
      fault: damaged("a line of it cannot be read"),
    });
  });
});
