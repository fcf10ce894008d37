import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { BASELINE_VERSION, CHECK_VERSION } from "../../../src/findings/baseline.ts";
import { baselinePath, defaultBaselinePath } from "../../../src/hosts/common/baseline-path.ts";
import type { CheckedPython } from "../../../src/hosts/common/checked-python.ts";
import { UserError } from "../../../src/model/user-error.ts";
import { parseSettings, type Settings } from "../../../src/settings/settings.ts";
import { Processes } from "../../../src/system/processes.ts";
import { cpythonFolder, writeFiles } from "../../support/folders.ts";
import { standInPython } from "../../support/interpreters.ts";

const processes = new Processes(process.env);

function settingsOf(raw: Record<string, string> = {}, directory = "/w"): Settings {
  const source = { kind: "checkout", path: directory } as const;
  return parseSettings(raw, { directory, home: "/h", cores: 2, workDir: "/t", source });
}

const MAIN: CheckedPython = { version: "3.16.0a0", freeThreaded: false };

function pathOf(raw: Record<string, string> = {}, python: Partial<CheckedPython> = {}, directory = "/w"): string {
  return defaultBaselinePath(settingsOf(raw, directory), { ...MAIN, ...python });
}

suite("the default baseline file", () => {
  /** An upgrade must not make a terminal's checks permanently inconclusive: later checks can't replace its default baseline. */
  test("the default baseline file is a separate one for a new version of the check", () => {
    const folder = `/t/baselines/v${BASELINE_VERSION}.${CHECK_VERSION}`;
    assert.equal(pathOf({ "python-version": "3.13" }), `${folder}/release-3.13-live.json.gz`);
    assert.equal(pathOf(), `${folder}/w-d1bb8ca3-3.16-live.json.gz`);
  });

  const GIL = { "configure-args": "--disable-gil" };
  const INSTALLED = { python: "python3", command: "-m pytest" };
  const distinct: Readonly<Record<string, string>> = {
    "a checkout of main": pathOf(),
    "a maintained branch in the same checkout": pathOf({}, { version: "3.13.5+" }),
    "a free-threaded build": pathOf(GIL, { freeThreaded: true }),
    "a debug build": pathOf({ "configure-args": "--with-pydebug" }),
    "a release": pathOf({ "python-version": "3.16" }),
    "a free-threaded release": pathOf({ "python-version": "3.16", ...GIL }, { freeThreaded: true }),
    "a release, with a command": pathOf({ "python-version": "3.16", command: "-m pytest" }),
    "an installed Python": pathOf(INSTALLED, { version: "3.14.7", build: "3.14.7 [GCC 12]" }),
    "an installed Python of another version": pathOf(INSTALLED, { version: "3.14.8", build: "3.14.8 [GCC 12]" }),
    "another build of an installed Python": pathOf(INSTALLED, { version: "3.14.7", build: "3.14.7 [Clang 19]" }),
    "an installed Python, in another folder": pathOf(INSTALLED, { version: "3.14.7", build: "3.14.7 [GCC 12]" }, "/v"),
    "another leak check": pathOf({ "leak-check": "exit" }),
    children: pathOf({ children: "yes" }),
    "a project of a repository": pathOf({ ...INSTALLED, directory: "packages/foo" }, { version: "3.14.7", build: "3.14.7 [GCC 12]" }),
    "another project of it": pathOf({ ...INSTALLED, directory: "packages/bar" }, { version: "3.14.7", build: "3.14.7 [GCC 12]" }),
    "a checkout of the project alone": pathOf(INSTALLED, { version: "3.14.7", build: "3.14.7 [GCC 12]" }, "/w/packages/foo"),
  };

  test("the default baseline file is a separate one for each Python and each way to build it", () => {
    const paths = Object.values(distinct);
    assert.equal(new Set(paths).size, paths.length, JSON.stringify(distinct, null, 2));
  });

  test("the name of the default baseline file shows which Python it is for", () => {
    assert.match(distinct["a maintained branch in the same checkout"] ?? "", /-3\.13-live/);
    assert.match(distinct["a free-threaded build"] ?? "", /-3\.16t-[0-9a-f]{8}-live/);
    assert.match(pathOf(INSTALLED, { version: "3.14.7", freeThreaded: true, build: "x" }), /-installed-3\.14\.7t-[0-9a-f]{8}-live/);
  });

  test("the default baseline file follows the branch of a checkout and the installed Python", async () => {
    const folder = cpythonFolder();
    assert.match(await baselinePath(settingsOf({ source: folder }), processes), /-3\.13-live/);
    writeFiles(folder, { "Include/patchlevel.h": '#define PY_VERSION "3.16.0a0"' });
    assert.match(await baselinePath(settingsOf({ source: folder }), processes), /-3\.16-live/);
    const installed = settingsOf({ python: standInPython({ freeThreaded: true }), command: "-m pytest" }, folder);
    assert.match(await baselinePath(installed, processes), /-installed-3\.14\.7t-/);
  });

  test("the default baseline file needs a Python, one that is named does not", async () => {
    await assert.rejects(baselinePath(settingsOf({ source: "/none" }), processes), UserError);
    assert.equal(await baselinePath(settingsOf({ source: "/none", baseline: "b.json.gz" }), processes), "/w/b.json.gz");
  });
});
