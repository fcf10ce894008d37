import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { optionsIn, requireOptions, unknownOption } from "../../src/build/configure-options.ts";
import { UserError } from "../../src/model/user-error.ts";
import { cpythonFolder } from "../support/folders.ts";

/** As in CPython's configure. */
const CONFIGURE = `ac_subst_files=''
ac_user_opts='
enable_option_checking
with_suffix
enable_gil
with_pydebug
with_trace_refs
with_c_locale_coercion
'
      ac_precious_vars='build_alias
CC'
`;

suite("options of configure", () => {
  const known = optionsIn(CONFIGURE) ?? assert.fail("they are not read");
  const unknown = (...args: readonly string[]) => unknownOption(args, known);

  test("options of configure are known in all their forms", () => {
    for (const arg of [
      "--with-pydebug",
      "--without-pydebug",
      "--with-pydebug=no",
      "-with-pydebug",
      "--with-c-locale-coercion",
      "--with-c_locale_coercion",
      "--enable-gil=no",
      "--disable-gil",
      "--with-suffix=.x",
      "--disable-option-checking",
    ])
      assert.equal(unknown(arg), undefined, arg);
  });

  test("options of configure for something else than features and packages are not looked at", () => {
    assert.equal(unknown("CFLAGS=-O1 --with-x", "--quiet", "--cache-file=x", "-C", "MODULE_BUILDTYPE=static"), undefined);
  });

  test("options that configure does not have are named without their value", () => {
    assert.equal(unknown("--with-pydebug", "--with-pydebgu"), "--with-pydebgu");
    assert.equal(unknown("--disable-pydebug"), "--disable-pydebug");
    assert.equal(unknown("--with-gil=no"), "--with-gil");
  });

  test("options are refused with the version that lacks them, and where they are listed", async () => {
    const source = cpythonFolder({ configure: CONFIGURE.replace("enable_gil\n", "") });
    await requireOptions(["--with-pydebug"], source, "3.12.3");
    await assert.rejects(
      requireOptions(["--disable-gil"], source, "3.12.3"),
      (error) =>
        error instanceof UserError &&
        error.message === "`configure-args` contains `--disable-gil`, which CPython 3.12.3 does not have." &&
        error.hint === `\`${source}/configure --help\` lists its options.`,
    );
  });

  test("options of a configure that does not list them are left to it", async () => {
    assert.equal(optionsIn("#!/bin/sh\nexit 0\n"), undefined);
    await requireOptions(["--with-anything"], cpythonFolder(), "3.13.5");
  });
});
