import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pagePath, requireSeparateFiles, writePage, writeReport } from "../../../src/hosts/common/report-file.ts";
import { UserError } from "../../../src/model/user-error.ts";
import { ROOT, readReport, run } from "../../support/command.ts";
import { temporaryFolder } from "../../support/folders.ts";
import { AT_ROOT, BY_NAME, VENDORED } from "../../support/locate.ts";
import { failing, reported } from "../../support/reports.ts";

test("a report is written with its SARIF beside it, in a folder that need not exist, and over older ones", async () => {
  const folder = join(temporaryFolder(), "a", "b");
  await writeReport(join(folder, "out.json"), failing([]), AT_ROOT, BY_NAME);
  const shown = failing([reported("f")]);
  const sarif = await writeReport(join(folder, "out.json"), shown, VENDORED, BY_NAME);
  assert.deepEqual(readReport(join(folder, "out.json")), shown);
  assert.equal(sarif, join(folder, "out.sarif"));
  assert.match(readFileSync(sarif, "utf8"), /"uri":"vendor\/cpython\/Modules\/_x\.c"/);
  assert.deepEqual(readdirSync(folder).sort(), ["out.json", "out.sarif"]);
});

test("report.html is written beside report.json or to the path in the settings, replaces older ones, and follows no link", async () => {
  const folder = temporaryFolder();
  const report = join(folder, "out.json");
  assert.deepEqual([pagePath(report), pagePath(report, "/x/y.htm")], [join(folder, "out.html"), "/x/y.htm"]);
  const page = join(folder, "deep", "page.html");
  await writePage(page, failing([]));
  rmSync(page);
  symlinkSync(join(folder, "victim"), page);
  await writePage(page, failing([reported("leaky")]));
  assert.match(readFileSync(page, "utf8"), /^<!doctype html>[\s\S]*leaky/);
  assert.deepEqual(readdirSync(folder), ["deep"]);
});

test("report.html that can't be written is a user error", async () => {
  const page = join(temporaryFolder(), "page.html");
  mkdirSync(page);
  await assert.rejects(writePage(page, failing([])), UserError);
});

test("a report, its SARIF, its page and the baseline are separate files", () => {
  const refusalOf = (html?: string, baseline?: string): string => {
    try {
      requireSeparateFiles("/x/r.json", { html, baseline });
      return "";
    } catch (error) {
      return error instanceof UserError ? error.message : assert.fail(`${error}`);
    }
  };
  assert.equal(refusalOf(), "");
  assert.equal(refusalOf("/y/page.html", "/x/baseline.json"), "");
  assert.equal(refusalOf("/x/r.json"), "/x/r.json cannot be both report.json and report.html.");
  assert.equal(refusalOf("/x/r.sarif"), "/x/r.sarif cannot be both its SARIF and report.html.");
  assert.equal(refusalOf(undefined, "/x/r.json"), "/x/r.json cannot be both report.json and the baseline.");
  assert.equal(refusalOf("/x/b", "/x/b"), "/x/b cannot be both report.html and the baseline.");
});

test("the terminal command refuses to write a page over the report before it does anything", async () => {
  const folder = temporaryFolder();
  const args = ["--disable-warning=ExperimentalWarning", join(ROOT, "src", "cli.ts"), "check", "--report", "r.json", "--html", "r.json"];
  const ran = await run(process.execPath, args, { ...process.env, HOME: folder, INIT_CWD: folder });
  assert.deepEqual([ran.code, ran.stdout], [2, ""]);
  assert.match(ran.stderr, /r\.json cannot be both report\.json and report\.html\./);
});
