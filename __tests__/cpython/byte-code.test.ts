import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { libraryToCompile, removeByteCode } from "../../src/cpython/byte-code.ts";
import { temporaryFolder, writeFiles } from "../support/folders.ts";

suite("byte code", () => {
  test("of changed files goes, and with the last of a folder the folder", () => {
    const tree = temporaryFolder();
    const cache = (folder: string, ...names: readonly string[]) =>
      Object.fromEntries(names.map((name) => [`${folder}/__pycache__/${name}.cpython-313.pyc`, ""]));
    writeFiles(tree, { ...cache("Lib", "csv", "csvs", "os"), ...cache("Lib/gone", "__init__") });
    removeByteCode(tree, ["Lib/csv.py", "Lib/gone/__init__.py", "Lib/none/x.py", "Modules/os.py"]);
    assert.deepEqual(readdirSync(join(tree, "Lib/__pycache__")), ["csvs.cpython-313.pyc", "os.cpython-313.pyc"]);
    assert.equal(existsSync(join(tree, "Lib/gone")), false);
  });

  const compiled = (...changed: readonly string[]): readonly string[] => libraryToCompile(changed, (name) => !name.includes("gone"));

  test("is made of the files that changed and are there", () => {
    assert.deepEqual(compiled("Lib/csv.py", "Lib/gone.py", "Lib/test/data.txt", "Modules/_csv.c"), ["Lib/csv.py", "build"]);
  });

  test("is made of the whole library at first, after many changes, and when the compiler changed", () => {
    assert.deepEqual(
      libraryToCompile(undefined, () => true),
      ["Lib", "build"],
    );
    assert.deepEqual(compiled(...Array.from({ length: 1001 }, (_, index) => `Lib/m${index}.py`)), ["Lib", "build"]);
    for (const name of [
      "Python/compile.c",
      "Python/codegen.c",
      "Parser/parser.c",
      "Include/internal/pycore_magic_number.h",
      "Include/opcode_ids.h",
      "Lib/importlib/_bootstrap_external.py",
    ]) {
      assert.deepEqual(compiled(name), ["Lib", "build"], name);
    }
    for (const name of ["Objects/listobject.c", "Python/ceval.c", "Include/object.h", "Lib/importlib/util.py"]) {
      assert.ok(!compiled(name).includes("Lib"), name);
    }
  });
});
