import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { describeFailure, messageOf, systemCodeOf, UserError } from "../../src/model/user-error.ts";

suite("a failure", () => {
  test("an error that the user can fix is shown without a stack, with the hint", () => {
    assert.equal(describeFailure(new UserError("There is no valgrind.", { hint: "Install it." })), "There is no valgrind.\nInstall it.");
    assert.equal(describeFailure(new UserError("There is no valgrind.")), "There is no valgrind.");
  });

  test("an error of a full disk is shown as one", () => {
    const full = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
    assert.match(describeFailure(full), /^The disk is full: .*\n.*work-dir/);
  });

  test("a failure of ours is reported as a bug, with the stack that helps to fix it", () => {
    assert.match(describeFailure(new TypeError("x is not a function")), /This is a bug[\s\S]*TypeError: x is not a function\n +at /);
  });

  test("any thrown value is shown", () => {
    for (const thrown of ["text", 7, null, undefined, { a: 1 }, Symbol("s")]) assert.match(describeFailure(thrown), /This is a bug/);
    assert.deepEqual([messageOf(new Error("x")), messageOf("y"), messageOf(null)], ["x", "y", "null"]);
  });

  test("a failure has the system's code only if the system gave one", () => {
    assert.equal(systemCodeOf(Object.assign(new Error("x"), { code: "ENOENT" })), "ENOENT");
    for (const thrown of [new Error("x"), Object.assign(new Error("x"), { code: 7 }), { code: "ENOENT" }, null])
      assert.equal(systemCodeOf(thrown), undefined);
  });
});
