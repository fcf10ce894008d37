import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { type ChangedCode, type Code, changedCode, mergeAtoms, summarize } from "../../src/affected/code.ts";
import { readObjectCode } from "../../src/affected/object-code.ts";
import { temporaryFolder, writeFiles } from "../support/folders.ts";

const FLAGS = ["-O2", "-g", "-fno-omit-frame-pointer", "-fPIC", "-fno-ipa-icf", "-ffunction-sections", "-fdata-sections"];

/** What gcc makes of these files, one object for each C file. */
function compile(files: Readonly<Record<string, string>>, flags: readonly string[] = FLAGS): Code {
  const folder = temporaryFolder();
  writeFiles(folder, files);
  const sources = Object.keys(files).filter((name) => name.endsWith(".c"));
  return mergeAtoms(
    sources.map((name) => {
      execFileSync("gcc", [...flags, "-c", name, "-o", "out.o"], { cwd: folder });
      return readObjectCode(readFileSync(join(folder, "out.o")), (source) => readFileSync(join(folder, source), "utf8"));
    }),
  );
}

const HEADER = "static inline int twice(int a) { return 2 * a; }\n";

const TABLES = `
#include "h.h"
struct method { const char *name; int (*call)(int); };
static int add(int a) { return a + 1; }
static int mul(int a) { return twice(a); }
static struct method methods[] = {{"add", add}, {"mul", mul}, {0, 0}};
struct module { struct method *methods; } module = {methods};
struct module *PyInit_x(void) { return &module; }
`;

const BODY = `
#include "h.h"
extern struct module { void *methods; } module;
static int counter;
static int __attribute__((noinline)) helper(int a) { static const char *const words[] = {"one", "two"}; return words[a & 1][0] + counter++; }
int first(int a) { static int calls[3]; calls[a]++; return helper(a) + calls[0]; }
int second(int a) {
  switch (a) {
    case 1: return first(1);
    case 2: return 7 * a;
    case 3: return a ^ 21;
    case 4: return helper(3);
    case 5: return "some text"[a];
    case 6: return -a;
  }
  return 0;
}
void *uses_module(void) { return module.methods; }
`;

const FILES = { "body.c": BODY, "tables.c": TABLES, "h.h": HEADER };

/** What a change of these files changes. */
function changedBy(change: Partial<Record<keyof typeof FILES, (text: string) => string>>): ChangedCode {
  const changed = Object.fromEntries(
    (["body.c", "tables.c", "h.h"] as const).map((name) => {
      const text = (change[name] ?? ((same: string) => same))(FILES[name]);
      if (change[name] !== undefined) assert.notEqual(text, FILES[name]);
      return [name, text];
    }),
  );
  return changedCode(summarize(compile(FILES)), compile(changed));
}

