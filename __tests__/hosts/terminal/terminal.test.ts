import assert from "node:assert/strict";
import { join } from "node:path";
import { suite, test } from "node:test";
import { terminalPorts } from "../../../src/hosts/terminal/terminal.ts";
import { parseSettings } from "../../../src/settings/settings.ts";
import { Processes } from "../../../src/system/processes.ts";
import { temporaryFolder } from "../../support/folders.ts";
import { report, testOf } from "../../support/reports.ts";

/** What the terminal command writes, where it is not a terminal but a log. */
function logged() {
  const written: string[] = [];
  const screen = { isTTY: false, columns: 80, write: (text: string) => written.push(text) };
  const folder = temporaryFolder();
  const source = { kind: "checkout", path: folder } as const;
  const settings = parseSettings({}, { directory: folder, home: folder, cores: 1, workDir: join(folder, "work"), source });
  return { ports: terminalPorts(settings, screen, screen, new Processes(process.env)), text: () => written.join("") };
}

const COMMANDS = ["::set-output name=verdict::clean", "  ::add-mask::a", "x ##[error]y"];

suite("in a log, the terminal command writes no runner commands", () => {
  test("the last output of a test writes no runner commands to a log", async () => {
    const { ports, text } = logged();
    const why = { code: "timeout", seconds: 1, message: "it took longer than 1 s and was killed" } as const;
    await ports.publish(report({ tests: [testOf("test_x", { incomplete: why, lastWords: [...COMMANDS] })] }));
    assert.match(text(), /set-output/);
    assert.doesNotMatch(text(), /^\s*::|##\[/m);
  });

  test("notes during the run write no runner commands to a log", () => {
    const { ports, text } = logged();
    for (const command of COMMANDS) ports.progress.note(command);
    assert.match(text(), /set-output/);
    assert.doesNotMatch(text(), /^\s*::|##\[/m);
  });
});
