import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Frame } from "../../src/model/memory-error.ts";
import { CythonLines } from "../../src/system/cython-lines.ts";
import { temporaryFolder, writeFiles } from "../support/folders.ts";

const GENERATED = [
  "static int helper(void) { return 0; }",
  '  /* "pkg/demo.pyx":12',
  " *     owner = Owner()",
  " */",
  "  f();",
  '/* "cpython/ref.pxd":3',
  " */",
  "  g();",
].join("\n");

suite("a line of what Cython made", () => {
  const folder = temporaryFolder();
  writeFiles(folder, { "pkg/demo.c": GENERATED, "pkg/demo.pyx": "" });
  const lines = new CythonLines();
  const frame = (line: number, changes: Partial<Frame> = {}): Frame => ({
    ...{ address: "0x1", function: "__pyx_pf_4demo_take", directory: `${folder}/pkg`, file: "demo.c", line },
    ...changes,
  });
  const placeOf = (asked: Frame): string => {
    const { directory, file, line } = lines.sourceOf(asked);
    return `${directory}/${file}:${line}`;
  };

  test("a line of what Cython made is shown as the line that it was made of, in the source beside it", () => {
    assert.equal(placeOf(frame(5)), `${folder}/pkg/demo.pyx:12`);
  });

  test("a line of what Cython made has the path that Cython knew if the source is not beside it", () => {
    assert.equal(placeOf(frame(8)), "cpython/ref.pxd:3");
  });

  test("a line stays as it is before Cython's first source line, without its file, and in functions not of Cython's", () => {
    for (const other of [frame(1), frame(5, { directory: "/nowhere" }), frame(5, { function: "take" })])
      assert.deepEqual(lines.sourceOf(other), other);
  });

  test("a line stays as it is in a file that cannot be looked for, whatever debug information calls it", () => {
    for (const directory of [`/${"long".repeat(2000)}`, "/a\0b", `${folder}/pkg/demo.c`]) {
      const other = frame(5, { directory });
      assert.deepEqual(lines.sourceOf(other), other);
    }
  });
});
