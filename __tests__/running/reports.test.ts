import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { MEMCHECK } from "../../src/memcheck/engine.ts";
import { ProcessReport } from "../../src/running/process-report.ts";
import { readReport, readReports } from "../../src/running/reports.ts";
import { errorWith, fileWith, stackOf, WHAT } from "../memcheck/xml-files.ts";
import { PROJECT } from "../support/builders.ts";
import { temporaryFolder } from "../support/folders.ts";

const read = (folder: string) => readReports({ engine: MEMCHECK, folder, pid: 7, testFile: "test_x", leakCheck: "live", project: PROJECT });

suite("what stands in a report's place", () => {
  test("is read only if it is a file, and is taken away", async () => {
    const folder = temporaryFolder();
    const whole = fileWith(errorWith(WHAT + stackOf("0x1")));
    writeFileSync(join(folder, "8.xml"), whole);
    execFileSync("mkfifo", [join(folder, "9.xml")]);
    symlinkSync("/dev/zero", join(folder, "7.xml"));
    mkdirSync(join(folder, "10.xml"));
    const { report, findings } = await read(folder);
    assert.deepEqual([report.ending, findings.length, readdirSync(folder)], [undefined, 1, []]);
  });

  test("is missing where the test has taken the folder away", async () => {
    const folder = temporaryFolder();
    rmSync(folder, { recursive: true });
    assert.equal((await read(folder)).report.ending, undefined);
  });

  test("has no end where there never was a report, as on a full disk", async () => {
    const report = new ProcessReport("live");
    await readReport(MEMCHECK, join(temporaryFolder(), "7.xml"), report, () => assert.fail("there is nothing"));
    assert.equal(report.ending, undefined);
  });
});
