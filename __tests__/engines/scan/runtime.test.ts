import assert from "node:assert/strict";
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { findRuntime } from "../../../src/engines/scan/runtime.ts";
import { UserError } from "../../../src/model/user-error.ts";
import { Processes } from "../../../src/system/processes.ts";
import { temporaryFolder, writeFiles } from "../../support/folders.ts";

/** A folder with compilers that answer `-print-file-name` with these words. */
function compilers(answers: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  for (const [name, answer] of Object.entries(answers)) {
    writeFiles(folder, { [name]: `#!/bin/sh\nprintf '%s\\n' '${answer}'\n` });
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
}

function find(compiler: string, answers: Readonly<Record<string, string>>): Promise<string> {
  return findRuntime(compiler, new Processes({ PATH: compilers(answers) }));
}

suite("the leak sanitizer's runtime", () => {
  const runtime = temporaryFolder();
  writeFiles(runtime, { "liblsan.so.0": "" });
  const path = join(runtime, "liblsan.so.0");

  test("the leak sanitizer's runtime is where the compiler says", async () => {
    assert.equal(await find("gcc", { gcc: path }), path);
    assert.equal(await find("gcc-14 -m64", { "gcc-14": path }), path);
  });

  test("gcc's leak sanitizer is taken if the compiler does not know its own, and prints the bare name", async () => {
    assert.equal(await find("clang", { clang: "liblsan.so.0", gcc: path }), path);
    assert.equal(await find("clang", { clang: join(runtime, "missing"), cc: "liblsan.so.0", gcc: path }), path);
  });

  test("a missing runtime of the leak sanitizer is named with the package that has it", async () => {
    const isRight = (error: unknown): boolean => error instanceof UserError && /`liblsan0`.*`scan: none`/.test(error.hint ?? "");
    await assert.rejects(find("clang", { clang: "liblsan.so.0", gcc: "liblsan.so.0" }), isRight);
    await assert.rejects(find("clang", {}), isRight);
  });

  test("the leak sanitizer's runtime of this machine's compiler is there", async () => {
    assert.match(await findRuntime("cc", new Processes(process.env)), /liblsan\.so\.0$/);
  });
});
