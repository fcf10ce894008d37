import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { NOTHING } from "../../src/findings/judgement.ts";
import { judgeStopped } from "../../src/findings/stopped.ts";
import { run } from "../support/builders.ts";

suite("a stopped check", () => {
  test("names what it did not finish, each once, and not all of many", () => {
    const runs = ["a", "b", "c", "d", "e", "f", "f", "g"].map((name) => run({ name, status: "stopped", incomplete: "stopped" }));
    const { reasons } = judgeStopped({ ...NOTHING, reasons: ["test_z: it crashed."] }, [run({ name: "test_y" }), ...runs], "SIGINT came");
    assert.deepEqual(reasons, [
      "The check was stopped before its end: SIGINT came. It did not finish a, b, c, d, e and 2 more.",
      "test_z: it crashed.",
    ]);
  });

  test("that had run everything is not clean either", () => {
    assert.deepEqual(judgeStopped(NOTHING, [run()], "SIGINT came").reasons, ["The check was stopped before its end: SIGINT came."]);
  });
});
