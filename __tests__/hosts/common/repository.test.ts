import assert from "node:assert/strict";
import { join } from "node:path";
import { suite, test } from "node:test";
import { locateIn, locateTestIn } from "../../../src/hosts/common/repository.ts";
import type { Settings } from "../../../src/settings/settings.ts";
import { temporaryFolder, writeFiles } from "../../support/folders.ts";

const ROOT = temporaryFolder();
writeFiles(ROOT, {
  "ours/.git/HEAD": "",
  "ours/vendor/cpython/configure": "",
  "ours/vendor/cpython/Lib/test/test_csv.py": "",
  "ours/vendor/cpython/Lib/test/test_asyncio/test_events.py": "",
  "ours/vendor/cpython/Lib/test/test_json/__init__.py": "",
  "ours/packages/foo/tests/test_a.py": "",
  "ours/spam.c": "",
  "ours/theirs/.git": "gitdir: elsewhere",
  "bare/x": "",
  "downloaded/cpython/configure": "",
});

const RELEASE = { kind: "release", version: "3.13" } as const;
const COMMAND: Settings["work"] = { kind: "command", words: ["-m", "pytest"] };

function locate(
  workspace: string,
  file: string,
  source: Settings["source"] = { kind: "checkout", path: workspace },
  work = COMMAND,
): string | null {
  return locateIn({ source, workspace, work })(file);
}

suite("locating a file of the checked project", () => {
  test("a file of the checked project is located as the innermost repository that has the project knows it", () => {
    assert.equal(locate(join(ROOT, "ours"), "Modules/_x.c"), "Modules/_x.c");
    assert.equal(locate(join(ROOT, "ours/vendor/cpython"), "Modules/_x.c"), "vendor/cpython/Modules/_x.c");
    assert.equal(locate(join(ROOT, "ours/theirs"), "Modules/_x.c"), "Modules/_x.c");
    assert.equal(locate(join(ROOT, "bare"), "Modules/_x.c"), "Modules/_x.c");
  });

  test("a file of the checked project is located below a workspace without git, and by its own path elsewhere", () => {
    const workspace = join(ROOT, "downloaded");
    const locateFrom = (from: string, path: string): string | null =>
      locate(from, "Modules/_csv.c", { kind: "checkout", path }, { kind: "default-tests" });
    assert.equal(locateFrom(workspace, join(workspace, "cpython")), "cpython/Modules/_csv.c");
    assert.equal(locateFrom(workspace, workspace), "Modules/_csv.c");
    assert.equal(locateFrom(join(ROOT, "down"), join(workspace, "cpython")), "Modules/_csv.c");
    assert.equal(locateFrom("/", join(workspace, "cpython")), join(workspace, "cpython/Modules/_csv.c").slice(1));
  });

  test("a file of the checked project is located in an extension of one folder, and a library's file is not", () => {
    assert.equal(locate(join(ROOT, "ours"), "spam.c", RELEASE), "spam.c");
    assert.equal(locate(join(ROOT, "ours"), "malloc.c", RELEASE), null);
  });

  test("a file that a report names by an absolute path is not located in the checked project", () => {
    for (const file of ["/home/me/my.supp", join(ROOT, "bare/x")])
      for (const source of [RELEASE, undefined]) assert.equal(locate(join(ROOT, "ours"), file, source), null);
    assert.equal(locate(join(ROOT, "ours"), "/home/me/my.supp", RELEASE, { kind: "default-tests" }), null);
  });

  test("a file of the checked project is located by its own path alone if it is a release's", () => {
    const tests: Settings["work"] = { kind: "default-tests" };
    assert.equal(locate(join(ROOT, "ours/vendor/cpython"), "Modules/_x.c", RELEASE, tests), "Modules/_x.c");
    assert.equal(locate(join(ROOT, "ours"), "spam.c", RELEASE, tests), null);
  });
});

suite("locating a test file", () => {
  const ours = join(ROOT, "ours");
  const pytest: Settings["work"] = { kind: "suite", runner: "pytest", args: [] };

  test("a test file of a project is located from the folder of its command", () => {
    const locateTest = locateTestIn({ source: RELEASE, workspace: ours, directory: join(ours, "packages/foo"), work: pytest });
    assert.equal(locateTest("tests/test_a.py"), "packages/foo/tests/test_a.py");
    for (const elsewhere of ["tests/test_gone.py", "../../../bare/x"]) assert.equal(locateTest(elsewhere), elsewhere);
  });

  test("a test file of CPython is located by its module", () => {
    const path = join(ours, "vendor/cpython");
    const source = { kind: "checkout", path } as const;
    const locateTest = locateTestIn({ source, workspace: ours, directory: ours, work: { kind: "default-tests" } });
    assert.equal(locateTest("test_csv"), "vendor/cpython/Lib/test/test_csv.py");
    assert.equal(locateTest("test_asyncio.test_events"), "vendor/cpython/Lib/test/test_asyncio/test_events.py");
    assert.equal(locateTest("test_json"), "vendor/cpython/Lib/test/test_json/__init__.py");
    assert.equal(
      locateTestIn({ source: RELEASE, workspace: ours, directory: ours, work: { kind: "default-tests" } })("test_csv"),
      "test_csv",
    );
  });
});
