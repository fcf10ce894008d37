import assert from "node:assert/strict";
import { join } from "node:path";
import { suite, test } from "node:test";
import type { Ending } from "../../../src/engines/engine.ts";
import { readJournal } from "../../../src/engines/scan/journal.ts";
import { Symbols } from "../../../src/engines/scan/symbols.ts";
import type { LeakSuppression } from "../../../src/findings/suppression-file.ts";
import type { EngineEvent } from "../../../src/model/memory-error.ts";
import { MARK, PROTOCOL_VERSION } from "../../../src/probe/protocol.ts";
import { PLANTED } from "../../../src/probe/provide.ts";
import { Processes } from "../../../src/system/processes.ts";
import { temporaryFolder, writeFiles } from "../../support/folders.ts";

const FOLDER = temporaryFolder();

/** Lines as the runner writes them. */
function line(event: string, fields: Readonly<Record<string, unknown>> = {}): string {
  const text = Object.entries({ event, ...fields }).map(([name, value]) => `"${name}": ${JSON.stringify(value)}`);
  return `${MARK}{${text.join(", ")}}\n`;
}

const SUPPRESSION: LeakSuppression = { name: "too wide", file: "/all.supp", line: 2, frames: [{ of: "function", glob: "*" }] };

const LEAK = { record: 7, blocks: 2, direct: 48, indirect: 0, frames: [["/nowhere/x.so", 16]] };

async function read(
  text: string,
  suppression?: LeakSuppression,
  maxFrames?: number,
): Promise<{ events: readonly EngineEvent[]; ending: Ending }> {
  writeFiles(FOLDER, { "1.jsonl": text });
  const reading = readJournal(join(FOLDER, "1.jsonl"), new Symbols(new Processes(process.env)), () => suppression, maxFrames);
  const events: EngineEvent[] = [];
  for (let step = await reading.next(); ; step = await reading.next()) {
    if (step.done) return { events, ending: step.value };
    events.push(step.value);
  }
}

