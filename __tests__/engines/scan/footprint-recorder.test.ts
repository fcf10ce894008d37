import assert from "node:assert/strict";
import { truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
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
