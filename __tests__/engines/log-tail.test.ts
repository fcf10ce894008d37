import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { lastLinesOf } from "../../src/engines/log-tail.ts";
import { runAll } from "../../src/engines/run-all.ts";
import { CRASHED, run } from "../support/builders.ts";
import { temporaryFolder } from "../support/folders.ts";
import { QuietProgress } from "../support/progress.ts";

function logWith(content: string | Uint8Array): string {
  const log = join(temporaryFolder(), "output.log");
  writeFileSync(log, content);
  return log;
}

suite("the last lines of a log", () => {
  test("the last lines of a log are its last twenty, without empty ones at the end", async () => {
    const lines = Array.from({ length: 30 }, (_, index) => `line ${index}`);
    assert.deepEqual(await lastLinesOf(logWith(`${lines.join("\n")}\n\n \n`)), lines.slice(10));
    assert.deepEqual(await lastLinesOf(logWith("ImportError: no module\r\n")), ["ImportError: no module"]);
  });

  test("the last lines of a log are cut if they are endless, and read from the end only", async () => {
    const [line = ""] = await lastLinesOf(logWith("x".repeat(10_000)));
    assert.ok(line.length < 600);
    const lines = await lastLinesOf(logWith(`${"first\n".repeat(1_000_000)}last`));
    assert.deepEqual([lines.length, lines.at(-1), lines[0]], [20, "last", "first"]);
  });

  test("the last lines of a log contain only text, whatever is in the log", async () => {
    const [line = ""] = await lastLinesOf(logWith(Buffer.from([0xff, 0xfe, 0x41, 0x00])));
    assert.ok(line.isWellFormed());
  });

  test("the last lines of a log are empty if there is no log, or it is not a regular file", async () => {
    const folder = temporaryFolder();
    const log = (name: string): string => join(folder, name);
    execFileSync("mkfifo", [log("pipe")]);
    symlinkSync("/etc/passwd", log("link"));
    mkdirSync(log("folder"));
    writeFileSync(log("empty"), "\n\n");
    for (const name of ["pipe", "link", "folder", "empty", "missing"]) assert.deepEqual(await lastLinesOf(log(name)), [], name);
  });
});

suite("a run's last words", () => {
  const wordsOf = async (overrides: Parameters<typeof run>[0]): Promise<readonly string[] | undefined> => {
    const outcome = run({ log: logWith("first\nlast\n"), ...overrides });
    const testRunner = { run: async () => outcome, stop: async () => {} };
    const job = { name: outcome.name, args: [], cwd: "/", env: {} };
    return (await runAll([job], 1, new Map(), testRunner, new QuietProgress()))[0]?.lastWords;
  };

  test("a run's last words are kept if it failed or is incomplete", async () => {
    assert.deepEqual(await wordsOf({ status: "failed" }), ["first", "last"]);
    assert.deepEqual(await wordsOf({ status: "crashed", incomplete: CRASHED }), ["first", "last"]);
  });

  test("a run that passed, or never ran, has no last words", async () => {
    assert.equal(await wordsOf({}), undefined);
    assert.equal(await wordsOf({ status: "stopped", incomplete: { code: "stopped", hadStarted: false }, log: "" }), undefined);
  });
});
