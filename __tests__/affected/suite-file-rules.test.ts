import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { mergeAtoms, summarize } from "../../src/affected/code.ts";
import { type Footprint, makeFootprints } from "../../src/affected/footprints.ts";
import { selectAffected } from "../../src/affected/selection.ts";
import { PARTS, suiteRules } from "../../src/affected/suite-file-rules.ts";

/** The text of the project's Python files. */
const TEXTS: Readonly<Record<string, string>> = {
  "tests/conftest.py": "import pytest",
  "tests/helper.py": "def help(): ...",
  "tests/test_a.py": "import pkg, helper",
  "tests/test_b.py": "from .test_a import Base",
  "tests/test_c.py": "from tests.test_b import Other  # test_d",
  "tests/test_d.py": "import pkg",
  "tests/test_e.py": "import pkg",
  "pkg/__init__.py": "from pkg import lazy",
  "pkg/lazy.py": "",
};

const OTHERS = ["pyproject.toml", "pkg.so", "src/pkg.c", "tests/data.json", "README.md", "docs/guide.py", ".github/ci.yml", PARTS.packages];

const SOURCES = Object.fromEntries([...Object.keys(TEXTS), ...OTHERS].map((name) => [name, "11111111"]));

const TESTS = ["tests/test_a.py", "tests/test_b.py", "tests/test_c.py", "tests/test_d.py", "tests/test_e.py"];

const footprint = (...files: readonly string[]): Footprint => ({ functions: new Set(), files: new Set(files) });

const CODE = mergeAtoms([]);

const FOOTPRINTS = makeFootprints({
  sha: null,
  code: summarize(CODE),
  sources: new Map(Object.entries(SOURCES)),
  watched: new Set(),
  // pytest and unittest import all test files before the first test.
  shared: footprint("tests/conftest.py", "tests/helper.py", "pkg/__init__.py", ...TESTS),
  tests: new Map(
    TESTS.map((name) => [name, name === "tests/test_d.py" ? footprint("pkg/lazy.py", "tests/data.json", "pkg.so") : footprint()]),
  ),
});

/** The test files that run if these files are changed, deleted (`undefined`) or new; `all: FILE` if all run because of a file. */
function run(changed: Readonly<Record<string, string | undefined>>, tests = TESTS): readonly string[] | string {
  const sources = Object.entries({ ...SOURCES, ...changed }).flatMap(([name, hash]) => (hash === undefined ? [] : [[name, hash] as const]));
  const mentioning = (word: string): string[] => Object.keys(TEXTS).filter((name) => new RegExp(`\\b${word}\\b`).test(TEXTS[name] ?? ""));
  const rules = suiteRules({ tests: new Set([...TESTS, ...tests]), mentioning });
  const selected = selectAffected({ footprints: FOOTPRINTS, rules, code: CODE, sources: new Map(sources), tests });
  return selected.kind === "all" ? `all: ${"name" in selected.cause ? selected.cause.name : ""}` : [...selected.chosen.keys()];
}

suite("the test files of a project that a change reaches", () => {
  test("no test file of a project runs if nothing changed, or only sources of other languages, documents and reports", () => {
    assert.deepEqual(run({}), []);
    assert.deepEqual(run({ "src/pkg.c": "x", "README.md": "x", "docs/guide.py": "x", ".github/ci.yml": "x", "report.json": "x" }), []);
  });

  test("no test file of a project runs for documents of a repository with several projects", () => {
    assert.deepEqual(run({ "the checkout/docs/new.png": "x", "the checkout/CHANGES": "x" }), []);
    for (const name of ["the checkout/docs/conftest.py", "the checkout/pyproject.toml", "the checkout/new.py"])
      assert.equal(run({ [name]: "x" }), `all: ${name}`);
  });

  test("all test files of a project run if a file was added next to them, since they may use every file there", () => {
    assert.equal(run({ "tests/cases/new.c": "x" }), "all: tests/cases/new.c");
    assert.equal(run({ "tests/new.md": "x" }), "all: tests/new.md");
    assert.deepEqual(run({ "src/new.c": "x", "docs/new.md": "x", "CHANGES.md": "x" }), []);
  });

  test("only the changed test file of a project runs, although all are imported before the first test", () => {
    assert.deepEqual(run({ "tests/test_e.py": "x" }), ["tests/test_e.py"]);
  });

  test("test files of a project run if they mention the changed one, or mention one that does", () => {
    assert.deepEqual(run({ "tests/test_a.py": "x" }), ["tests/test_a.py", "tests/test_b.py", "tests/test_c.py"]);
    assert.deepEqual(run({ "tests/test_d.py": "x" }), ["tests/test_c.py", "tests/test_d.py"]);
  });

  test("a deleted test file of a project reaches those that mention it, and a new one runs because it has no record", () => {
    const without = TESTS.filter((name) => name !== "tests/test_a.py");
    assert.deepEqual(run({ "tests/test_a.py": undefined }, without), ["tests/test_b.py", "tests/test_c.py"]);
    assert.deepEqual(run({ "tests/test_new.py": "x" }, [...TESTS, "tests/test_new.py"]), ["tests/test_new.py"]);
  });

  test("test files of a project run if they open a changed module, shared object or data file", () => {
    for (const name of ["pkg/lazy.py", "tests/data.json", "pkg.so"]) assert.deepEqual(run({ [name]: "x" }), ["tests/test_d.py"], name);
  });

  test("all test files of a project run if a shared module, a build file or an installed package changed", () => {
    for (const name of ["tests/conftest.py", "tests/helper.py", "pkg/__init__.py", "pyproject.toml", PARTS.packages])
      assert.equal(run({ [name]: "x" }), `all: ${name}`, name);
  });

  test("all test files of a project run if a module, a shared object or a data file is added or removed", () => {
    for (const name of ["pkg/new.py", "tests/sub/conftest.py", "tests/new.json", "new.so", "new.py"])
      assert.equal(run({ [name]: "x" }), `all: ${name}`, name);
    for (const name of ["pkg/lazy.py", "pkg.so"]) assert.equal(run({ [name]: undefined }), `all: ${name}`, name);
  });

  test("all test files of a project run if a changed test file is also a module that others import", () => {
    assert.equal(run({ "pkg/__init__.py": "x" }, [...TESTS, "pkg/__init__.py"]), "all: pkg/__init__.py");
  });
});
