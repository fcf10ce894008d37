import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { requirePlatform, thisPlatform } from "../../src/system/platform.ts";

suite("the platform of a check", () => {
  test("the platform of a check is Linux with glibc, as here", () => {
    const here = thisPlatform();
    assert.equal(here.system, "linux");
    assert.match(here.glibc ?? "", /^2\.\d+$/);
    assert.doesNotThrow(() => requirePlatform(here, "action"));
  });

  test("the platform of a check is refused first if it is another one, with what to do", () => {
    const only = "The check runs only on Linux with glibc.";
    for (const system of ["darwin", "win32"])
      assert.throws(() => requirePlatform({ system, glibc: undefined }, "action"), {
        name: "UserError",
        message: `${only} Add \`if: runner.os == 'Linux'\` to the step.`,
      });
    const musl = { system: "linux", glibc: undefined };
    assert.throws(() => requirePlatform(musl, "action"), {
      message: `${only} Run the job in an image with glibc, such as Debian's or Ubuntu's.`,
    });
    assert.throws(() => requirePlatform({ system: "darwin", glibc: undefined }, "terminal"), {
      message: `${only} Run it in a container of an image with glibc, such as Debian's or Ubuntu's.`,
    });
  });
});