suite("the code of two builds", () => {
  test("object code is equal if only comments and lines moved", () => {
    const moved = (text: string): string => `/* comment */\n\n${text.replaceAll("\n", "\n\n")}`;
    assert.deepEqual(changedBy({ "body.c": moved, "tables.c": moved }), { functions: [], rewritten: [], unreferenced: [] });
  });

  test("object code is equal if only the line number of an internal error changed", () => {
    const calls = (before: number, other = 3): Code =>
      compile({
        "a.c": `void report(const char *, int); int asks(int); void report_more(int, int, int, const char *, int);
#define FAIL() \\
    report(__FILE__, __LINE__)
#define CHECK(x) do { if (!(x)) FAIL(); } while (0)
${"\n".repeat(before)}int first(void) { FAIL(); return -1; }
int later(int a) { if (a > ${other}) { FAIL(); return -1; } return a; }
int often(int a) { if (asks(a)) FAIL(); asks(1); if (asks(2)) report(__FILE__, __LINE__); if (asks(3))
 FAIL(); return asks(4); }
void checks(int a) { CHECK(asks(a)); }
void last(int a) { report_more(a, 1, 2, __FILE__, __LINE__); }
void unlike(void) { report("a.c", ${other}); }`,
      });
    assert.deepEqual(changedCode(summarize(calls(10)), calls(3000)).functions, []);
    assert.deepEqual(changedCode(summarize(calls(10)), calls(10, 40)).functions, ["later", "unlike"]);
  });

  test("object code differs in the changed function, but not in later functions or its callers", () => {
    const longer = changedBy({
      "body.c": (text) => text.replace("return words[a & 1][0]", "if (a > 99) return counter * 3; return words[a & 1][0]"),
    });
    assert.deepEqual([longer.functions, longer.rewritten], [["body.c:helper"], ["body.c:helper"]]);
  });

  test("object code differs in a function whose switch, string or static variable changed, and in no other function of its file", () => {
    assert.deepEqual(
      changedBy({ "body.c": (text) => text.replace("case 6: return -a;", "case 6: return -a; case 7: return 9;") }).functions,
      ["second"],
    );
    assert.deepEqual(changedBy({ "body.c": (text) => text.replace("some text", "another text") }).functions, ["second"]);
    assert.deepEqual(changedBy({ "body.c": (text) => text.replace('"two"', '"three"') }).functions, ["body.c:helper"]);
    assert.deepEqual(changedBy({ "body.c": (text) => text.replace("calls[3]", "calls[4]") }).functions, ["first"]);
  });

  test("object code differs in a function that refers to another part of the same constant", () => {
    const parts = (distance: number, factor: number): Code =>
      compile({
        "a.c": `typedef double pair __attribute__((vector_size(16))); int puts(const char *);
int said(void) { return puts("a text" + ${distance}) + puts("a text"); }
pair both(pair x) { return x * (pair){1.25, 3.25}; }
double one(double x) { return x * ${factor}; }`,
      });
    assert.deepEqual(changedCode(summarize(parts(1, 3.25)), parts(2, 1.25)).functions, ["one", "said"]);
  });

  test("object code of other functions is equal if a function with static variables and strings is added before them", () => {
    const added =
      'int added(int a) { static int calls[9]; static const char *const words[] = {"x", "some"}; return words[a][calls[a]++]; }\n';
    const { functions, rewritten } = changedBy({
      "body.c": (text) => text.replace("static int counter;", `static int counter;\n${added}`),
    });
    assert.deepEqual([functions, rewritten], [[], ["added"]]);
  });

  test("object code differs in a function into which a changed header function is inlined", () => {
    assert.deepEqual(changedBy({ "h.h": (text) => text.replace("2 * a", "3 * a") }).functions, ["tables.c:mul"]);
  });

  test("object code differs if a table changed, in all functions that refer to it, in other files, too", () => {
    const { functions, rewritten } = changedBy({ "tables.c": (text) => text.replace('{"mul", mul}', '{"multiply", mul}') });
    assert.deepEqual([functions, rewritten], [["PyInit_x", "uses_module"], []]);
  });

  test("object code differs if a function calls another one with equal code, in its own file or another", () => {
    const calling = (name: string): Code =>
      compile({
        "a.c": `int a(int); int b(int); static int __attribute__((noinline)) c(int x) { return x * b(x); } int f(int x) { return ${name}(x) + c(x + 1); }`,
      });
    for (const name of ["b", "c"]) assert.deepEqual(changedCode(summarize(calling("a")), calling(name)).functions, ["f"]);
  });

  test("object code differs in a function whose cold part changed, which the compiler puts elsewhere", () => {
    const before = {
      "a.c":
        "void rare(int) __attribute__((cold)); int f(int *a, int n) { for (int i = 0; i < n; i++) { if (a[i] == 7) { rare(3); rare(4); return i; } } return 0; }",
    };
    const now = { "a.c": before["a.c"].replace("rare(4)", "rare(5)") };
    assert.deepEqual(changedCode(summarize(compile(before)), compile(now)).functions, ["f"]);
    assert.deepEqual(summarize(compile(before)).keys, ["f"]);
  });

  test("object code differs in a deleted function", () => {
    const { functions } = changedBy({ "body.c": (text) => text.replace("int second(", "int renamed(") });
    assert.deepEqual(functions, ["second"]);
  });

  test("object code differs in a function that calls a new one instead of a library's, or of none", () => {
    const before = {
      "a.c": `int hook(void) __attribute__((weak)); char *stpcpy(char *, const char *);
int f(void) { return hook ? hook() : 0; } char *g(char *a, const char *b) { return stpcpy(a, b); } int h(void) { return 1; }`,
    };
    const now = { ...before, "b.c": "int hook(void) { return 7; } char *stpcpy(char *a, const char *b) { *a = *b; return a; }" };
    const { functions, rewritten } = changedCode(summarize(compile(before)), compile(now));
    assert.deepEqual(
      [functions, rewritten],
      [
        ["f", "g"],
        ["hook", "stpcpy"],
      ],
    );
  });

  test("object code differs in the list of constructors if the first one is added", () => {
    const before = { "a.c": "int n; int f(void) { return n; }" };
    for (const [attribute, section] of [
      ["constructor", ".init_array"],
      ["constructor(200)", ".init_array.00200"],
    ]) {
      const now = { "a.c": `${before["a.c"]} static void __attribute__((${attribute})) begins(void) { n = 3; }` };
      const { functions } = changedCode(summarize(compile(before)), compile(now));
      assert.deepEqual(functions, [`a.c:(${section})`]);
    }
  });

  test("object code names changed data that no function refers to", () => {
    const before = { "a.c": "int alone = 1; int f(void) { return 0; }" };
    const code = changedCode(summarize(compile(before)), compile({ "a.c": "int alone = 2; int f(void) { return 0; }" }));
    assert.deepEqual(code, { functions: [], rewritten: [], unreferenced: ["alone"] });
  });

  test("object code differs in all functions of a section without separate function sections", () => {
    const flags = FLAGS.filter((flag) => !flag.endsWith("-sections"));
    const before = { "a.c": "int f(int a) { return a; }\nint g(int a) { return a + 5; }" };
    const now = { "a.c": "int f(int a) { return a; }\nint g(int a) { return a + 6; }" };
    assert.deepEqual(changedCode(summarize(compile(before, flags)), compile(now, flags)).functions, ["f", "g"]);
  });

  test("object code is the same for the same source in any folder", () => {
    assert.deepEqual(summarize(compile(FILES)), summarize(compile(FILES)));
  });
});

