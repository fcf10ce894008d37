import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { checkedPython } from "../../../src/hosts/common/checked-python.ts";
import { UserError } from "../../../src/model/user-error.ts";
import type { Source } from "../../../src/settings/source-setting.ts";
import { Processes } from "../../../src/system/processes.ts";
import { cpythonFolder } from "../../support/folders.ts";
import { standInPython } from "../../support/interpreters.ts";

const processes = new Processes(process.env);

async function labelOf(source: Source, configureArgs: readonly string[] = []): Promise<readonly [string, boolean]> {
  const { version, freeThreaded } = await checkedPython({ source, configureArgs, directory: "/", passEnv: [] }, processes);
  return [version, freeThreaded];
}

suite("the checked Python", () => {
  test("the checked Python is free-threaded if it will be built that way", async () => {
    const checkout = { kind: "checkout", path: cpythonFolder() } as const;
    assert.deepEqual(await labelOf(checkout, ["--with-pydebug"]), ["3.13.5+", false]);
    assert.deepEqual(await labelOf(checkout, ["--disable-gil"]), ["3.13.5+", true]);
    assert.deepEqual(await labelOf({ kind: "release", version: "3.13" }, ["--disable-gil=yes"]), ["3.13", true]);
  });

  test("the checked Python is asked if it is installed", async () => {
    const installed = (freeThreaded: boolean): Source => ({ kind: "interpreter", program: standInPython({ freeThreaded }) });
    assert.deepEqual(await labelOf(installed(false)), ["3.14.7", false]);
    assert.deepEqual(await labelOf(installed(true)), ["3.14.7", true]);
  });

  test("a checked Python that does not exist is refused, as by the build", async () => {
    for (const source of [
      { kind: "checkout", path: "/none" },
      { kind: "interpreter", program: "/none/python" },
    ] as const)
      await assert.rejects(labelOf(source), UserError);
  });
});
