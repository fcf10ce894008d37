import assert from "node:assert/strict";
import { join } from "node:path";
import { suite, test } from "node:test";
import { locateIn, locateTestIn } from "../../../src/hosts/common/repository.ts";
import { countFor, readOwnCheckout } from "../../../src/hosts/github/checkout.ts";
import { readEvent } from "../../../src/hosts/github/event.ts";
import { parseSettings } from "../../../src/settings/settings.ts";
import { Processes } from "../../../src/system/processes.ts";
import { temporaryFolder, writeFiles } from "../../support/folders.ts";

/** The files of a git folder. */
function gitFolder(repository: string): Record<string, string> {
  const config = `[remote "origin"]\n\turl = https://github.com/${repository}\n`;
  return { HEAD: `${"ad".repeat(20)}\n`, config, "objects/info/packs": "", "refs/heads/none": "" };
}

function filesIn(folder: string, files: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([name, content]) => [join(folder, name), content]));
}

/** The paths of a source file and of a test file in annotations. @param names of both in a report */
async function locate(
  files: Readonly<Record<string, string>>,
  inputs: Readonly<Record<string, string>>,
  names: readonly [string, string],
): Promise<readonly (string | null)[]> {
  const directory = temporaryFolder();
  writeFiles(directory, files);
  const source = { kind: "checkout", path: directory } as const;
  const settings = parseSettings(inputs, { directory, home: directory, cores: 2, workDir: join(directory, "work"), source });
  const own = await readOwnCheckout(settings, { GITHUB_REPOSITORY: "o/r" }, new Processes(process.env));
  return [locateIn(settings, own?.root)(names[0]), locateTestIn(settings, own?.root)(names[1])];
}

/** Of a CPython in a folder. */
function pathsOf(files: Readonly<Record<string, string>>, source: string): Promise<readonly (string | null)[]> {
  const cpython = { [join(source, "Lib/test/test_csv.py")]: "", [join(source, "Modules/_csv.c")]: "" };
  return locate({ ...files, ...cpython }, { source }, ["Modules/_csv.c", "test_csv"]);
}

suite("files of a source in the run's own checkout", () => {
  const below = ["vendor/py/Modules/_csv.c", "vendor/py/Lib/test/test_csv.py"];
  const atRoot = ["Modules/_csv.c", "Lib/test/test_csv.py"];
  const ours = filesIn(".git", gitFolder("o/r"));
  const theirs = gitFolder("python/cpython");

  test("files of a submodule have paths of the run's own repository, not of a file there by the same name", async () => {
    const submodule = { ...filesIn(".git/modules/py", theirs), "vendor/py/.git": "gitdir: ../../.git/modules/py\n" };
    assert.deepEqual(await pathsOf({ ...ours, ...submodule }, "vendor/py"), below);
  });

  test("files of another repository that is checked out below the run's own have the paths where they are", async () => {
    assert.deepEqual(await pathsOf({ ...ours, ...filesIn("vendor/py/.git", theirs) }, "vendor/py"), below);
  });

  test("files of a second checkout of the run's own repository have the paths in that repository", async () => {
    const second = filesIn("vendor/py/.git", gitFolder("O/R"));
    assert.deepEqual(await pathsOf({ ...ours, ...second }, "vendor/py"), atRoot);
    assert.deepEqual(await pathsOf(second, "vendor/py"), atRoot);
  });

  test("files have the paths in their checkout if the run's own repository is not checked out around it", async () => {
    assert.deepEqual(await pathsOf(filesIn("vendor/py/.git", theirs), "vendor/py"), atRoot);
    assert.deepEqual(await pathsOf({}, "vendor/py"), below);
  });
});

test("files of a project have the paths in the run's own repository, wherever in the workspace it is checked out", async () => {
  const project = { "pkg/foo/tests/test_a.py": "", "pkg/foo/src/spam.c": "" };
  const names = ["pkg/foo/src/spam.c", "tests/test_a.py"] as const;
  const inputs = { "python-version": "3.13", command: "pytest tests" };
  const expected = ["pkg/foo/src/spam.c", "pkg/foo/tests/test_a.py"];
  const atRoot = { ...project, ...filesIn(".git", gitFolder("o/r")) };
  assert.deepEqual(await locate(atRoot, { ...inputs, directory: "pkg/foo" }, names), expected);
  const inFolder = filesIn("ours", atRoot);
  assert.deepEqual(await locate(inFolder, { ...inputs, directory: "ours/pkg/foo" }, [`ours/${names[0]}`, names[1]]), expected);
});

suite("the commit that a check run is made for", () => {
  const [own, other, head] = ["ad", "0e", "5c"].map((byte) => byte.repeat(20));
  const shaOf = async (event: string, checkedOut: string | undefined, payload: object = {}): Promise<string> => {
    const folder = temporaryFolder();
    writeFiles(folder, { "event.json": JSON.stringify(payload) });
    const env = { GITHUB_EVENT_NAME: event, GITHUB_EVENT_PATH: join(folder, "event.json"), GITHUB_SHA: own, GITHUB_REF: "refs/heads/main" };
    const checkout = checkedOut === undefined ? undefined : { root: folder, commit: checkedOut, isSource: true };
    return countFor(await readEvent(env), checkout, env).origin.sha;
  };

  test("the commit that a check run is made for is the checked one, also if a dispatch or a comment's job checks out another", async () => {
    assert.equal(await shaOf("push", own), own);
    assert.equal(await shaOf("push", undefined), own);
    assert.equal(await shaOf("workflow_dispatch", other), other);
    assert.equal(await shaOf("issue_comment", other, { issue: { number: 3 } }), other);
  });

  test("the commit that a check run is made for is a pull request's last one, also if it is checked out merged", async () => {
    for (const checkedOut of [own, head, other, undefined])
      assert.equal(await shaOf("pull_request", checkedOut, { pull_request: { number: 3, head: { sha: head } } }), head);
  });
});
