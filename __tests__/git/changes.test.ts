import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { type Place, placeOf } from "../../src/findings/place.ts";
import { parseDiff } from "../../src/git/changes.ts";
import { commitOf } from "../../src/git/git.ts";
import { readChanges } from "../../src/git/git-changes.ts";
import { Processes } from "../../src/system/processes.ts";
import { finding } from "../support/builders.ts";
import { temporaryFolder } from "../support/folders.ts";

/** Where the new line of a file is, whose name is its head. */
const lineOf = (name: string): [number, number][] => [[name.split("\n").length + 31, name.split("\n").length + 31]];

suite("a checkout's changes since a commit", () => {
  test("a checkout's changes since a commit are read from a real git: moved files and changed lines, with any names", async () => {
    const folder = temporaryFolder();
    const git = (...args: string[]): string =>
      execFileSync("git", ["-C", folder, "-c", "user.name=x", "-c", "user.email=x@example.org", ...args], { encoding: "utf8" });
    const lines = Array.from({ length: 30 }, (_, index) => `line ${index + 1}\n`);
    mkdirSync(join(folder, "Modules"));
    git("init", "-q");
    for (const name of ["Modules/a b.c", "Modules/old.c", "Modules/gone.c"])
      writeFileSync(join(folder, name), `${name}\n${lines.join("")}`);
    git("add", ".");
    git("commit", "-qm", "first");
    const processes = new Processes(process.env);
    const sha = (await commitOf(folder, processes)) ?? "";
    writeFileSync(
      join(folder, "Modules/a b.c"),
      ["+++ b/fake\n", ...lines.slice(0, 9), "new\n", "diff --git a/x b/y\n", ...lines.slice(20)].join(""),
    );
    renameSync(join(folder, "Modules/old.c"), join(folder, "Modules/new.c"));
    git("add", "-A");
    const changes = await readChanges(folder, sha, processes);
    assert.deepEqual([...(changes?.moves ?? [])], [["Modules/old.c", "Modules/new.c"]]);
    assert.deepEqual(changes?.lines.get("Modules/a b.c"), [
      [1, 1],
      [11, 12],
    ]);
    assert.equal(await readChanges(folder, "0".repeat(40), processes), undefined);
    assert.equal(await readChanges(folder, "--output=written", processes), undefined);
    assert.ok(!existsSync(join(folder, "written")));
    assert.equal(await readChanges(join(folder, ".."), sha, processes), undefined);
  });

  test("no content of a changed file passes for a line of git's own, however long it is and whatever separates its lines", async () => {
    const folder = temporaryFolder();
    const git = (...args: string[]): string =>
      execFileSync("git", ["-C", folder, "-c", "user.name=x", "-c", "user.email=x@example.org", ...args], { encoding: "utf8" });
    git("init", "-q");
    writeFileSync(join(folder, "a.toml"), "first\n\nlast\n");
    git("add", ".");
    git("commit", "-qm", "first");
    const sha = (await commitOf(folder, new Processes(process.env))) ?? "";
    const separators = ["\r", "\u2028", "\u2029"].map((separator) => `#${separator}diff --git a/x b/y\n#${separator}+++ b/other\n`);
    const long = "diff --git a/x b/y ".repeat(300_000);
    writeFileSync(join(folder, "a.toml"), `${separators.join("")}first\n#${long}\n\nlast\nmore\n`);
    const changes = await readChanges(folder, sha, new Processes(process.env));
    assert.deepEqual(
      [...(changes?.lines ?? [])],
      [
        [
          "a.toml",
          [
            [1, 6],
            [8, 8],
            [11, 11],
          ],
        ],
      ],
    );
  });

  test("a checkout's changes since a commit are read even if git quotes names", async () => {
    const folder = temporaryFolder();
    const git = (...args: string[]): string =>
      execFileSync("git", ["-C", folder, "-c", "user.name=x", "-c", "user.email=x@example.org", ...args], { encoding: "utf8" });
    const names = ['a"b.c', "a\tb.c", "a\nb.c", "a\\b.c", "a\x01b.c", "é.c"];
    git("init", "-q");
    for (const name of names) writeFileSync(join(folder, name), `${name}\n${"line\n".repeat(30)}`);
    git("add", ".");
    git("commit", "-qm", "first");
    const sha = (await commitOf(folder, new Processes(process.env))) ?? "";
    for (const name of names) writeFileSync(join(folder, name), `${name}\n${"line\n".repeat(30)}new\n`);
    renameSync(join(folder, 'a"b.c'), join(folder, 'c"d.c'));
    git("add", "-A");
    const changes = await readChanges(folder, sha, new Processes(process.env));
    assert.deepEqual([...(changes?.moves ?? [])], [['a"b.c', 'c"d.c']]);
    assert.deepEqual(new Map(changes?.lines), new Map([...names.slice(1), 'c"d.c'].sort().map((name) => [name, lineOf(name)])));
  });

  test("a checkout has changed nothing if git says nothing", () => {
    assert.deepEqual(parseDiff(""), { moves: new Map(), lines: new Map() });
  });
});

suite("the place to show a finding", () => {
  const frame = (name: string, line: number) => ({ function: name, file: `Modules/${name}.c`, line, object: null, role: "key" }) as const;
  const leak = finding("f", {
    stack: [frame("f", 100), frame("g", 200), frame("h", 300)],
    site: { function: "f", file: "Modules/f.c", line: 100 },
  });
  const place = (...lines: [string, [number, number][]][]): Place | undefined => placeOf(leak, { moves: new Map(), lines: new Map(lines) });

  test("the place to show a finding is the changed line of the stack that is nearest to the site", () => {
    assert.deepEqual(place(["Modules/h.c", [[290, 310]]], ["Modules/g.c", [[200, 200]]]), { file: "Modules/g.c", line: 200 });
    assert.deepEqual(place(["Modules/h.c", [[290, 310]]], ["Modules/f.c", [[90, 95]]]), { file: "Modules/h.c", line: 300 });
  });

  test("the place to show a finding is a changed line some lines away if none of the stack is changed", () => {
    assert.deepEqual(
      place([
        "Modules/f.c",
        [
          [10, 20],
          [110, 112],
        ],
      ]),
      { file: "Modules/f.c", line: 110 },
    );
  });

  test("the place to show a finding is unknown if no function of the stack was changed", () => {
    assert.equal(place(["Modules/f.c", [[500, 600]]], ["Modules/other.c", [[100, 100]]]), undefined);
  });
});
