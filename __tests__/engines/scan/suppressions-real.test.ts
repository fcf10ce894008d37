// Compares how the scan and the installed valgrind apply suppressions.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { before, suite, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { suppressionFor } from "../../../src/engines/scan/suppressions.ts";
import { parseLeakSuppressions } from "../../../src/findings/suppression-file.ts";
import type { MemoryError } from "../../../src/model/memory-error.ts";
import { UserError } from "../../../src/model/user-error.ts";
import { temporaryFolder, writeFiles } from "../../support/folders.ts";
import { errorsOf, readReport } from "../memcheck/xml-files.ts";

const run = promisify(execFile);
const FOLDER = temporaryFolder();
const PROGRAM = join(FOLDER, "inlined");
const FILE = join(FOLDER, "x.supp");
const XML = join(FOLDER, "report.xml");

async function leaksUnder(args: readonly string[]): Promise<readonly MemoryError[]> {
  await run("valgrind", ["--xml=yes", `--xml-file=${XML}`, "--leak-check=full", ...args, PROGRAM]);
  return errorsOf(await readReport(readFileSync(XML)));
}

type Effect = "hidden" | "reported" | "refused";

async function effectInValgrind(): Promise<Effect> {
  const leaks = await leaksUnder([`--suppressions=${FILE}`]).catch(() => undefined);
  return leaks === undefined ? "refused" : leaks.length === 0 ? "hidden" : "reported";
}

function effectInScan(leak: MemoryError): Effect {
  try {
    return suppressionFor(leak, parseLeakSuppressions(readFileSync(FILE, "utf8"), FILE)) === undefined ? "reported" : "hidden";
  } catch (error) {
    assert.ok(error instanceof UserError);
    return "refused";
  }
}

suite("the scan applies suppressions like valgrind", () => {
  let leak: MemoryError | undefined;
  before(async () => {
    const source = fileURLToPath(new URL("../memcheck/programs/inlined.c", import.meta.url));
    await run("cc", ["-g", "-O1", "-fno-optimize-sibling-calls", "-o", PROGRAM, source]);
    [leak] = await leaksUnder([]);
  });

  const DEFINITE = "match-leak-kinds: definite";
  const bodies: readonly (readonly [Effect, readonly string[]])[] = [
    ["hidden", [DEFINITE, "fun:malloc", "src:inlined.h:3"]],
    ["hidden", ["fun:malloc", "src:inlined.?"]],
    ["reported", [DEFINITE, "fun:malloc", "src:*/inlined.h"]],
    ["reported", [DEFINITE, "fun:malloc", "src:inlined.h:4"]],
    // The file and line of `middle`, which is inlined, are ignored; the next line compared is that of the third address, and so on.
    ["reported", [DEFINITE, "fun:malloc", "fun:inner", "src:inlined.c:9"]],
    ["hidden", [DEFINITE, "fun:malloc", "fun:inner", "src:inlined.c:23"]],
    ["hidden", [DEFINITE, "fun:malloc", "fun:inner", "fun:middle", "src:inlined.c:21"]],
    ["reported", [DEFINITE, "fun:malloc", "fun:inner", "fun:middle", "fun:leak", "src:inlined.c:23"]],
    ["hidden", [DEFINITE, "fun:malloc", "...", "fun:recurse", "src:inlined.c:29"]],
    ["reported", [DEFINITE, "fun:malloc", "...", "fun:main", "src:inlined.c:29"]],
    ["reported", [DEFINITE, "...", "src:inlined.c:9"]],
    ["refused", ["src:inlined.h:3"]],
    ["refused", [DEFINITE, "..."]],
    ["refused", [DEFINITE]],
    ["refused", [DEFINITE, "nonsense"]],
    ["refused", ["match-leak-kinds: definite,lost", "fun:malloc"]],
    ["reported", ["match-leak-kinds: none", "fun:malloc"]],
  ];
  for (const [effect, body] of bodies) {
    test(`the scan applies a suppression like valgrind, ${body.join(", ")}: ${effect}`, async () => {
      writeFiles(FOLDER, { "x.supp": `{\n  name\n  Memcheck:Leak\n${body.map((line) => `  ${line}\n`).join("")}}\n` });
      assert.ok(leak);
      assert.deepEqual([await effectInValgrind(), effectInScan(leak)], [effect, effect]);
    });
  }
});
