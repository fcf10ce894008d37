import assert from "node:assert/strict";
import { join } from "node:path";
import { suite, test } from "node:test";
import type { Python } from "../../src/build/build.ts";
import { DEFAULT_TESTS, requireTests, selectAll } from "../../src/build/tests.ts";
import { UNSUITABLE_TESTS } from "../../src/build/unsuitable-tests.ts";
import { UserError } from "../../src/model/user-error.ts";
import { Processes } from "../../src/system/processes.ts";
import { temporaryFolder, writeFiles } from "../support/folders.ts";
import { PREPARED } from "../support/prepared.ts";

const SOURCE = temporaryFolder();
writeFiles(SOURCE, {
  "Lib/test/test_csv.py": "",
  "Lib/test/test_json/__init__.py": "",
  "Lib/test/test_json/test_dump.py": "",
  "Lib/test/support/x.py": "",
});

/** An interpreter that lists these tests, in the folder that it is given, and without what is in that. */
function pythonThatLists(...names: readonly string[]): Python {
  const folder = temporaryFolder();
  writeFiles(folder, {
    "python.sh": `#!/bin/sh\n[ "$PWD $*" = "${SOURCE} -P -m test --list-tests" ] && printf '%s\\n' ${names.map((name) => `'${name}'`).join(" ")}\n`,
  });
  return { ...PREPARED.python, path: join(folder, "python.sh") };
}

suite("test files by name", () => {
  test("test files that were asked for by name are modules, packages and parts of packages", () => {
    requireTests(["test_csv", "test_json", "test_json.test_dump"], SOURCE);
  });

  test("test files that do not exist are named before any work is done, all at once and with the place searched", () => {
    assert.throws(
      () => requireTests(["test_csv", "test_cvs", "test_json.test_no", "test_csv.py"], SOURCE),
      (error) => error instanceof UserError && /`test_cvs`, `test_json\.test_no`, `test_csv\.py` in .*Lib\/test/.test(error.message),
    );
  });
});

suite("all tests", () => {
  const listed = pythonThatLists("test_csv", "test.test_asyncio.test_events", "test_math", "test_mathematics", "test_gdb.test_misc", "");

  test("all tests are what regrtest lists, less the unsuitable ones and their parts, which are named with the reason", async () => {
    const { names, leftOut } = await selectAll("memcheck", listed, SOURCE, new Processes(process.env));
    assert.deepEqual(names, ["test_csv", "test_asyncio.test_events", "test_mathematics"]);
    assert.deepEqual(
      leftOut.map(({ name }) => name),
      ["test_math", "test_gdb.test_misc"],
    );
    assert.ok(leftOut.every(({ reason }) => reason.length > 0));
  });

  test("the scan has more test files than memcheck, since it includes those that are slow under memcheck", async () => {
    const { names } = await selectAll("scan", listed, SOURCE, new Processes(process.env));
    assert.deepEqual(names, ["test_csv", "test_asyncio.test_events", "test_math", "test_mathematics"]);
  });
});

test("no test file in the quick set is unsuitable", () => {
  assert.deepEqual(
    UNSUITABLE_TESTS.filter(({ name }) => DEFAULT_TESTS.some((quick) => quick === name)),
    [],
  );
});

test("every unsuitable test has a reason that ends a sentence, and is named once", () => {
  assert.equal(new Set(UNSUITABLE_TESTS.map(({ name }) => name)).size, UNSUITABLE_TESTS.length);
  for (const { name, reason } of UNSUITABLE_TESTS) assert.match(`${name}: ${reason}`, /^test_[\w.]+: [a-z].*[^.]$/);
});
