import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { madeOf, removeStaleObjects } from "../../src/build/stale-objects.ts";
import { temporaryFolder, writeFiles } from "../support/folders.ts";

const RULE = "Objects/listobject.o: Objects/listobject.c Include/Python.h \\\n Objects/clinic/listobject.c.h \\\n  pyconfig.h\n";

suite("the parts of an object", () => {
  test("an object is made of every file that the compiler names, by its bare name", () => {
    for (const name of ["Objects/listobject.c", "Objects/clinic/listobject.c.h", "Modules/clinic/listobject.c.h", "pyconfig.h"]) {
      assert.equal(madeOf([name])?.(RULE), true, name);
    }
    assert.equal(madeOf(["Objects/list.c", "Objects/clinic/listobject.h", "istobject.c"])?.(RULE), false);
  });

  test("an object is made of no Python code of the library", () => assert.equal(madeOf(["Lib/csv.py", "Lib/test/Python.h"]), undefined));
});

suite("stale objects", () => {
  const objects = (tree: string): string[] =>
    readdirSync(tree, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".o"))
      .sort();

  function build(): string {
    const tree = temporaryFolder();
    const made = (name: string, ...of: string[]) => ({ [`${name}.o`]: "object", [`${name}.d`]: `${name}.o: ${name}.c ${of.join(" ")}\n` });
    writeFiles(tree, {
      ...made("Objects/listobject", "Include/Python.h", "Objects/clinic/listobject.c.h"),
      ...made("Modules/_io/fileio", "Include/Python.h"),
      ...made("Python/ceval", "Python/ceval_macros.h"),
      "Parser/x.c": "",
      "Programs/python.o": "without a record of its parts",
    });
    return tree;
  }

  test("stale objects are removed if a source was changed or is gone, or if their sources are unknown", () => {
    for (const [changed, stay] of [
      ["Objects/clinic/listobject.c.h", ["Modules/_io/fileio.o", "Python/ceval.o"]],
      ["Modules/_io/fileio.c", ["Objects/listobject.o", "Python/ceval.o"]],
      ["Include/Python.h", ["Python/ceval.o"]],
    ] as const) {
      const tree = build();
      removeStaleObjects(tree, [changed]);
      assert.deepEqual(objects(tree), [...stay], changed);
    }
  });

  test("no object is stale if only the library changed", () => {
    const tree = build();
    removeStaleObjects(tree, ["Lib/csv.py", "Lib/test/Python.h"]);
    assert.equal(objects(join(tree)).length, 4);
  });
});
