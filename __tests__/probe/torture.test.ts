import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import { before, suite, test } from "node:test";
import { ROOT } from "../support/command.ts";
import { temporaryFolder } from "../support/folders.ts";

suite("failing allocations", () => {
  const folder = temporaryFolder();

  before(() => {
    const gcc = (...args: string[]) => execFileSync("gcc", ["-O1", "-g", "-fno-omit-frame-pointer", ...args], { cwd: folder });
    const sources = {
      torture: join(ROOT, "src", "probe", "torture.c"),
      program: join(ROOT, "__tests__", "probe", "programs", "torture-program.c"),
    };
    gcc("-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o", "torture.so", sources.torture);
    gcc("-fno-builtin", "-fno-optimize-sibling-calls", "-o", "program", sources.program, "-L.", "-l:torture.so", `-Wl,-rpath,${folder}`);
  });

  function run(what: string): string {
    const ended = spawnSync(join(folder, "program"), [what], { encoding: "utf8", timeout: 20_000 });
    assert.equal(ended.status, 0, ended.stderr);
    return ended.stdout;
  }

  test("an allocation of each function fails as libc's would, and none that only releases a block", () => {
    assert.deepEqual(run("fail").trim().split("\n"), [
      "malloc 1 NULL ENOMEM 1",
      "calloc 1 NULL ENOMEM 1",
      "realloc 1 NULL ENOMEM 1",
      "release 0 NULL - 0",
    ]);
  });

  test("a crash is recorded of the watched process, and not of a process that it forked", () => {
    assert.equal(run("crash"), "6\n");
    assert.equal(run("crash below"), "0\n");
  });
});
