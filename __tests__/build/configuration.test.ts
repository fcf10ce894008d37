import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { parseConfiguration, readConfiguration } from "../../src/build/configuration.ts";
import { UserError } from "../../src/model/user-error.ts";
import { temporaryFolder, writeFiles } from "../support/folders.ts";

const MAKEFILE = "SO=\t.so\nEXT_SUFFIX=\t.cpython-314-x86_64-linux-gnu.so\nLDSHARED=\t$(CC) -shared\n";
const HEADER = "/* #undef Py_GIL_DISABLED */\n#define WITH_DOC_STRINGS 1\n#define WITH_VALGRIND 1\n#define ZERO 0\n#undef WITH_PYMALLOC\n";

async function read(header: string, makefile = MAKEFILE) {
  const tree = temporaryFolder();
  writeFiles(tree, { Makefile: makefile, "pyconfig.h": header });
  return await readConfiguration(tree);
}

suite("a configured CPython", () => {
  test("a configured CPython is read from its Makefile and pyconfig.h", () => {
    const configuration = parseConfiguration(MAKEFILE, HEADER);
    assert.equal(configuration?.extensionSuffix, ".cpython-314-x86_64-linux-gnu.so");
    assert.deepEqual([...(configuration?.macros ?? [])], ["WITH_DOC_STRINGS", "WITH_VALGRIND"]);
  });

  test("a CPython that is configured for valgrind is accepted", async () => {
    assert.ok((await read(HEADER)).macros.has("WITH_VALGRIND"));
  });

  test("a configured free-threaded CPython is accepted", async () => {
    assert.ok((await read(`${HEADER}#define Py_GIL_DISABLED 1\n`)).macros.has("Py_GIL_DISABLED"));
  });

  const refused: Readonly<Record<string, string>> = {
    "with pymalloc is refused": `${HEADER}#define WITH_PYMALLOC 1\n`,
    "with --with-trace-refs is refused": `${HEADER}#define Py_TRACE_REFS 1\n`,
    "without --with-valgrind is refused": HEADER.replace("WITH_VALGRIND 1", "WITH_VALGRIND 0"),
  };
  for (const [title, header] of Object.entries(refused))
    test(`a configured CPython ${title}`, async () => assert.rejects(read(header), UserError));

  test("a configured CPython without a suffix of extension modules is refused", async () =>
    assert.rejects(read(HEADER, "CC=gcc\n"), UserError));
});
