import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { type ChangedCode, changedCode, mergeAtoms, summarize } from "../../src/affected/code.ts";
import { type LinkedCode, readLinkedCode } from "../../src/affected/linked-code.ts";
import { AFFECTED_FLAGS } from "../../src/build/extension-flags.ts";
import { temporaryFolder, writeFiles } from "../support/folders.ts";

const words = (text: string): readonly string[] => text.split(" ");

const COMPILE = ["-O2", "-g", "-fno-omit-frame-pointer", "-fPIC"];

/** How `install` compiles and links an extension. */
const FLAGS = { compile: [...COMPILE, ...words(AFFECTED_FLAGS.CFLAGS)], link: words(AFFECTED_FLAGS.LDFLAGS) };

/** An extension whose linker only keeps the relocations, without a section for each function and variable. */
const PLAIN = { compile: COMPILE, link: ["-Wl,--emit-relocs"] };

type Flags = typeof FLAGS;

/** Compiles and links the files, and reads the result; undefined if it can't be read. */
function link(
  files: Readonly<Record<string, string>>,
  { compile, link: linking }: Flags = FLAGS,
  program = "gcc",
  isStripped = false,
): LinkedCode | undefined {
  const folder = temporaryFolder();
  writeFiles(folder, files);
  const objects = Object.keys(files).map((name) => {
    execFileSync(program, [...compile, "-c", name, "-o", `${name}.o`], { cwd: folder });
    return `${name}.o`;
  });
  execFileSync(program, ["-shared", ...linking, ...objects, "-o", "out.so"], { cwd: folder });
  if (isStripped) execFileSync("strip", ["out.so"], { cwd: folder });
  return readLinkedCode(readFileSync(join(folder, "out.so")), (name) => files[name]);
}

function codeOf(files: Readonly<Record<string, string>>, flags?: Flags, program?: string): LinkedCode {
  const linked = link(files, flags, program);
  assert.ok(linked !== undefined);
  return linked;
}

function changedBetween(before: LinkedCode, now: LinkedCode): ChangedCode {
  return changedCode(summarize(mergeAtoms([before.atoms])), mergeAtoms([now.atoms]));
}

const A = `
#define FAIL() (fails(__FILE__, __LINE__))
int fails(const char *, int), helper_of_b(int), puts(const char *);
static const char *const words[] = {"one", "two", "three"};
static int counter, table[4] = {1, 2, 3, 4};
static int __attribute__((noinline)) helper(int a) { return words[a % 3][0] + counter++ + table[a & 3]; }
int first(int a) { static int calls[3]; calls[a % 3]++; return helper(a) + calls[0]; }
int second(int a) {
  switch (a) {
    case 1: return first(1);
    case 2: return 7 * a;
    case 3: return a ^ 21;
    case 4: return helper(3);
    case 5: return "some text"[a & 3];
    case 6: return -a;
    case 7: return helper_of_b(a);
  }
  return 0;
}
struct method { const char *name; int (*call)(int); };
static struct method methods[] = {{"first", first}, {"helper", helper}, {0, 0}};
void *PyInit_x(void) { return methods; }
static double __attribute__((noinline)) half(double x) { return x * 0.5 + 1.25; }
static double __attribute__((noinline)) checked(double x) { if (x < 0) FAIL(); return half(x) * 4.5; }
double twice(double x) { return checked(x) * 2; }
`;

const B = `
static const char *const words[] = {"four", "three", "two"};
int fails(const char *file, int line) { return line + file[0]; }
int helper_of_b(int a) { return words[a % 3][1]; }
`;

const FILES = { "a.c": A, "b.c": B };

const SAME = { functions: [], rewritten: [], unreferenced: [] };

/** @param replaced pairs of a text in a.c and its replacement */
function changedBy(replaced: readonly (readonly [string, string])[], flags = FLAGS): ChangedCode {
  const now = replaced.reduce((text, [before, after]) => {
    assert.ok(text.includes(before), before);
    return text.replace(before, after);
  }, A);
  return changedBetween(codeOf(FILES, flags), codeOf({ ...FILES, "a.c": now }, flags));
}

