import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { ArchiveError, BASELINE_ENTRY, unpackEntry } from "../../../src/hosts/github/archive.ts";
import { zip } from "../../support/zip.ts";

const unpackBaseline = (archive: Uint8Array): Promise<Uint8Array> => unpackEntry(archive, BASELINE_ENTRY);
const CONTENT = Buffer.from("a baseline, packed");

suite("a baseline's archive", () => {
  test("a baseline's archive is unpacked to the bytes of its one file", async () => {
    assert.deepEqual(await unpackBaseline(zip({ name: BASELINE_ENTRY, content: CONTENT })), CONTENT);
  });

  test("a baseline's archive may be a part of a larger buffer", async () => {
    const archive = zip({ name: BASELINE_ENTRY, content: CONTENT });
    const padded = Buffer.concat([Buffer.alloc(5), archive, Buffer.alloc(7)]);
    assert.deepEqual(await unpackBaseline(padded.subarray(5, 5 + archive.length)), CONTENT);
  });

  const refused: readonly (readonly [string, Buffer, RegExp])[] = [
    ["of another name", zip({ name: "baseline.json", content: CONTENT }), /its file is called "baseline\.json"/],
    ["that leads out of a folder", zip({ name: `../../${BASELINE_ENTRY}`, content: CONTENT }), /invalid relative path/],
    ["that is absolute", zip({ name: `/etc/${BASELINE_ENTRY}`, content: CONTENT }), /absolute path/],
    ["with a backslash", zip({ name: `..\\${BASELINE_ENTRY}`, content: CONTENT }), /invalid characters in fileName/],
    ["that claims to be huge", zip({ name: BASELINE_ENTRY, content: CONTENT, claimed: 1e9 }), /its file has 1000000000 bytes/],
    ["that is larger than it claims", zip({ name: BASELINE_ENTRY, content: Buffer.alloc(50_000_000), claimed: 9 }), /too many bytes/],
    ["that is smaller than it claims", zip({ name: BASELINE_ENTRY, content: CONTENT, claimed: 99 }), /not enough bytes/],
  ];
  for (const [what, archive, why] of refused) {
    test(`a baseline's archive with a file ${what} is refused`, async () => {
      await assert.rejects(unpackBaseline(archive), (error) => error instanceof ArchiveError && why.test(error.message));
    });
  }

  test("a baseline's archive with no file or several is refused", async () => {
    await assert.rejects(unpackBaseline(zip()), /it has 0 files/);
    const twice = { name: BASELINE_ENTRY, content: CONTENT };
    await assert.rejects(unpackBaseline(zip(twice, twice)), /it has 2 files/);
  });

  test("a baseline's archive of any bytes, also a damaged one, is unpacked or refused with a reason", async () => {
    const whole = zip({ name: BASELINE_ENTRY, content: CONTENT });
    const damaged = fc
      .tuple(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }))
      .map(([at, change]) => Buffer.from(whole.map((byte, index) => (index === at ? byte ^ change : byte))));
    await fc.assert(
      fc.asyncProperty(fc.oneof(damaged, fc.uint8Array({ maxLength: 200 })), async (bytes) => {
        const outcome = await unpackBaseline(bytes).catch((error: unknown) => error);
        assert.ok(outcome instanceof Uint8Array || (outcome instanceof ArchiveError && outcome.message !== ""), String(outcome));
      }),
    );
  });
});
