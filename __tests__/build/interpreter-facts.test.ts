import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { askInterpreter, refuseInterpreter } from "../../src/build/interpreter-facts.ts";
import { UserError } from "../../src/model/user-error.ts";
import { Processes } from "../../src/system/processes.ts";
import { temporaryFolder, writeFiles } from "../support/folders.ts";
import { FACTS } from "../support/interpreters.ts";

suite("an installed interpreter", () => {
  const processes = new Processes(process.env);

  test("an installed interpreter reports its facts, as the system's python3 does", async () => {
    const facts = await askInterpreter("/usr/bin/python3", processes);
    assert.equal(facts.implementation, "cpython");
    assert.match(facts.version, /^3\.\d+\.\d+$/);
    assert.ok(facts.build.startsWith(facts.version));
    assert.match(facts.program, /^\/usr\/bin\/python3\.\d+$/);
    assert.deepEqual(facts.headers, [`/usr/include/python3.${facts.minor}`]);
    assert.match(facts.extensionSuffix, /\.so$/);
  });

  test("an installed interpreter says the same in a virtual environment of it", async () => {
    const folder = temporaryFolder();
    await processes.output("/usr/bin/python3", ["-m", "venv", "--without-pip", folder]);
    assert.deepEqual(await askInterpreter(`${folder}/bin/python`, processes), await askInterpreter("/usr/bin/python3", processes));
  });

  test("an installed interpreter is refused by path if it does not exist, or is not a Python", async () => {
    const folder = temporaryFolder();
    writeFiles(folder, { "fails.sh": "#!/bin/sh\necho not today >&2\nexit 1\n" });
    for (const [path, why] of [
      [`${folder}/python`, /cannot be started/],
      [`${folder}/fails.sh`, /does not answer like a CPython/],
      ["true", /does not answer/],
    ] as const) {
      await assert.rejects(askInterpreter(path, processes), (error) => error instanceof UserError && why.test(error.message));
    }
  });

  test("an installed interpreter is accepted from 3.14 on, with and without the GIL, but not with options that hide objects", () => {
    assert.equal(refuseInterpreter(FACTS), undefined);
    assert.equal(refuseInterpreter({ ...FACTS, version: "3.16.0", minor: 16 }), undefined);
    assert.equal(refuseInterpreter({ ...FACTS, freeThreaded: true }), undefined);
    assert.match(refuseInterpreter({ ...FACTS, version: "3.13.5", minor: 13 }) ?? "", /free lists.*`python-version`/);
    assert.match(refuseInterpreter({ ...FACTS, implementation: "pypy" }) ?? "", /pypy/);
    for (const [fact, why] of [
      ["traceRefs", /--with-trace-refs/],
      ["jit", /JIT/],
      ["sanitized", /sanitizer/],
    ] as const)
      assert.match(refuseInterpreter({ ...FACTS, [fact]: true }) ?? "", why);
  });
});
