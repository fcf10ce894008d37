import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { type Code, mergeAtoms, summarize } from "../../src/affected/code.ts";
import { CPYTHON_RULES } from "../../src/affected/cpython-file-rules.ts";
import { type Footprint, makeFootprints, usersOfFiles, usersOfFunctions, withoutTests } from "../../src/affected/footprints.ts";
import type { Atom } from "../../src/affected/object-code.ts";
import { type Selected, selectAffected } from "../../src/affected/selection.ts";

const atom = (key: string, hash = "aaaaaaaa", references: readonly string[] = [], kind: Atom["kind"] = "function"): Atom => ({
  key,
  kind,
  hash,
  references,
});

const ATOMS = [
  atom("main"),
  atom("_csv.c:parse", "aaaaaaaa", ["table"]),
  atom("_json.c:scan"),
  atom("unseen"),
  atom("unused"),
  atom("table", "aaaaaaaa", [], "data"),
  atom("lonely", "aaaaaaaa", [], "data"),
];

const codeOf = (...changed: readonly Atom[]): Code =>
  mergeAtoms([[...ATOMS.filter(({ key }) => !changed.some((other) => other.key === key)), ...changed]]);

const SOURCES = {
  "Lib/os.py": "11111111",
  "Lib/csv.py": "22222222",
  "Lib/json/__init__.py": "33333333",
  "Lib/unused.py": "44444444",
  "Lib/sysconfig.py": "44444444",
  "Lib/sysconfig/__main__.py": "44444444",
  "Lib/test/test_csv.py": "55555555",
  "Lib/test/test_json/test_dump.py": "66666666",
  "Modules/_csv.c": "77777777",
  "Misc/data.txt": "88888888",
  configure: "99999999",
  "Doc/library/csv.rst": "aaaaaaaa",
};

const footprint = (functions: readonly string[], files: readonly string[]): Footprint => ({
  functions: new Set(functions),
  files: new Set(files),
});

const TESTS = ["test_csv", "test_json.test_dump", "test_os", "test_new", "test_x", "test_y"];

const FOOTPRINTS = makeFootprints({
  sha: "0123456789abcdef0123456789abcdef01234567",
  code: summarize(codeOf()),
  sources: new Map(Object.entries(SOURCES)),
  watched: new Set(["main", "_csv.c:parse", "_json.c:scan", "unused"]),
  shared: footprint(["main"], ["Lib/os.py"]),
  tests: new Map([
    ["test_csv", footprint(["_csv.c:parse"], ["Lib/csv.py", "Lib/test/test_csv.py", "Misc/data.txt"])],
    ["test_json.test_dump", footprint(["_json.c:scan"], ["Lib/json/__init__.py", "Lib/test/test_json/test_dump.py"])],
    ["test_os", footprint(["_json.c:scan"], ["Lib/json/__init__.py"])],
    ["test_x", footprint([], [])],
    ["test_y", footprint([], [])],
  ]),
});

interface Changed {
  readonly code?: Code;
  readonly sources?: Readonly<Record<string, string | undefined>>;
}

function select({ code = codeOf(), sources = {} }: Changed): Selected {
  const all = Object.entries({ ...SOURCES, ...sources }).flatMap(([name, hash]) => (hash === undefined ? [] : [[name, hash] as const]));
  return selectAffected({ footprints: FOOTPRINTS, rules: CPYTHON_RULES, code, sources: new Map(all), tests: TESTS });
}

/** `test_csv: function _csv.c:parse`, … */
function chosen(changed: Changed): readonly string[] {
  const selected = select(changed);
  if (selected.kind === "all") return [`all: ${Object.values(selected.cause).join(" ")}`];
  return [...selected.chosen].map(([name, causes]) => `${name}: ${causes.map((cause) => Object.values(cause).join(" ")).join(", ")}`);
}

const ALWAYS = "test_new: unrecorded";

