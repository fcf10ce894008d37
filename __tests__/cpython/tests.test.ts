import assert from "node:assert/strict";
import { join } from "node:path";
import { suite, test } from "node:test";
import type { Python } from "../../src/cpython/build.ts";
import { DEFAULT_TESTS, requireTests, selectTests } from "../../src/cpython/tests.ts";
import { UNSUITABLE_TESTS } from "../../src/cpython/unsuitable-tests.ts";
import { UserError } from "../../src/errors.ts";
import { Processes } from "../../src/system/processes.ts";
import { temporaryFolder, writeFiles } from "../support/folders.ts";
import { SUBJECT } from "../support/subject.ts";

const SOURCE = temporaryFolder();
writeFiles(SOURCE, {
  "Lib/test/test_csv.py": "",
  "Lib/test/test_json/__init__.py": "",
  "Lib/test/test_json/test_dump.py": "",
  "Lib/test/support/x.py": "",
});

/** An interpreter that lists these tests when regrtest asks it to. */
function pythonThatLists(...names: readonly string[]): Python {
  const folder = temporaryFolder();
  writeFiles(folder, {
    "python.sh": `#!/bin/sh\n[ "$*" = "-m test --list-tests" ] && printf '%s\\n' ${names.map((name) => `'${name}'`).join(" ")}\n`,
  });
  return { ...SUBJECT.python, path: join(folder, "python.sh") };
}

suite("test files that were asked for by name", () => {
  test("are modules, packages and parts of packages", () => {
    requireTests({ kind: "tests", names: ["test_csv", "test_json", "test_json.test_dump"] }, SOURCE);
  });

  test("are missed before any work is done, all at once and with the place where they were looked for", () => {
    assert.throws(
      () => requireTests({ kind: "tests", names: ["test_csv", "test_cvs", "test_json.test_no", "test_csv.py"] }, SOURCE),
      (error) => error instanceof UserError && /`test_cvs`, `test_json\.test_no`, `test_csv\.py` in .*Lib\/test/.test(error.message),
    );
  });

  test("are not looked for where none were named", () => {
    for (const kind of ["default-tests", "all-tests"] as const) requireTests({ kind }, "/nowhere");
    requireTests({ kind: "command", words: ["-c", "pass"] }, "/nowhere");
  });
});

suite("the tests to run", () => {
  const none = pythonThatLists();

  test("are the named ones, as they were named, suitable or not", async () => {
    const selection = await selectTests({ kind: "tests", names: ["test_math", "test_csv"] }, none, new Processes());
    assert.deepEqual(selection, { names: ["test_math", "test_csv"], leftOut: [] });
  });

  test("are a quick set by default, in which nothing is unsuitable", async () => {
    const { names } = await selectTests({ kind: "default-tests" }, none, new Processes());
    assert.deepEqual(names, DEFAULT_TESTS);
    assert.deepEqual(
      UNSUITABLE_TESTS.filter(({ name }) => DEFAULT_TESTS.some((quick) => quick === name)),
      [],
    );
  });

  test("are all that regrtest lists, less the unsuitable ones and their parts, which are named with the reason", async () => {
    const listed = pythonThatLists("test_csv", "test.test_asyncio.test_events", "test_math", "test_mathematics", "test_gdb.test_misc", "");
    const { names, leftOut } = await selectTests({ kind: "all-tests" }, listed, new Processes());
    assert.deepEqual(names, ["test_csv", "test_asyncio.test_events", "test_mathematics"]);
    assert.deepEqual(
      leftOut.map(({ name }) => name),
      ["test_math", "test_gdb.test_misc"],
    );
    assert.ok(leftOut.every(({ reason }) => reason.length > 0));
  });
});

test("every unsuitable test has a reason that ends a sentence, and is named once", () => {
  assert.equal(new Set(UNSUITABLE_TESTS.map(({ name }) => name)).size, UNSUITABLE_TESTS.length);
  for (const { name, reason } of UNSUITABLE_TESTS) assert.match(`${name}: ${reason}`, /^test_\w+: [a-z].*[^.]$/);
});
