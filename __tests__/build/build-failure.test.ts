import assert from "node:assert/strict";
import { join } from "node:path";
import { suite, test } from "node:test";
import { describeBuildFailure, essence } from "../../src/build/build-failure.ts";
import { temporaryFolder, writeFiles } from "../support/folders.ts";

const NOISE = Array.from({ length: 30 }, (_, index) => `gcc -c x${index}.c -o x${index}.o`);
const logOf = (...lines: readonly string[]): string => [...NOISE, ...lines, ...NOISE, ""].join("\n");

suite("the essence of a build's log", () => {
  test("the essence of a build's log is the errors of compiler, linker, configure and make", () => {
    const errors = [
      "Modules/_csv.c:702:5: error: expected ';' before '}' token",
      "x.c:1:10: fatal error: ffi.h: No such file or directory",
      "ld: x.o: undefined reference to `PyFoo'",
      "configure: error: no acceptable C compiler found in $PATH",
      "make: *** [Makefile:3199: Modules/_csv.o] Error 1",
      "gcc: fatal error: Killed signal terminated program cc1",
    ];
    assert.equal(essence(logOf(...errors)), errors.join("\n"));
  });

  test("the essence of a build's log is the last lines if no line is an error", () => {
    assert.equal(essence(logOf("the end")).split("\n").length, 8);
    assert.equal(essence("only\n"), "only");
    assert.equal(essence(""), "");
  });

  test("the essence of a build's log is the first eight errors of many", () => {
    const errors = Array.from({ length: 20 }, (_, index) => `x.c:${index}:1: error: no`);
    assert.equal(essence(logOf(...errors)), errors.slice(0, 8).join("\n"));
  });

  test("the essence of a build's log is that the disk is full, whatever errors follow from that", () => {
    assert.match(essence(logOf("x.c:1: error: x", "cc1: error writing: No space left on device")), /disk is full/);
  });
});

suite("a build's failure", () => {
  test("a build's failure names the step, the errors and the log", async () => {
    const folder = temporaryFolder();
    writeFiles(folder, { "build.log": logOf("x.c:1:1: error: no") });
    const failure = await describeBuildFailure("make", join(folder, "build.log"));
    assert.match(failure.message, /`make` failed/);
    assert.match(failure.hint ?? "", /x\.c:1:1: error: no\nThe whole log: .*build\.log/);
  });

  test("a build's failure is reported even without a log", async () => {
    assert.match((await describeBuildFailure("configure", "/nowhere/build.log")).hint ?? "", /nowhere/);
  });
});
