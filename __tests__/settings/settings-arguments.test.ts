import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { UserError } from "../../src/model/user-error.ts";
import { parseSettings, type Surroundings } from "../../src/settings/settings.ts";

const HERE: Surroundings = { directory: "/x", home: "/home/me", cores: 1, workDir: "/w", source: { kind: "release", version: "3.13" } };

const parse = (name: "configure-args" | "valgrind-args", value: string) => parseSettings({ [name]: value }, HERE);

const FORBIDDEN = {
  "configure-args": [
    "--with-trace-refs",
    "--with-freelists",
    "--with-address-sanitizer",
    "--with-memory-sanitizer=yes",
    "--with-thread-sanitizer",
    "--with-undefined-behavior-sanitizer",
    "CFLAGS=-fsanitize=address",
    "LDFLAGS=-fsanitize=undefined",
    "--enable-experimental-jit",
    "--enable-experimental-jit=yes-off",
    "--enable-optimizations",
    "--with-lto",
    "--with-lto=thin",
    "CFLAGS=-flto",
    "CFLAGS=-pg",
    "CFLAGS=-fomit-frame-pointer",
    "CFLAGS=-g0",
    "LDFLAGS=-s",
    "--enable-shared",
    "--host=aarch64-linux-gnu",
    "CC=clang",
    "OPT=-O0",
    "--with-pymalloc",
    "--with-pymalloc=yes",
    "--without-valgrind",
    "--with-valgrind=no",
    "--prefix=/usr",
    "--exec-prefix=/usr",
    "--srcdir=..",
    "-with-freelists",
    "-enable-optimizations",
    "-without-valgrind",
    "-prefix=/usr",
    "--enable-profiling",
    "--enable-bolt",
  ],
  "valgrind-args": [
    "--tool=helgrind",
    "--xml=no",
    "--xml-file=/tmp/x",
    "--log-file=/tmp/x",
    "--log-fd=9",
    "--leak-check=no",
    "--show-leak-kinds=all",
    "--show-reachable=yes",
    "--errors-for-leak-kinds=none",
    "--suppressions=/tmp/all.supp",
    "--default-suppressions=no",
    "--trace-children=yes",
    "--trace-children-skip=*",
    "/bin/true",
    "python",
  ],
} as const;

for (const name of ["configure-args", "valgrind-args"] as const) {
  suite(name, () => {
    for (const word of FORBIDDEN[name]) {
      test(`${name} must not contain ${word}, and the error has the reason`, () => {
        assert.throws(
          () => parse(name, `--harmless ${word}`),
          (error) =>
            error instanceof UserError &&
            error.message.startsWith(`\`${name}\` must not contain \`${word}\`: `) &&
            error.message.length > 60,
        );
      });
    }

    test(`${name} needs every quote closed`, () => {
      assert.throws(() => parse(name, "--x='y"), /every quote closed/);
    });
  });
}

suite("arguments that are allowed", () => {
  test("arguments that are allowed come in their order, with quotes taken off and lines joined", () => {
    assert.deepEqual(parse("configure-args", "--with-pydebug 'CFLAGS=-O0 -g' \\\n  --with-pymalloc=no").configureArgs, [
      "--with-pydebug",
      "CFLAGS=-O0 -g",
      "--with-pymalloc=no",
    ]);
    assert.deepEqual(parse("valgrind-args", "--track-origins=yes\n--fair-sched=yes").valgrindArgs, [
      "--track-origins=yes",
      "--fair-sched=yes",
    ]);
  });

  test("arguments that are allowed may begin like forbidden ones", () => {
    const allowed = ["--with-valgrind", "--disable-gil", "--enable-gil", "--with-lto=no", "--enable-experimental-jit=no", "CFLAGS=-DX=1"];
    assert.deepEqual(parse("configure-args", allowed.join(" ")).configureArgs, allowed);
  });
});
