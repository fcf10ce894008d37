import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type LifecycleJournal, readLifecycleJournal } from "../../../src/engines/lifecycle/lifecycle-journal.ts";
import { type Place, Symbols } from "../../../src/engines/scan/symbols.ts";
import type { Frame } from "../../../src/model/memory-error.ts";
import { MARK } from "../../../src/probe/protocol.ts";
import { PLANTED } from "../../../src/probe/provide.ts";
import { Processes } from "../../../src/system/processes.ts";

/** Knows the functions of one library by their offsets. */
class KnownSymbols extends Symbols {
  override framesAt([object, offset]: Place): readonly Frame[] {
    return [{ address: `${offset}`, object: `${object}`, function: offset === 1 ? PLANTED.leaks[0] : `function_${offset}` }];
  }
}

function line(fields: Readonly<Record<string, unknown>>): string {
  return `${MARK}${JSON.stringify(fields)}\n`;
}

const left = (offset: number, blocks = 1): string =>
  line({ event: "left", blocks, bytes: blocks * 8, frames: [["/nowhere/x.so", offset]] });
const PROOF = left(1);
const END = line({ event: "rounds", measured: 3 });

function read(text: string): Promise<LifecycleJournal> {
  return readLifecycleJournal(text, new KnownSymbols(new Processes(process.env)));
}

suite("a journal of interpreters that start and end", () => {
  test("a lifecycle journal gives the blocks that each interpreter leaves behind, without the planted ones", async () => {
    assert.deepEqual(await read(left(7, 2) + PROOF + END), {
      kind: "whole",
      errors: [
        {
          unique: "0",
          kind: "Leak_PerInterpreter",
          what: "",
          frames: [{ address: "7", object: "/nowhere/x.so", function: "function_7" }],
          auxiliary: [],
          leaked: { bytes: 16, blocks: 2 },
        },
      ],
    });
  });

  test("a journal of interpreters has the same order whatever the order of its lines, most blocks first", async () => {
    const lines = [left(9), left(7, 2), left(8), PROOF];
    const [one, other] = [await read(lines.join("") + END), await read(lines.toReversed().join("") + END)];
    assert.deepEqual(one, other);
    assert.deepEqual(one.kind === "whole" ? one.errors.map(({ frames }) => frames[0]?.function) : one.why, [
      "function_7",
      "function_8",
      "function_9",
    ]);
  });

  test("a journal of interpreters proves nothing without the planted leak or its end, or if a line or block is lost", async () => {
    for (const text of [
      "",
      END,
      left(7) + END,
      PROOF,
      PROOF.replace("}", "") + END,
      line({ event: "watch-failed", why: { code: "too-many-survivors" } }) + PROOF + END,
    ]) {
      assert.equal((await read(text)).kind, "unusable", text);
    }
  });
});
