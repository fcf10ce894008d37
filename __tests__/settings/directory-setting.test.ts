import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { requireDirectory } from "../../src/hosts/common/require-directory.ts";
import { folderOf } from "../../src/settings/directory-setting.ts";
import { plannedSettings } from "../../src/settings/planned-settings.ts";
import { settingsIn } from "../../src/settings/repository-settings.ts";
import { parseSettings, type Settings } from "../../src/settings/settings.ts";
import { repositoryOf, settingsFolderOf } from "../../src/stages/preparation.ts";
import { temporaryFolder, writeFiles } from "../support/folders.ts";

const command = "pytest tests";

function parse(raw: Readonly<Record<string, string>>, workspace = "/w"): Settings {
  const source = { kind: "release", version: "3.13" } as const;
  return parseSettings(raw, { directory: workspace, home: "/home/me", cores: 1, workDir: "/tmp/work", source });
}

suite("the folder of a command", () => {
  test("the folder of a command is the workspace, or one in it", () => {
    assert.deepEqual([parse({ command }).workspace, parse({ command }).directory], ["/w", "/w"]);
    const { workspace, directory } = parse({ command, directory: "packages/foo/" });
    assert.deepEqual([workspace, directory, folderOf({ workspace, directory })], ["/w", "/w/packages/foo", "packages/foo"]);
    assert.equal(parse({ command, directory: "/w/packages/foo" }).directory, directory);
    assert.equal(parse({ command, directory: "." }).directory, "/w");
  });

  test("the folder of a command is refused outside of the workspace, and without a command", () => {
    for (const outside of ["..", "../v", "/", "/wide", "packages/../../v", "~"])
      assert.throws(() => parse({ command, directory: outside }), /^UserError: `directory` is `.*`; allowed: a folder in \/w\.$/, outside);
    for (const tests of [{}, { tests: "test_csv" }])
      assert.throws(() => parse({ ...tests, directory: "packages/foo" }), /`directory` needs a `command`/);
  });

  test("the folder of a command must exist, and no link may lead out of the workspace", () => {
    const folder = temporaryFolder();
    writeFiles(folder, { "w/packages/foo/x": "", "v/x": "" });
    symlinkSync(join(folder, "v"), join(folder, "w", "out"));
    symlinkSync(join(folder, "w", "packages"), join(folder, "w", "in"));
    const required = (directory: string) => () => requireDirectory(parse({ command, directory }, join(folder, "w")));
    for (const name of [".", "packages/foo", "in/foo"]) required(name)();
    assert.throws(required("packages/bar"), /`directory` is `packages\/bar`, and there is no such folder in .*\/w\.$/);
    assert.throws(required("packages/foo/x"), /there is no such folder/);
    assert.throws(required("out"), /`directory` is `out`, a link that leads out of .*\/w, to .*\/v\.$/);
  });

  test("the folder of a command does not affect other paths, and must be the same in all parts of a check", () => {
    const settings = parse({ command, directory: "packages/foo", suppressions: "a.supp", python: ".venv/bin/python" });
    assert.deepEqual(settings.suppressions, ["/w/a.supp"]);
    assert.deepEqual(settings.source, { kind: "interpreter", program: "/w/.venv/bin/python" });
    const planned = plannedSettings(settings);
    assert.deepEqual([planned.directory, planned.suppressions], ['"packages/foo"', '["a.supp"]']);
  });

  test("the folder of a command is not that of its settings, which are at the top of the repository", () => {
    const settings = parse({ command, directory: "packages/foo" });
    assert.deepEqual([settingsFolderOf(settings), repositoryOf(settings)], ["/w", "/w"]);
    const withSource = parse({ command, source: "../cpython" });
    assert.deepEqual([settingsFolderOf(withSource), repositoryOf(withSource)], ["/w", "/cpython"]);
    assert.equal(settingsFolderOf(parse({ source: "../cpython" })), "/cpython");
  });

  test("entries for test files apply by the path from the command's folder, and by that from the repository", () => {
    const reason = "why";
    const entries = ["packages/foo/tests/test_x.py", "tests/test_y.py", "packages/foobar/tests/test_x.py"];
    const own = {
      accepted: [
        { test: entries[0], reason, expires: "2027-01-01" },
        { reason, expires: "2027-01-01" },
      ],
      skips: entries.map((name) => ({ test: name, reason })),
      burstLimit: 10,
      relaxations: [],
    };
    const { accepted, skips } = settingsIn("packages/foo", own);
    assert.deepEqual(
      skips.map((skip) => skip.test),
      ["tests/test_x.py", "tests/test_y.py", "packages/foobar/tests/test_x.py"],
    );
    assert.deepEqual(
      accepted.map((one) => one.test),
      ["tests/test_x.py", undefined],
    );
    assert.deepEqual(settingsIn("", own), own);
  });
});
