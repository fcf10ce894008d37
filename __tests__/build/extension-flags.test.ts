import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { AFFECTED_FLAGS, EXTENSION_FLAGS, withExtensionFlags } from "../../src/build/extension-flags.ts";
import { ROOT } from "../support/command.ts";

test("an extension is compiled with symbols and frame pointers, and with the user's own flags behind these", () => {
  const env = withExtensionFlags({ CFLAGS: "-O0", PATH: "/bin", SKBUILD_CMAKE_BUILD_TYPE: "Debug" }, false);
  assert.equal(env.CFLAGS, "-g -fno-omit-frame-pointer -O0");
  assert.equal(env.CXXFLAGS, "-g -fno-omit-frame-pointer");
  assert.equal(env.SKBUILD_CMAKE_BUILD_TYPE, "Debug");
  assert.equal(env.PATH, "/bin");
});

test("with affected tests, an extension is compiled with function sections and linked with relocations", () => {
  const env = withExtensionFlags({ CFLAGS: "-O0", LDFLAGS: "-lm" }, true);
  assert.equal(env.CFLAGS, "-g -fno-omit-frame-pointer -ffunction-sections -fdata-sections -O0");
  assert.match(env.LDFLAGS ?? "", /^-fuse-ld=bfd -Wl,--emit-relocs\S* -lm$/);
  assert.equal(env.CARGO_PROFILE_RELEASE_STRIP, "none");
  assert.equal(withExtensionFlags({}, false).LDFLAGS, undefined);
});

test("the README shows the variables that an extension is compiled with", () => {
  const readme = readFileSync(join(ROOT, "README.md"), "utf8");
  for (const [name, value] of Object.entries(EXTENSION_FLAGS)) assert.ok(readme.includes(`${name}: "${value}"`), name);
});

test("docs/affected-tests.md shows the variables that an extension is compiled with for affected tests", () => {
  const page = readFileSync(join(ROOT, "docs", "affected-tests.md"), "utf8");
  const all = withExtensionFlags({}, true);
  for (const name of Object.keys(AFFECTED_FLAGS)) assert.ok(page.includes(`${name}: "${all[name]}"`), name);
});