suite("an object file", () => {
  test("that link-time optimization compiles again has no code to compare", () => {
    assert.throws(() => compile({ "a.c": "int f(void) { return 1; }" }, ["-O2", "-flto"]), /link-time optimization/);
  });

  test("that has more sections than fit into its header is read", () => {
    const variables = Array.from({ length: 0xff00 }, (_, index) => `.section .data.v${index},"aw"\n.byte 1`).join("\n");
    const source = `__asm__(${JSON.stringify(variables)});\nint last = 1; int unset; int f(void) { return last + unset; }`;
    const { atoms } = compile({ "a.c": source }, [...FLAGS, "-fcommon"]);
    assert.deepEqual([...atoms.values()].map(({ key, references }) => [key, ...references.toSorted()].join(" ")).toSorted(), [
      "f last unset",
      "last",
      "unset",
    ]);
  });

  test("that is cut off, or is something else, is refused", () => {
    const folder = temporaryFolder();
    writeFiles(folder, { "a.c": "int f(void) { return 1; }" });
    execFileSync("gcc", ["-c", "a.c", "-o", "a.o"], { cwd: folder });
    const whole = readFileSync(join(folder, "a.o"));
    for (const length of [0, 10, 63, 64, 100, whole.length - 1])
      assert.throws(() => readObjectCode(whole.subarray(0, length), () => undefined), `${length}`);
    assert.throws(() => readObjectCode(Buffer.from("BC\xc0\xde".padEnd(200, "x"), "latin1"), () => undefined), /not 64-bit ELF/);
  });
});