const MOVED = "/* comment */\n\n\nint fails";
const ADDED = 'int added(int a) { static int calls[9]; puts("added"); return calls[a]++ + fails("x", a); }\nint first(int a)';

suite("the code of a linked extension", () => {
  test("linked code is equal if only comments and lines moved, or the folder differs", () => {
    assert.deepEqual(changedBy([["int fails", MOVED]]), SAME);
    assert.deepEqual(changedBetween(codeOf(FILES), codeOf(FILES)), SAME);
  });

  test("linked code differs in the changed function only, even if later ones moved", () => {
    assert.deepEqual(changedBy([["7 * a", "9 * a + counter"]]).functions, ["second"]);
    assert.deepEqual(changedBy([["return words[a % 3][0]", 'puts("x"); puts("longer"); return words[a % 3][0]']]).functions, [
      "a.c:helper",
    ]);
    assert.deepEqual(changedBy([["case 6: return -a;", "case 6: return -a; case 8: return 3; case 9: return 77;"]]).functions, ["second"]);
    assert.deepEqual(changedBy([["0.5", "0.25"]]).functions, ["a.c:half"]);
    assert.deepEqual(changedBy([["some text", "other text"]]).functions, ["second"]);
    assert.deepEqual(changedBy([["calls[3]", "calls[5]"]]).functions, ["first"]);
  });

  test("linked code of other functions is equal if functions and strings are added or reordered", () => {
    assert.deepEqual(changedBy([["int first(int a)", ADDED]]), { ...SAME, rewritten: ["added"] });
    const half = /static double.*half.*\n/.exec(A)?.[0] ?? "";
    assert.deepEqual(
      changedBy([
        [half, ""],
        ["int first(int a)", `${half}int first(int a)`],
      ]),
      SAME,
    );
  });

  test("linked code differs, if a table changed, in the functions that refer to it, and not in those that use a table of the same name in another file", () => {
    assert.deepEqual(changedBy([['{"helper", helper}', '{"other", helper}']]).functions, ["PyInit_x"]);
    assert.deepEqual(changedBy([["{1, 2, 3, 4}", "{1, 2, 3, 5}"]]).functions, ["a.c:helper"]);
    assert.deepEqual(changedBy([['"three"};', '"thee"};']]).functions, ["a.c:helper"]);
  });

  test("linked code differs in a function that calls another one instead", () => {
    for (const flags of [FLAGS, PLAIN]) {
      const calls = (name: string): LinkedCode =>
        codeOf(
          {
            "a.c": `static int __attribute__((noinline)) b(int x) { return x * 3; } static int __attribute__((noinline)) c(int x) { return x * 5; }
int other(int x) { return b(x) + c(x); } int f(int x) { return ${name}(x) + 1; }`,
          },
          flags,
        );
      assert.deepEqual(changedBetween(calls("b"), calls("c")).functions, ["f"]);
    }
  });

  test("linked code is equal if lines moved or functions were added, even without function sections", () => {
    assert.deepEqual(changedBy([["int fails", MOVED]], PLAIN), SAME);
    const { functions } = changedBy([["int first(int a)", "int added(int a) { return a * 3; }\nint first(int a)"]], PLAIN);
    assert.deepEqual(functions, []);
  });

  test("linked code may differ in more functions without data sections, but never in fewer", () => {
    const { functions } = changedBy([["{1, 2, 3, 4}", "{1, 2, 3, 5}"]], PLAIN);
    assert.ok(functions.includes("a.c:helper"));
    assert.ok(changedBy([["some text", "other text"]], PLAIN).functions.includes("second"));
  });

  test("the rest of linked code differs if it needs another library", () => {
    const [before, now] = [codeOf(FILES), codeOf(FILES, { ...FLAGS, link: [...FLAGS.link, "-Wl,--no-as-needed", "-lm"] })];
    assert.deepEqual(changedBetween(before, now), SAME);
    assert.notEqual(before.rest, now.rest);
  });

  test("linked code lists the functions that run while it is loaded, and their data", () => {
    const { atLoad } = codeOf({
      "a.c":
        "static int n; static void more(int a) { n += a; } static void __attribute__((constructor)) begins(void) { more(3); more(n); }\nvoid later(void) { n = 0; }",
    });
    assert.ok(atLoad.has("a.c:begins") && atLoad.has("a.c:n"));
    assert.ok(!atLoad.has("later"));
  });

  test("linked code lists the function that chooses an implementation while it is loaded", () => {
    const { atLoad } = codeOf({
      "a.c":
        'static int one(int a) { return a + 1; } static int two(int a) { return a + 2; } int level(void);\nstatic int (*choose(void))(int) { return level() > 1 ? two : one; }\nint f(int a) __attribute__((ifunc("choose"))); int uses(int a) { return f(a); }',
      "b.c": "int level(void) { return 2; }",
    });
    for (const key of ["a.c:choose", "a.c:one", "level"]) assert.ok(atLoad.has(key), key);
    assert.ok(!atLoad.has("uses"));
  });

  test("linked code differs in a C++ function that catches another type", () => {
    const catches = (type: string): LinkedCode =>
      codeOf(
        {
          "a.cpp": `struct A {}; struct B {}; void risk(int);\nint f(int a) { try { risk(a); } catch (${type} &) { return 7; } return 0; }\nint g(int a) { return a * 3; }`,
        },
        FLAGS,
        "g++",
      );
    assert.deepEqual(changedBetween(catches("A"), catches("A")), SAME);
    const { functions } = changedBetween(catches("A"), catches("B"));
    assert.ok(functions.includes("_Z1fi") && !functions.includes("_Z1gi"), functions.join());
  });

  test("linked code differs in a C++ function that catches another type, of two with one name", () => {
    const file = (type: string, name: string): string =>
      `struct A {}; struct B {}; void risk(int);
static int __attribute__((noinline)) f(int a) { try { risk(a); } catch (${type} &) { return 7; } return 0; }
int ${name}(int a) { return f(a) + 1; }`;
    const catches = (type: string): LinkedCode => codeOf({ "a.cpp": file(type, "g"), "b.cpp": file("A", "h") }, FLAGS, "g++");
    const { functions } = changedBetween(catches("A"), catches("B"));
    assert.ok(functions.includes("a.cpp:_ZL1fi"), functions.join());
  });

  test("linked code is equal if only the lines of Rust panics moved, and differs if they name another file", () => {
    const located = (file: string, line: number): LinkedCode =>
      codeOf({
        "a.c": `extern char place[] __attribute__((visibility("hidden"))); void panics(void *); void f(void) { panics(place); }`,
        "b.s": locationOf(file, line),
      });
    assert.deepEqual(changedBetween(located("src/lib.rs", 5), located("src/lib.rs", 700)), SAME);
    assert.deepEqual(changedBetween(located("src/lib.rs", 5), located("src/lab.rs", 5)).functions, ["f"]);
    assert.deepEqual(changedBetween(located("src/lib.cc", 5), located("src/lib.cc", 700)).functions, ["f"]);
  });

  test("linked code has the same function names if only LLVM's counters differ", () => {
    const named = (count: number): LinkedCode =>
      codeOf({ "a.c": `int f(int a) __asm__("f.llvm.${count}"); int f(int a) { return a * 3; }` });
    assert.deepEqual(changedBetween(named(1234), named(99)), SAME);
    assert.ok(named(7).atoms.some(({ key }) => key === "f"));
  });

  test("linked code can't be read from an object that is stripped, truncated, or without relocations", () => {
    assert.equal(link(FILES, { ...FLAGS, link: [] }), undefined);
    assert.equal(link(FILES, FLAGS, "gcc", true), undefined);
    assert.equal(
      readLinkedCode(Buffer.from("no object"), () => undefined),
      undefined,
    );
  });
});

/** A core::panic::Location as rustc emits it. */
function locationOf(file: string, line: number): string {
  return `.section .rodata..Lanon.1,"a"
.Lname: .ascii "${file}"
.section .data.rel.ro..Lanon.2,"aw"
.hidden place
.globl place
place: .quad .Lname
.quad ${file.length}
.long ${line}, 9
.section .note.GNU-stack,"",@progbits
`;
}