suite("a journal of the scan", () => {
  test("a scan journal gives events and leaks in their order", async () => {
    const { events, ending } = await read(
      line("file-start", { protocol: PROTOCOL_VERSION }) + line("leak", LEAK) + line("leak-check", { of: "file" }),
    );
    assert.deepEqual(ending, { complete: true });
    assert.deepEqual(
      events.map((event) => (event.type === "message" ? event.text.slice(MARK.length) : event.type)),
      [`{"event": "file-start", "protocol": ${PROTOCOL_VERSION}}`, "error", '{"event": "leak-check", "of": "file"}'],
    );
  });

  test("a journal of the scan has the same stack with tracemalloc's frames as without them", async () => {
    const names = ["tracemalloc_alloc", "tracemalloc_malloc_gil", ...Array.from({ length: 20 }, (_, index) => `f${index}`)];
    writeFiles(FOLDER, { "x.c": names.map((name) => `int ${name}(void) { return 1; }`).join("\n") });
    const processes = new Processes(process.env);
    const object = join(FOLDER, "x.so");
    await processes.output("gcc", ["-g", "-shared", "-fPIC", join(FOLDER, "x.c"), "-o", object]);
    const listing = (await processes.run("nm", [object])).stdout;
    const placeOf = (name: string) => [object, Number.parseInt(new RegExp(`^([0-9a-f]+) T ${name}$`, "m").exec(listing)?.[1] ?? "", 16)];
    const [tracing, own] = [names.slice(0, 2).map(placeOf), names.slice(2).map(placeOf)];
    const stackOf = async (frames: readonly unknown[]) => {
      const { events } = await read(line("leak", { ...LEAK, frames }), undefined, 16);
      return events.flatMap((event) => (event.type === "error" ? event.error.frames.map((one) => one.function) : []));
    };
    assert.deepEqual(await stackOf([...tracing, ...own.slice(0, 18)]), await stackOf(own.slice(0, 16)));
    assert.deepEqual(await stackOf(own.slice(0, 16)), names.slice(2, 18));
  });

  test("a scan journal gives growth with the path that keeps it before its stack", async () => {
    const growth = {
      record: 3,
      blocks: 2,
      object: { type: "Entry", refcount: 1 },
      path: ["json.KEPT: list"],
      frames: [["/nowhere/x.so", 16]],
    };
    const { events } = await read(line("growth", growth) + line("growth", { ...growth, object: null, path: [] }));
    const shown = events.map((event) =>
      event.type === "error" ? [event.error.kind, event.error.references, event.error.frames[0]?.function, event.error.example?.type] : [],
    );
    assert.deepEqual(shown, [
      ["Growth", 2, "(json.KEPT: list → Entry)", "Entry"],
      ["Growth", 2, "(C code → memory)", undefined],
    ]);
  });

  test("a scan journal gives a leak as memcheck would", async () => {
    const { events } = await read(line("leak", { ...LEAK, indirect: 16 }));
    assert.deepEqual(events, [
      {
        type: "error",
        error: {
          unique: "7",
          kind: "Leak_DefinitelyLost",
          what: "",
          frames: [{ address: "0x10", object: "/nowhere/x.so" }],
          auxiliary: [],
          record: 7,
          leaked: { bytes: 64, blocks: 2 },
        },
      },
    ]);
  });

  test("a scan journal leaves out suppressed leaks, and counts them", async () => {
    const counts = new Map([["too wide", 1]]);
    assert.deepEqual(await read(line("leak", LEAK), SUPPRESSION), { events: [{ type: "suppressed", counts }], ending: { complete: true } });
  });

  test("a journal of the scan is incomplete if a suppression hides the planted leak, and names the suppression", async () => {
    const folder = temporaryFolder();
    const [name] = PLANTED.leaks;
    writeFiles(folder, { "x.c": `void *\n${name}(void)\n{\n    return 0;\n}\n` });
    const [source, library] = [join(folder, "x.c"), join(folder, "x.so")];
    const processes = new Processes(process.env);
    await processes.output("cc", ["-g", "-shared", "-fPIC", "-o", library, source]);
    const address = new RegExp(`^([0-9a-f]+) T ${name}$`, "m").exec(await processes.output("nm", [library]))?.[1] ?? "";
    const frames = [[library, Number.parseInt(address, 16)]];
    const { ending } = await read(line("leak", { ...LEAK, frames }), SUPPRESSION);
    const fault = { code: "suppression-too-wide", name: "too wide", file: "/all.supp", line: 2 };
    assert.deepEqual(ending, { complete: false, fault });
  });

  const incomplete: readonly (readonly [string, string, RegExp])[] = [
    ["that is cut off in a line", `${line("file-start", { protocol: PROTOCOL_VERSION })}${MARK}{"event": "file-st`, /cut off/],
    ["with a failure of no known kind", line("watch-failed", { why: { code: "odd" } }), /cannot be read/],
    ["with a leak that makes no sense", line("leak", { ...LEAK, blocks: "many" }), /cannot be read/],
    ["of another version of the protocol", line("file-start", { protocol: PROTOCOL_VERSION + 1 }), /cannot be read/],
    ["with a leak that is not JSON", `${MARK}{"event": "leak", \n`, /cannot be read/],
  ];
  for (const [what, text, reason] of incomplete) {
    test(`a journal of the scan ${what} is incomplete`, async () => {
      const { ending } = await read(text);
      assert.match(ending.complete || ending.fault.code !== "report-damaged" ? "" : ending.fault.detail, reason);
    });
  }

  test("a journal of a scan that could not watch everything is incomplete", async () => {
    const why = { code: "too-many-stacks", stacks: 6000 };
    const { ending } = await read(line("watch-failed", { why }));
    assert.deepEqual(ending, { complete: false, fault: { code: "watch-failed", why } });
  });

  test("a scan journal passes on text of a test as an unknown message", async () => {
    const { events, ending } = await read("::error::hello\n\n");
    assert.deepEqual(events, [
      { type: "message", text: "::error::hello" },
      { type: "message", text: "" },
    ]);
    assert.deepEqual(ending, { complete: true });
  });
});
