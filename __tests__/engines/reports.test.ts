import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { MEMCHECK } from "../../src/engines/memcheck/memcheck-engine.ts";
import { ProcessReport } from "../../src/engines/process-report.ts";
import { readReport, readReports } from "../../src/engines/reports.ts";
import { PROJECT } from "../support/builders.ts";
import { temporaryFolder } from "../support/folders.ts";
import { errorWith, fileWith, recorded, stackOf, WHAT } from "./memcheck/xml-files.ts";

const read = (folder: string) => readReports({ engine: MEMCHECK, folder, pid: 7, testFile: "test_x", leakCheck: "live", project: PROJECT });

suite("what is found in place of a report", () => {
  test("a report is read only if it is a regular file; anything else there is removed", async () => {
    const folder = temporaryFolder();
    const whole = fileWith(errorWith(WHAT + stackOf("0x1")));
    writeFileSync(join(folder, "8.xml"), whole);
    execFileSync("mkfifo", [join(folder, "9.xml")]);
    symlinkSync("/dev/zero", join(folder, "7.xml"));
    mkdirSync(join(folder, "10.xml"));
    const { report, findings } = await read(folder);
    assert.deepEqual([report.ending, findings.length, readdirSync(folder)], [undefined, 1, []]);
  });

  test("a report is missing if the test has removed its folder", async () => {
    const folder = temporaryFolder();
    rmSync(folder, { recursive: true });
    assert.equal((await read(folder)).report.ending, undefined);
  });

  test("a report that was never written has no end, as on a full disk", async () => {
    const report = new ProcessReport("live");
    await readReport(MEMCHECK, join(temporaryFolder(), "7.xml"), report, () => assert.fail("there is nothing"));
    assert.equal(report.ending, undefined);
  });
});

suite("the report of a forked process", () => {
  const forked = Buffer.from(recorded("forked-child")).toString();
  const endOfError = forked.indexOf("</error>");

  /** The result for a complete report of the test's own process, with this file beside it. */
  const isCompleteWith = async (content: string): Promise<boolean | undefined> => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "7.xml"), fileWith(errorWith(WHAT + stackOf("0x1"))));
    writeFileSync(join(folder, "8.xml"), content);
    return (await read(folder)).report.ending?.complete;
  };

  const damaged: readonly (readonly [string, string])[] = [
    ["empty", ""],
    ["cut in its first line", forked.slice(0, 9)],
    ["cut inside of an error", forked.slice(0, endOfError - 20)],
    ["cut inside of a tag", forked.slice(0, forked.indexOf("<error>") + 3)],
    ["cut inside of its arguments", forked.slice(0, forked.indexOf("</args>"))],
    ["without an end tag in a frame", forked.replace("</fn>", "")],
    ["without an end tag of an error", forked.replace("</error>", "")],
    ["cut between two elements, with a malformed error before", forked.slice(0, endOfError + 8).replace("</fn>", "")],
    ["of something else", "printed by the program"],
  ];
  for (const [what, content] of damaged) {
    test(`the report of a forked process makes the test file incomplete if it is ${what}`, async () =>
      assert.equal(await isCompleteWith(content), false));
  }

  const sound: readonly (readonly [string, string])[] = [
    ["is whole", forked],
    ["stops after its start, as exec leaves it", Buffer.from(recorded("exec-child")).toString()],
    ["stops between two elements, as a kill leaves it", forked.slice(0, endOfError + 8)],
  ];
  for (const [what, content] of sound)
    test(`the report of a forked process is read if it ${what}`, async () => assert.equal(await isCompleteWith(content), true));

  test("the report of a forked process makes the test file incomplete if something else is in its place", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "7.xml"), fileWith(""));
    symlinkSync("/dev/null", join(folder, "8.xml"));
    assert.equal((await read(folder)).report.ending?.complete, false);
  });

  test("the report of a forked process says which process it is about", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "7.xml"), fileWith(""));
    writeFileSync(join(folder, "8.xml"), "");
    const { ending } = (await read(folder)).report;
    const fault = { code: "report-damaged", detail: "it is empty" };
    assert.deepEqual(ending, { complete: false, fault: { code: "child-report-damaged", report: "8.xml", fault } });
  });
});
