import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import fc from "fast-check";
import { dealOut, libraryToCompile, removeByteCode } from "../../src/build/byte-code.ts";
import { temporaryFolder, writeFiles } from "../support/folders.ts";

suite("byte code", () => {
  test("byte code of changed files is removed, and a folder with its last file", () => {
    const tree = temporaryFolder();
    const cache = (folder: string, ...names: readonly string[]) =>
      Object.fromEntries(names.map((name) => [`${folder}/__pycache__/${name}.cpython-313.pyc`, ""]));
    writeFiles(tree, { ...cache("Lib", "csv", "csvs", "os"), ...cache("Lib/gone", "__init__") });
    removeByteCode(tree, ["Lib/csv.py", "Lib/gone/__init__.py", "Lib/none/x.py", "Modules/os.py"]);
    assert.deepEqual(readdirSync(join(tree, "Lib/__pycache__")), ["csvs.cpython-313.pyc", "os.cpython-313.pyc"]);
    assert.equal(existsSync(join(tree, "Lib/gone")), false);
  });

  const FILES = ["Lib/csv.py", "Lib/os.py", "Lib/test/data.txt", "Modules/_csv.c"];
  const compiled = (...changed: readonly string[]): readonly string[] => libraryToCompile(changed, FILES);

  test("byte code is made of the changed files that still exist", () => {
    assert.deepEqual(compiled("Lib/csv.py", "Lib/gone.py", "Lib/test/data.txt", "Modules/_csv.c"), ["Lib/csv.py"]);
  });

  test("byte code is made of the whole library at first, and when the compiler changed", () => {
    const library = ["Lib/csv.py", "Lib/os.py"];
    assert.deepEqual(libraryToCompile(undefined, FILES), library);
    for (const name of [
      "Python/compile.c",
      "Python/codegen.c",
      "Parser/parser.c",
      "Include/internal/pycore_magic_number.h",
      "Include/opcode_ids.h",
      "Lib/importlib/_bootstrap_external.py",
    ]) {
      assert.deepEqual(compiled(name), library, name);
    }
    for (const name of ["Objects/listobject.c", "Python/ceval.c", "Include/object.h", "Lib/importlib/util.py"]) {
      assert.deepEqual(compiled(name), [], name);
    }
  });

  test("byte code is compiled by as many processes as asked for, each file once, and none without files", () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.integer({ min: 1, max: 9 }), (items, count) => {
        const lists = dealOut(items, count);
        assert.deepEqual(lists.flat().sort(), [...items].sort());
        assert.ok(lists.length <= count && (items.length === 0 || lists.every((list) => list.length > 0)));
        const lengths = lists.map((list) => list.length);
        assert.ok(Math.max(...lengths) - Math.min(...lengths) <= 1);
      }),
    );
  });
});