suite("the test files that a change can reach", () => {
  test("without a change, only test files without a record are selected", () => {
    assert.deepEqual(chosen({}), [ALWAYS]);
  });

  test("a change is seen although the first 32 bits of the hashes are equal, as its author can make them", () => {
    const hash = `aaaaaaaa${"b".repeat(8)}`;
    assert.deepEqual(chosen({ code: codeOf(atom("_csv.c:parse", hash)) }), ["test_csv: function _csv.c:parse", ALWAYS]);
    assert.deepEqual(chosen({ sources: { "Lib/test/test_csv.py": `${SOURCES["Lib/test/test_csv.py"]}${"b".repeat(8)}` } }).length, 2);
  });

  test("test files that run a changed function, or one that leads to changed data, are selected", () => {
    assert.deepEqual(chosen({ code: codeOf(atom("_csv.c:parse", "bbbbbbbb", ["table"])) }), ["test_csv: function _csv.c:parse", ALWAYS]);
    assert.deepEqual(chosen({ code: codeOf(atom("table", "bbbbbbbb", [], "data")) }), ["test_csv: function _csv.c:parse", ALWAYS]);
    assert.deepEqual(chosen({ code: codeOf(atom("_json.c:scan", "bbbbbbbb")) }), [
      "test_json.test_dump: function _json.c:scan",
      "test_os: function _json.c:scan",
      ALWAYS,
    ]);
  });

  test("no test file is selected for a function that no test runs, or for a new one", () => {
    assert.deepEqual(chosen({ code: codeOf(atom("unused", "bbbbbbbb"), atom("added")) }), [ALWAYS]);
  });

  test("a new function that refers to changed data selects no test file", () => {
    const code = codeOf(atom("table", "bbbbbbbb", ["added"], "data"), atom("added", "aaaaaaaa", ["table"]));
    assert.deepEqual(chosen({ code }), ["test_csv: function _csv.c:parse", ALWAYS]);
  });

  test("all test files are selected for a function that runs at the common start, or whose users are unknown", () => {
    assert.deepEqual(chosen({ code: codeOf(atom("main", "bbbbbbbb")) }), ["all: shared-function main"]);
    assert.deepEqual(chosen({ code: codeOf(atom("unseen", "bbbbbbbb")) }), ["all: unwatched-function unseen"]);
    assert.deepEqual(chosen({ code: codeOf(atom("lonely", "bbbbbbbb", [], "data")) }), ["all: unreferenced-data lonely"]);
  });

  test("all test files are selected if the change reaches nearly all", () => {
    const sources = { "Lib/csv.py": "x", "Lib/json/__init__.py": "x" };
    const some = select({ sources });
    assert.equal(some.kind === "some" && some.chosen.size, 4);
    const tests = ["test_csv", "test_json.test_dump", "test_os"];
    const all = selectAffected({
      footprints: FOOTPRINTS,
      rules: CPYTHON_RULES,
      code: codeOf(),
      sources: new Map(Object.entries({ ...SOURCES, ...sources })),
      tests,
    });
    assert.deepEqual(all, { kind: "all", cause: { code: "most", count: 3 }, functions: [], rewritten: [] });
  });

  test("test files that open a changed or deleted file are selected: a module, a test file, any other", () => {
    assert.deepEqual(chosen({ sources: { "Lib/csv.py": "x" } }), ["test_csv: file Lib/csv.py", ALWAYS]);
    assert.deepEqual(chosen({ sources: { "Lib/test/test_csv.py": "x" } }), ["test_csv: file Lib/test/test_csv.py", ALWAYS]);
    assert.deepEqual(chosen({ sources: { "Misc/data.txt": "x" } }), ["test_csv: file Misc/data.txt", ALWAYS]);
    assert.deepEqual(chosen({ sources: { "Misc/data.txt": undefined } }), ["test_csv: file Misc/data.txt", ALWAYS]);
    assert.deepEqual(chosen({ sources: { "Lib/unused.py": "x" } }), [ALWAYS]);
  });

  test("all test files are selected for a module that the common start imports, for an added or removed module, and for build files", () => {
    assert.deepEqual(chosen({ sources: { "Lib/os.py": "x" } }), ["all: shared-file Lib/os.py"]);
    assert.deepEqual(chosen({ sources: { "Lib/added.py": "x" } }), ["all: shared-file Lib/added.py"]);
    assert.deepEqual(chosen({ sources: { "Lib/unused.py": undefined } }), ["all: shared-file Lib/unused.py"]);
    for (const name of [
      "configure",
      "Makefile.pre.in",
      "Modules/Setup",
      "Grammar/python.gram",
      "pyconfig.h.in",
      "Misc/valgrind-python.supp",
      "Misc/platform_triplet.c",
      "Lib/sysconfig.py",
      "Lib/sysconfig/__main__.py",
      "Tools/build/generate-build-details.py",
      "new",
    ])
      assert.deepEqual(chosen({ sources: { [name]: "x" } }), [`all: shared-file ${name}`]);
  });

  test("no test file is selected for compiled files with equal objects, and for documents", () => {
    const sources = {
      "Modules/_csv.c": "x",
      "Include/new.h": "x",
      "Doc/library/csv.rst": "x",
      "Misc/NEWS.d/next/a.rst": "x",
      "README.rst": "x",
      ".pre-commit-config.yaml": "x",
      ".azure-pipelines/libffi-build.yml": "x",
      "Parser/asdl_c.py": "x",
      "Modules/expat/refresh.sh": "x",
    };
    assert.deepEqual(chosen({ sources }), [ALWAYS]);
  });

  test("a test package is selected if a file is added to it", () => {
    assert.deepEqual(chosen({ sources: { "Lib/test/test_json/helper.py": "x" } }), [
      "test_json.test_dump: file Lib/test/test_json/helper.py",
      ALWAYS,
    ]);
    assert.deepEqual(chosen({ sources: { "Lib/test/test_new.py": "x" } }), [ALWAYS]);
    assert.deepEqual(chosen({ sources: { "Lib/test/support/new.py": "x" } }), ["all: shared-file Lib/test/support/new.py"]);
  });
});

