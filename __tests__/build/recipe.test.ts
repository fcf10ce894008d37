import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import {
  buildEnvironment,
  buildKey,
  commandEnvironment,
  makeRecipe,
  type Recipe,
  recipeKey,
  testEnvironment,
} from "../../src/build/recipe.ts";
import type { SourceTree } from "../../src/build/source.ts";
import type { Toolchain } from "../../src/build/toolchain.ts";
import { SOURCE, TOOLCHAIN } from "../support/prepared.ts";

const recipe = (toolchain: Partial<Toolchain> = {}, source: Partial<SourceTree> = {}, args: readonly string[] = []): Recipe =>
  makeRecipe({ ...SOURCE, ...source }, { ...TOOLCHAIN, ...toolchain }, args);

suite("a recipe", () => {
  test("a recipe builds for valgrind, without pymalloc and free lists, with the compiler of the toolchain", () => {
    const { configureArgs } = recipe();
    for (const arg of ["--with-valgrind", "--without-pymalloc", "--without-freelists", "CC=gcc"])
      assert.ok(configureArgs.includes(arg), arg);
  });

  test("a recipe adds flags of the settings to its own, since configure takes the last CFLAGS only", () => {
    const flags = recipe({}, {}, ["CFLAGS=-DX=1", "--with-pydebug", "CFLAGS=-DY"]).configureArgs.filter((arg) => arg.startsWith("CFLAGS="));
    assert.equal(flags.length, 1);
    assert.match(flags.join(), /-fno-omit-frame-pointer.* -DX=1 -DY$/);
    assert.ok(recipe({}, {}, ["--with-pydebug"]).configureArgs.includes("--with-pydebug"));
  });

  test("a recipe names no option that configure does not have", () => {
    assert.ok(!recipe({}, { hasFreelistsOption: false }).configureArgs.includes("--without-freelists"));
  });

  test("a recipe names no flag that the architecture does not have", () => {
    const flags = (architecture: string): string => recipe({ architecture }).configureArgs.find((arg) => arg.startsWith("CFLAGS=")) ?? "";
    for (const architecture of ["x86_64", "aarch64"]) assert.match(flags(architecture), /-mno-omit-leaf-frame-pointer/);
    assert.match(flags("s390x"), /-fno-omit-frame-pointer/);
    assert.doesNotMatch(flags("s390x"), /leaf/);
  });

  test("a recipe names no flag that clang refuses, and has it write what valgrind can read", () => {
    const flags = (compilerVersion: string): string => recipe({ compilerVersion }).configureArgs.join(" ");
    assert.match(flags("gcc (Debian 12.2.0-14+deb12u1) 12.2.0"), /-fno-ipa-icf/);
    assert.doesNotMatch(flags("Debian clang version 14.0.6"), /ipa/);
    assert.match(flags("Debian clang version 14.0.6"), /-gdwarf-4/);
  });

  test("a recipe makes mimalloc report its blocks to memcheck in a free-threaded build", () => {
    const flags = (...args: readonly string[]): string => recipe({}, {}, args).configureArgs.join(" ");
    for (const arg of ["--disable-gil", "--disable-gil=yes", "--enable-gil=no"]) assert.match(flags(arg), /-DMI_TRACK_VALGRIND=1/);
    for (const arg of ["--disable-gil=no", "--enable-gil", "--with-pydebug"]) assert.doesNotMatch(flags(arg), /MI_TRACK/);
  });

  test("a recipe ends with the user's arguments, which configure lets win", () => {
    assert.deepEqual(recipe({}, {}, ["--with-pydebug", "--with-assertions"]).configureArgs.slice(-2), [
      "--with-pydebug",
      "--with-assertions",
    ]);
  });
});

suite("keys", () => {
  test("a build's keys change with every part of the toolchain, the arguments and the version", () => {
    const key = (...parts: Parameters<typeof recipe>): string => recipeKey(recipe(...parts), "3.13.5");
    const parts = (Object.keys(TOOLCHAIN) as (keyof Toolchain)[]).map((name) => key({ [name]: "other" }));
    const keys = [
      key(),
      ...parts,
      key({}, {}, ["--x"]),
      key({}, {}, ["--x", "--y"]),
      key({}, {}, ["--x --y"]),
      recipeKey(recipe(), "3.13.6"),
    ];
    assert.equal(new Set(keys).size, keys.length);
  });

  test("a build's keys are the same for the same recipe, wherever the source is", () => {
    assert.equal(recipeKey(recipe({}, { path: "/a" }), "3.13.5"), recipeKey(recipe({}, { path: "/b" }), "3.13.5"));
  });

  test("a build's key changes with the content of the source, and that of its folder does not", () => {
    const changed = { ...SOURCE, contentHash: "4567" };
    assert.notEqual(buildKey(recipe(), changed), buildKey(recipe(), SOURCE));
    assert.equal(buildKey(recipe(), changed).startsWith(recipeKey(recipe(), SOURCE.version)), true);
  });

  test("a build's keys are names that a folder can have", () =>
    assert.match(recipeKey(recipe({}, {}, ["a/b c"]), "3.14.0a2+"), /^[\w.+-]+$/));

  /** When this fails, builds are kept under another name: RECIPE_VERSION must go up if what is kept changed too. */
  test("the keys of a build do not change within this version", () => {
    assert.equal(recipeKey({ configureArgs: ["--with-valgrind"], toolchain: TOOLCHAIN }, "3.13.5"), "3.13.5-77f5c594a1f0c987");
  });
});

