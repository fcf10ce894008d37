import assert from "node:assert/strict";
import { truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { encodeList, RUN_BY_ALL, recordSize, WAS_RUN, type Watched } from "../../../src/affected/footprint-files.ts";
import { FootprintRecorder } from "../../../src/engines/scan/footprint-recorder.ts";
import { temporaryFolder } from "../../support/folders.ts";

test("a record that a test made too large is unreadable", async () => {
  const folder = temporaryFolder();
  const recorder = await FootprintRecorder.open({ objects: [], roots: [], isStrict: false }, folder);
  const record = join(folder, "7.footprint");
  writeFileSync(record, "");
  truncateSync(record, 2 ** 40);
  await recorder.take({ test: "test_x", folder, pid: 7 });
  assert.deepEqual([...recorder.gaps()], [["test_x", "unreadable"]]);
});

test("a record is unreadable if it names a folder that is not watched", async () => {
  const folder = temporaryFolder();
  const objects = [{ path: "/python", functions: [{ address: 1, keys: [RUN_BY_ALL] }] }];
  const watched: Watched = { objects, roots: [{ path: "/tree", prefix: "" }], isStrict: false };
  const recorder = await FootprintRecorder.open(watched, folder);
  for (const [pid, line] of ["00a.py\n", "01a.py\n"].entries()) {
    const record = Buffer.alloc(recordSize(1));
    // The number that begins both files.
    Buffer.from(encodeList(watched)).copy(record, 0, 0, 4);
    for (const [index, word] of [1, 0, line.length].entries()) record.writeUInt32LE(word, 4 * (index + 1));
    record.write(line, 16 + 8192 * 8);
    record[recordSize(1) - 1] = WAS_RUN;
    writeFileSync(join(folder, `${pid}.footprint`), record);
    await recorder.take({ test: `test_${pid}`, folder, pid });
  }
  assert.deepEqual([...recorder.gaps()], [["test_1", "unreadable"]]);
});
