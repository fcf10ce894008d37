// The suppressions that the report offers, pasted into files for the installed valgrind.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { descriptorArgs } from "../../../src/engines/memcheck/memcheck-args.ts";
import { suppressionOf } from "../../../src/findings/suppression.ts";
import type { MemoryError } from "../../../src/model/memory-error.ts";
import { errorsOf, readReport } from "./xml-files.ts";

const run = promisify(execFile);

suite("pasted suppressions", () => {
  let folder = "";
  let version = "";
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "memcheck-suppressions-"));
    version = (await run("valgrind", ["--version"])).stdout;
  });
  after(() => rm(folder, { recursive: true, force: true }));

  async function errorsIn(program: string, suppressions: readonly string[]): Promise<readonly MemoryError[]> {
    const [file, xml] = [join(folder, "pasted.supp"), join(folder, "report.xml")];
    await writeFile(file, suppressions.join(""));
    const args = ["--xml=yes", `--xml-file=${xml}`, ...descriptorArgs(version), `--suppressions=${file}`, program];
    await run("valgrind", args);
    return errorsOf(await readReport(await readFile(xml)));
  }

  /** Each error must be gone with its own suppression, and with no other. Returns the kinds that were tried. */
  async function trySuppressions(source: string, compile: readonly string[]): Promise<readonly string[]> {
    const program = join(folder, source.replace(/\.\w+$/, ""));
    await run("c++", ["-g", "-w", "-O0", ...compile, "-o", program, fileURLToPath(new URL(`programs/${source}`, import.meta.url))]);
    const errors = await errorsIn(program, []);
    const offered = errors.map((error, index) => suppressionOf(error, `error ${index}`) ?? assert.fail(`none for ${error.kind}`));
    assert.deepEqual(await errorsIn(program, offered), []);
    for (const [index, { kind, frames }] of errors.entries()) {
      const left = await errorsIn(program, offered.toSpliced(index, 1));
      assert.deepEqual(
        left.map((error) => [error.kind, error.frames[1]?.function]),
        [[kind, frames[1]?.function]],
      );
    }
    return errors.map(({ kind }) => kind);
  }

  test("pasted suppressions suppress rare errors, each its own", async () => {
    const kinds = await trySuppressions("rare-errors.cpp", ["-std=c++17"]);
    for (const kind of ["FishyValue", "ClientCheck", "InvalidMemPool", "SyscallParam"]) assert.ok(kinds.includes(kind), kind);
  });

  test("pasted suppressions suppress bad uses of file descriptors, each its own if valgrind reports them", async () => {
    const kinds = new Set(await trySuppressions("descriptors.c", ["-x", "c"]));
    assert.deepEqual([...kinds], descriptorArgs(version).length === 0 ? [] : ["FdBadClose", "FdBadUse"]);
  });
});