const SECRETS = {
  GITHUB_TOKEN: "x",
  INPUT_TOKEN: "x",
  "INPUT_CONFIGURE-ARGS": "x",
  ACTIONS_RUNTIME_TOKEN: "x",
  ACTIONS_CACHE_URL: "x",
  ACTIONS_ID_TOKEN_REQUEST_URL: "x",
  GITHUB_ENV: "x",
  GITHUB_OUTPUT: "x",
  RUNNER_TEMP: "x",
  npm_config_registry: "x",
  MY_SECRET: "x",
  DB_PASSWORD: "x",
  pypi_token: "x",
};

const arbitraryEnvironment = fc.dictionary(
  fc.constantFrom("PATH", "HOME", "CFLAGS", "PYTHONPATH", "LD_PRELOAD", ...Object.keys(SECRETS)),
  fc.string(),
);

const GIL = { freeThreaded: false };

suite("the environment of tests", () => {
  test("the environment of tests contains only variables on a list of names", () => {
    const allowed =
      /^(PATH|HOME|TMPDIR|LANG|LC_ALL|TZ|USER|LOGNAME|SHELL|PYTHONHASHSEED|PYTHONMALLOC|PYTHONDONTWRITEBYTECODE|PYTHONNOUSERSITE)$/;
    fc.assert(
      fc.property(arbitraryEnvironment, (env) => assert.ok(Object.keys(testEnvironment(env, GIL)).every((name) => allowed.test(name)))),
    );
  });

  test("the environment of tests has fixed hashes and the allocator that memcheck sees into, whatever is exported", () => {
    const { PYTHONHASHSEED, PYTHONMALLOC, PATH } = testEnvironment(
      { PATH: "/bin", PYTHONMALLOC: "pymalloc", PYTHONHASHSEED: "random" },
      GIL,
    );
    assert.deepEqual([PYTHONHASHSEED, PYTHONMALLOC, PATH], ["0", "malloc", "/bin"]);
  });

  test("the environment of tests sets no allocator for a free-threaded interpreter, which has only one", () =>
    assert.ok(!("PYTHONMALLOC" in testEnvironment({ PYTHONMALLOC: "malloc" }, { freeThreaded: true }))));

  test("the environment of tests leaves out unset variables", () =>
    assert.ok(!("HOME" in testEnvironment({ PATH: "/bin", HOME: undefined }, GIL))));
});

suite("the environment of a command", () => {
  /** Some that jobs have, whose names give nothing away. */
  const OTHERS = {
    AWS_ACCESS_KEY_ID: "x",
    DATABASE_URL: "x",
    PIP_INDEX_URL: "x",
    GH_PAT: "x",
    SSH_AUTH_SOCK: "x",
    DOCKER_AUTH_CONFIG: "x",
    SLACK_WEBHOOK: "x",
    LD_PRELOAD: "x",
    VALGRIND_OPTS: "x",
    NODE_OPTIONS: "x",
    PYTHONSTARTUP: "x",
  };

  test("the environment of a command has where the user's packages are, the user's language, and what tests have", () => {
    const own = { PATH: "/bin", PYTHONPATH: "/x", VIRTUAL_ENV: "/v", LC_CTYPE: "C.UTF-8", LANGUAGE: "de", TERM: "xterm" };
    const { PYTHONMALLOC, PYTHONHASHSEED, ...rest } = commandEnvironment({ ...own, PYTHONMALLOC: "pymalloc" }, [], GIL);
    assert.deepEqual([PYTHONMALLOC, PYTHONHASHSEED, rest], ["malloc", "0", { ...own, OPENBLAS_NUM_THREADS: "1" }]);
  });

  test("the environment of a command contains only listed variables and those that the user names", () => {
    const env = { PATH: "/bin", ...SECRETS, ...OTHERS };
    const strange = (passed: readonly string[]) =>
      Object.keys(commandEnvironment(env, passed, GIL)).filter((name) => name in SECRETS || name in OTHERS);
    assert.deepEqual(strange([]), []);
    assert.deepEqual(strange(["DATABASE_URL", "NOT_SET"]), ["DATABASE_URL"]);
  });

  test("the environment of a command lets Python import from the user's home folder, and that of tests does not", () => {
    assert.equal("PYTHONNOUSERSITE" in commandEnvironment({ PYTHONNOUSERSITE: "1" }, [], GIL), false);
    assert.equal(testEnvironment({}, GIL).PYTHONNOUSERSITE, "1");
  });
});

test("the environment of a build has no flags of the person's own, which are not part of the key", () => {
  const env = buildEnvironment({ PATH: "/bin", CFLAGS: "-O3", LDFLAGS: "-s", CC: "clang", MAKEFLAGS: "-k", ...SECRETS });
  assert.deepEqual(Object.keys(env), ["PATH", "SOURCE_DATE_EPOCH"]);
});
