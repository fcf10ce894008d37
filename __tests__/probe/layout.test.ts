import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { findLayout } from "../../src/probe/layout.ts";

suite("the layout of a CPython", () => {
  test("the layout of a CPython has a macro for each part, 1 if its question compiles", async () => {
    const flags = await findLayout(async (question) => !question.includes("old[1]"));
    assert.ok(flags?.includes("-DHAS_YOUNG_AND_OLD=0"));
    assert.ok(flags?.includes("-DHAS_THREE_GENERATIONS=1"));
    assert.ok(flags?.every((flag) => /^-DHAS_[A-Z_]+=[01]$/.test(flag)));
  });

  test("the layout of a CPython is unknown if the headers themselves do not compile", async () => {
    assert.equal(await findLayout(async (question) => question !== "PyObject"), undefined);
  });
});
