// The suppressions that findings offer against the installed valgrind, for leaks of C++ in programs/suppressions.cpp.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { fileURLToPath } from "node:url";
import { suppressionOf } from "../../../src/findings/suppression.ts";
import type { MemoryError } from "../../../src/model/memory-error.ts";
import { temporaryFolder } from "../../support/folders.ts";
import { errorsOf, readReport } from "./xml-files.ts";

const FOLDER = temporaryFolder();
const PROGRAM = join(FOLDER, "program");

/** The leaks that are left, each by the functions of its stack. */
async function leaksWith(...options: readonly string[]): Promise<readonly MemoryError[]> {
  const xml = join(FOLDER, "report.xml");
  execFileSync("valgrind", ["--xml=yes", `--xml-file=${xml}`, "--leak-check=full", "--show-leak-kinds=definite", ...options, PROGRAM], {
    stdio: "ignore",
  });
  return errorsOf(await readReport(readFileSync(xml)));
}

const stackOf = ({ frames }: MemoryError): string => frames.map((frame) => frame.function).join(" < ");

/** Which of the leaks are silenced by the suppression that is offered for this one. */
async function silencedBy(leak: MemoryError): Promise<readonly string[]> {
  const file = join(FOLDER, "offered.supp");
  writeFileSync(file, suppressionOf(leak, "offered") ?? "");
  const left = new Set((await leaksWith(`--suppressions=${file}`)).map(stackOf));
  return LEAKS.map(stackOf).filter((stack) => !left.has(stack));
}

execFileSync("g++", [
  "-g",
  "-O1",
  "-fno-optimize-sibling-calls",
  fileURLToPath(new URL("programs/suppressions.cpp", import.meta.url)),
  "-o",
  PROGRAM,
]);
const LEAKS = await leaksWith("--gen-suppressions=all");

suite("the suppression that is offered for a leak in C++ silences that leak only", () => {
  test("the suppression that is offered for a leak in C++ silences that leak only, in a program with seven of them", () =>
    assert.equal(new Set(LEAKS.map(stackOf)).size, 7));

  for (const leak of LEAKS) {
    test(`a suppression by valgrind's own names silences that leak in C++ only: ${stackOf(leak).slice(0, 80)}`, async () =>
      assert.deepEqual(await silencedBy(leak), [stackOf(leak)]));
  }

  for (const { suppression: _, ...leak } of LEAKS) {
    // By readable names alone, functions with equal names can't be distinguished.
    const namesakes = LEAKS.map(stackOf).filter((stack) => nameIn(stack) === nameIn(stackOf(leak)));
    test(`a suppression by readable names silences that leak in C++ only: ${stackOf(leak).slice(0, 80)}`, async () =>
      assert.deepEqual(await silencedBy(leak), namesakes));
  }
});

/** `load` and `copy` are overloaded. */
function nameIn(stack: string): string {
  return /ext::(load|copy)\b/.exec(stack)?.[1] ?? stack;
}