suite("footprints", () => {
  const names = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"), { maxLength: 11 });
  const any = fc.dictionary(fc.stringMatching(/^test_[a-z]{1,3}$/), fc.record({ functions: names, files: names }), { maxKeys: 30 });

  test("footprints keep which test files run each function and open each file", () => {
    fc.assert(
      fc.property(any, (byTest) => {
        const all = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"];
        const footprints = makeFootprints({
          sha: null,
          code: summarize(mergeAtoms([all.map((key) => atom(key))])),
          sources: new Map(all.map((name) => [name, "12345678"])),
          watched: new Set(all),
          shared: footprint([], []),
          tests: new Map(Object.entries(byTest).map(([name, { functions, files }]) => [name, footprint(functions, files)])),
        });
        for (const name of all) {
          const users = (of: "functions" | "files") => ({
            kind: "some",
            tests: Object.keys(byTest)
              .filter((key) => byTest[key]?.[of].some((one) => one === name))
              .toSorted(),
          });
          assert.deepEqual(usersOfFunctions(footprints)(name), users("functions"));
          assert.deepEqual(usersOfFiles(footprints)(name), users("files"));
        }
      }),
    );
  });

  test("a record without a test file does not name it, and the test file counts as unrecorded", () => {
    const footprints = withoutTests(FOOTPRINTS, new Set(["test_csv"]));
    assert.deepEqual(usersOfFunctions(footprints)("_csv.c:parse"), { kind: "some", tests: [] });
    assert.deepEqual(usersOfFunctions(footprints)("_json.c:scan"), { kind: "some", tests: ["test_json.test_dump", "test_os"] });
    const selected = selectAffected({
      footprints,
      rules: CPYTHON_RULES,
      code: codeOf(),
      sources: new Map(Object.entries(SOURCES)),
      tests: TESTS,
    });
    assert.deepEqual(selected.kind === "some" && [...selected.chosen.keys()], ["test_csv", "test_new"]);
  });
});
