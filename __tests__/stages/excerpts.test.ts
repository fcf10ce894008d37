import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import type { Report } from "../../src/report/report.ts";
import { addExcerpts, checkedSource } from "../../src/stages/excerpts.ts";
import { temporaryFolder } from "../support/folders.ts";
import { failing, reported } from "../support/reports.ts";

const TEXT = Array.from({ length: 20 }, (_, index) => `line ${index + 1}`).join("\n");

function project(): string {
  const root = temporaryFolder();
  mkdirSync(join(root, "Modules"));
  writeFileSync(join(root, "Modules", "_x.c"), TEXT);
  return root;
}

const at = (file: string | null, line: number | null) => reported("f", { site: { function: "f", file, line } });
const excerptsOf = ({ findings }: Report) =>
  findings.map(({ excerpt }) => excerpt && [excerpt.first, excerpt.lines.length, excerpt.lines[0]]);

suite("excerpts of the checked source", () => {
  test("excerpts of the checked source are the lines around each finding's site, in the first folder that has the file", async () => {
    const report = failing([at("Modules/_x.c", 10), at("Modules/_x.c", 1), at("Modules/_x.c", 20), at("Modules/_y.c", 1), at(null, null)]);
    const shown = await addExcerpts(report, { roots: ["/not/there", project()], files: new Map() });
    assert.deepEqual(excerptsOf(shown), [[6, 8, "line 6"], [1, 4, "line 1"], [16, 5, "line 16"], null, null]);
  });

  test("excerpts of the checked source are left out if the file has no such line, or has changed since the check", async () => {
    const root = project();
    const files = (text: string) => new Map([["Modules/_x.c", { hash: createHash("sha256").update(text).digest("hex") }]]);
    const report = failing([at("Modules/_x.c", 10), at("Modules/_x.c", 21), at("Modules/_x.c", 0)]);
    assert.deepEqual(excerptsOf(await addExcerpts(report, { roots: [root], files: files(TEXT) })), [[6, 8, "line 6"], null, null]);
    assert.deepEqual(excerptsOf(await addExcerpts(report, { roots: [root], files: files("other") })), [null, null, null]);
  });

  test("excerpts of the checked source come from the folder that a link named before the tests ran", async () => {
    const [root, other] = [project(), temporaryFolder()];
    const link = join(other, "root");
    symlinkSync(root, link);
    const settings = { work: { kind: "default-tests" }, source: { kind: "checkout", path: link } } as const;
    const source = await checkedSource({
      settings,
      prepared: { source: { files: new Map() } },
      runContext: { project: { roots: [link] } },
    });
    rmSync(link);
    symlinkSync(other, link);
    assert.deepEqual(excerptsOf(await addExcerpts(failing([at("Modules/_x.c", 10)]), source)), [[6, 8, "line 6"]]);
  });

  test("excerpts of the checked source are limited in number and in the length of a line", async () => {
    const root = project();
    writeFileSync(join(root, "long.c"), "x".repeat(100_000));
    const many = failing(Array.from({ length: 1000 }, () => at("long.c", 1)));
    const { findings } = await addExcerpts(many, { roots: [root], files: new Map() });
    const shown = findings.filter(({ excerpt }) => excerpt !== null);
    assert.ok(shown.length >= 100 && shown.length < 1000);
    assert.equal(shown[0]?.excerpt?.lines[0]?.length, 200);
  });
});
