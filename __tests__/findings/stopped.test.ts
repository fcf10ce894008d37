import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { NOTHING } from "../../src/findings/judgement.ts";
import { judgeStopped } from "../../src/findings/stopped.ts";
import { run } from "../support/builders.ts";

const WHY = { code: "signal", signal: "SIGINT" } as const;

suite("a stopped check", () => {
  test("a stopped check names unfinished test files, once each, before its other problems", () => {
    const incomplete = { code: "stopped", hadStarted: true } as const;
    const stopped = ["a", "b", "b"].map((name) => run({ name, status: "stopped", incomplete }));
    const { problems } = judgeStopped({ ...NOTHING, problems: [{ code: "nothing-checked" }] }, [run({ name: "test_y" }), ...stopped], WHY);
    assert.deepEqual(problems, [{ code: "stopped", why: WHY, unfinished: ["a", "b"] }, { code: "nothing-checked" }]);
  });

  test("a stopped check that had run everything is not clean either", () => {
    assert.deepEqual(judgeStopped(NOTHING, [run()], WHY).problems, [{ code: "stopped", why: WHY, unfinished: [] }]);
  });
});
