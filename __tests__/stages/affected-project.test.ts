import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { before, suite, test } from "node:test";
import type { Footprints } from "../../src/affected/footprints.ts";
import { selectAffected } from "../../src/affected/selection.ts";
import { AFFECTED_FLAGS } from "../../src/build/extension-flags.ts";
import { askInterpreter } from "../../src/build/interpreter-facts.ts";
import { projectUnderTest } from "../../src/build/project-under-test.ts";
import type { UnderTest } from "../../src/build/under-test.ts";
import { FootprintRecorder } from "../../src/engines/scan/footprint-recorder.ts";
import { footprintsOf } from "../../src/stages/choose-affected.ts";
import { Processes } from "../../src/system/processes.ts";
import { run } from "../support/builders.ts";
import { ROOT } from "../support/command.ts";
import { temporaryFolder, writeFiles } from "../support/folders.ts";

const NATIVE = `#include <stdlib.h>
static int table[3] = {1, 2, 3};
static int __attribute__((noinline)) inner(int a) { return table[a % 3]; }
int first(int a) { return inner(a) + 1; }
int second(int a) { return a * 7; }
int at_import(int a) { return a * 5; }
static int begun;
static void __attribute__((constructor)) begins(void) { begun += 5; }
`;

const FILES = {
  "native.c": NATIVE,
  "pyproject.toml": '[project]\nname = "sample"\n',
  "README.md": "",
  "pkg/__init__.py": "import ctypes, os\nnative = ctypes.CDLL(os.path.join(os.path.dirname(__file__), 'native.so'))\nnative.at_import(1)\n",
  "pkg/lazy.py": "",
  "tests/test_first.py":
    "import pkg\ndef run():\n    pkg.native.first(1)\n    open(os.path.join(os.path.dirname(__file__), 'data.json')).close()\nimport os\n",
  "tests/test_second.py": "import pkg\ndef run():\n    pkg.native.second(1)\n    from pkg import lazy, generated\n",
  "tests/data.json": "{}",
  // Not tracked by git, but older than the tests.
  ".gitignore": "pkg/generated.py\n*.so\n__pycache__/\n",
  "pkg/generated.py": "version = 1\n",
};

/** Imports all test files, then runs each in a child, as a worker does. */
const WORKER = `
import ctypes, importlib, os, sys
sys.path[:0] = [os.getcwd(), "tests"]
folder, *names = sys.argv[1:]
probe = ctypes.CDLL(None)
def begin(name):
    probe.cpython_memcheck_end_footprint()
    probe.cpython_memcheck_begin_footprint(f"{folder}/{name}.footprint".encode())
modules = [importlib.import_module(name) for name in names]
begin("serving")
for module in modules:
    pid = os.fork()
    if pid == 0:
        begin(os.getpid())
        module.run()
        os._exit(0)
    os.waitpid(pid, 0)
    print(pid, flush=True)
`;

const TESTS = ["tests/test_first.py", "tests/test_second.py"];

suite("the affected test files of a project", { skip: process.arch === "x64" ? false : "recording is for x86_64" }, () => {
  const folder = temporaryFolder();
  const [project, packages] = [join(folder, "project"), join(folder, "env", "site-packages")];
  const env = { PATH: process.env.PATH, HOME: folder, PYTHONPATH: packages, PYTHONDONTWRITEBYTECODE: "1" };
  const processes = new Processes(env);
  let python: Parameters<typeof projectUnderTest>[0]["python"];
  let footprints: Footprints;

  const open = (workspace = project): Promise<UnderTest> =>
    projectUnderTest({ workspace, directory: project, passEnv: [], python, command: ["-m", "pytest"] }, processes);

  function compile(flags: readonly string[] = [AFFECTED_FLAGS.CFLAGS, AFFECTED_FLAGS.LDFLAGS]): void {
    const all = ["-O2", "-g", "-shared", "-fPIC", ...flags.flatMap((some) => some.split(" "))];
    execFileSync("gcc", [...all, "native.c", "-o", join("pkg", "native.so")], { cwd: project });
  }

  /** Restores the project to the recorded state. */
  function restore(): void {
    rmSync(project, { recursive: true, force: true });
    writeFiles(project, FILES);
    const before = new Date(Date.now() - 60_000);
    utimesSync(join(project, "pkg/generated.py"), before, before);
    execFileSync("git", ["init", "--quiet", project]);
    compile();
  }

  function edit(name: keyof typeof FILES, from: string, to: string): void {
    assert.ok(FILES[name].includes(from));
    writeFileSync(join(project, name), FILES[name].replace(from, to));
  }

  async function runRecorded(): Promise<{ readonly recorder: FootprintRecorder; readonly underTest: UnderTest }> {
    const [underTest, output, library] = [await open(), join(folder, "output"), join(folder, "footprint.so")];
    mkdirSync(output, { recursive: true });
    execFileSync("gcc", ["-shared", "-fPIC", "-o", library, join(ROOT, "src", "probe", "footprint.c")]);
    const recorder = await FootprintRecorder.open(underTest.watched(), output);
    const modules = TESTS.map((name) => name.slice("tests/".length, -".py".length));
    const preloaded = { ...env, LD_PRELOAD: library, ...recorder.environment(output) };
    const printed = execFileSync(python.path, ["-c", WORKER, output, ...modules], { cwd: project, env: preloaded, encoding: "utf8" });
    for (const [index, pid] of printed.trim().split("\n").entries())
      await recorder.take({ test: TESTS[index] ?? "", folder: output, pid: Number(pid) });
    return { recorder, underTest };
  }

  async function record(): Promise<Footprints> {
    const { recorder, underTest } = await runRecorded();
    assert.deepEqual([...recorder.gaps()], []);
    const recorded = footprintsOf(
      await recorder.recorded(),
      TESTS.map((name) => run({ name, engine: "scan" })),
      underTest,
      null,
    );
    assert.ok(recorded !== null);
    return recorded;
  }

  before(async () => {
    writeFiles(folder, { "probe/x": "" });
    const { program, library } = await askInterpreter("python3", processes, { directory: "/", passEnv: [] });
    python = {
      path: program,
      tree: join(folder, "probe"),
      objects: [program, ...(library === null ? [] : [library])],
      freeThreaded: false,
    };
    writeFiles(packages, { "other-1.0.dist-info/RECORD": "other.py,,\n", "other.py": "" });
    restore();
    footprints = await record();
  });

  async function chosen(tests = TESTS): Promise<readonly string[] | string> {
    const underTest = await open();
    const code = underTest.code();
    assert.ok(code !== undefined);
    const sources = underTest.sources(footprints.sources.names);
    const selected = selectAffected({ footprints, code, sources, tests, rules: underTest.rules([...TESTS, ...tests]) });
    const result =
      selected.kind === "all"
        ? `${selected.cause.code} ${"name" in selected.cause ? selected.cause.name : ""}`
        : [...selected.chosen.keys()];
    restore();
    return result;
  }

  test("no test file of a project is affected if nothing changed, or a comment moved the code", async () => {
    assert.deepEqual(await chosen(), []);
    edit("native.c", "static int table", "/* comment */\n\nstatic int table");
    compile();
    assert.deepEqual(await chosen(), []);
  });

  test("test files of a project are affected if they run a changed function, or one that uses changed data", async () => {
    edit("native.c", "a * 7", "a * 9");
    compile();
    assert.deepEqual(await chosen(), ["tests/test_second.py"]);
    edit("native.c", "{1, 2, 3}", "{1, 2, 4}");
    compile();
    assert.deepEqual(await chosen(), ["tests/test_first.py"]);
    edit("native.c", "int second", "int unused(int a) { return a * 11; }\nint second");
    compile();
    assert.deepEqual(await chosen(), []);
  });

  test("all test files of a project are affected if code changed that runs at import, or while a shared object is loaded", async () => {
    edit("native.c", "a * 5", "a * 6");
    compile();
    assert.equal(await chosen(), "shared-function at_import");
    edit("native.c", "begun += 5", "begun += 6");
    compile();
    assert.equal(await chosen(), "unwatched-function native.c:begins");
    edit("pkg/__init__.py", "at_import(1)", "at_import(2)");
    assert.equal(await chosen(), "shared-file pkg/__init__.py");
  });

  test("all test files of a project are affected if a shared object without relocations changed", async () => {
    compile([]);
    assert.deepEqual((await open()).whole, ["pkg/native.so"]);
    assert.equal(await chosen(), "shared-file pkg/native.so");
    assert.deepEqual((await open()).whole, []);
  });

  test("test files of a project are affected if they run changed code that an earlier step copied beside the packages", async () => {
    writeFiles(packages, { "copied.py": "" });
    execFileSync("gcc", ["-shared", "-fPIC", "native.c", "-o", join(packages, "copied.so")], { cwd: project });
    const underTest = await open();
    assert.ok(underTest.objects.includes(join(packages, "copied.so")));
    assert.ok(underTest.sources([]).has("outside//site-packages/copied.py"));
    for (const name of ["copied.py", "copied.so"]) rmSync(join(packages, name));
  });

  test("a test file of a project is affected if it imports a changed one, also if git ignores it, or the folder is called Doc", async () => {
    writeFiles(project, {
      ".git/info/exclude": "tests/test_made.py\n",
      "tests/test_made.py": "import test_first\n",
      "Doc/test_examples.py": "import test_first\n",
    });
    const names = [...TESTS, "tests/test_made.py", "Doc/test_examples.py"];
    const [effect] = (await open()).rules(names).reached({ name: "tests/test_first.py", kind: "modified" }, undefined);
    assert.ok(effect?.of === "tests");
    assert.deepEqual([...effect.tests].sort(), ["Doc/test_examples.py", "tests/test_first.py", "tests/test_made.py"]);
    restore();
  });

  test("all test files of a project are affected by a module that is added to a submodule, or to another repository in the checkout", async () => {
    for (const name of ["sub", "other"]) {
      writeFiles(project, { [`${name}/a.py`]: "" });
      const git = (...args: string[]) =>
        execFileSync("git", ["-C", join(project, name), "-c", "user.name=x", "-c", "user.email=x@example.org", ...args]);
      git("init", "--quiet");
      git("add", ".");
      git("commit", "--quiet", "-m", "all");
    }
    execFileSync("git", ["-C", project, "add", "sub"], { stdio: "ignore" });
    writeFiles(project, { "sub/b.py": "", "other/b.py": "" });
    const names = [...(await open()).sources([]).keys()];
    for (const name of ["sub/a.py", "sub/b.py", "other/a.py", "other/b.py"]) assert.ok(names.includes(name), name);
    assert.ok(!names.some((name) => name.includes(".git/")));
    restore();
  });

  test("test files of a project are affected if they open a changed file, tracked by git or not", async () => {
    edit("tests/data.json", "{}", "[]");
    assert.deepEqual(await chosen(), ["tests/test_first.py"]);
    edit("pkg/generated.py", "1", "2");
    assert.deepEqual(await chosen(), ["tests/test_second.py"]);
    edit("tests/test_first.py", "first(1)", "first(2)");
    assert.deepEqual(await chosen(), ["tests/test_first.py"]);
    edit("README.md", "", "Words.");
    assert.deepEqual(await chosen(), []);
  });

  test("a test file that opens a file whose name has a line break always runs", async () => {
    writeFiles(project, { "tests/data\njson": "{}" });
    edit("tests/test_first.py", "data.json", "data\\njson");
    const { recorder } = await runRecorded();
    assert.deepEqual([...recorder.gaps()], [["tests/test_first.py", "unreadable"]]);
    restore();
  });

  test("no test file of a project is affected by a file that is too large to read, if it opens none", async () => {
    writeFiles(project, { "model.bin": "" });
    truncateSync(join(project, "model.bin"), 2 ** 40);
    assert.deepEqual(await chosen(), []);
  });

  test("no test file of a project is affected by a file that cannot be read", async () => {
    // Reading the first byte of a process's memory fails, for root, too.
    symlinkSync("/proc/self/mem", join(project, "README.rst"));
    assert.deepEqual(await chosen(), []);
  });

  test("no test file of a project is affected by symbolic links that lead nowhere", async () => {
    symlinkSync("circle", join(project, "tests", "circle"));
    symlinkSync("missing", join(project, "dangling"));
    assert.deepEqual(await chosen(), []);
  });

  test("a test file of a project is affected if it imports a changed one, whose name may end in any letter", async () => {
    writeFiles(project, {
      "tests/test_café.py": "",
      "tests/test_uses.py": "import test_café\n",
      "tests/test_other.py": "import test_cafés\n",
    });
    const names = ["tests/test_café.py", "tests/test_uses.py", "tests/test_other.py"];
    const [effect] = (await open()).rules(names).reached({ name: "tests/test_café.py", kind: "modified" }, undefined);
    assert.deepEqual(effect, { of: "tests", tests: ["tests/test_café.py", "tests/test_uses.py"], file: "tests/test_café.py" });
    restore();
  });

  test("all test files of a project are affected if another version of a package is installed", async () => {
    writeFiles(packages, { "other-1.1.dist-info/RECORD": "other.py,,\n" });
    assert.equal(await chosen(), "shared-file the installed packages");
    rmSync(dirname(join(packages, "other-1.1.dist-info/RECORD")), { recursive: true });
    assert.deepEqual(await chosen(), []);
  });

  test("test files of a project are selected even if Python prints at startup, and refused if the module path can't be read", async () => {
    writeFiles(packages, { "sitecustomize.py": "print('hello')\n" });
    assert.equal(await chosen(), "shared-file outside//site-packages/sitecustomize.py");
    writeFiles(packages, { "sitecustomize.py": "import atexit\natexit.register(print, 'bye')\n" });
    await assert.rejects(open(), /did not print its `sys\.path`/);
    rmSync(join(packages, "sitecustomize.py"));
  });

  test("shared objects of other packages are not the project's, also where they are installed in a folder of the checkout", async () => {
    writeFiles(project, { "deps/other-1.0.dist-info/RECORD": "other/native.so,,\n", "deps/other/x": "" });
    execFileSync("gcc", ["-shared", "-fPIC", "native.c", "-o", join("deps", "other", "native.so")], { cwd: project });
    assert.deepEqual((await open()).objects, [join(project, "pkg", "native.so")]);
    restore();
  });

  test("files of the checkout are compared although the project installs others in folders of the same name elsewhere", async () => {
    const shared = ["pkg", "tests"].map((name) => `share/${name}/more.py`);
    const about = "site-packages/sample-1.0.dist-info/RECORD";
    const env = dirname(packages);
    writeFiles(env, { [about]: shared.map((name) => `../${name},,\n`).join(""), ...Object.fromEntries(shared.map((name) => [name, ""])) });
    const hashesOf = async () => (await open()).sources(footprints.sources.names);
    const before = await hashesOf();
    edit("pkg/lazy.py", "", "changed = 1\n");
    edit("tests/test_first.py", "first(1)", "first(2)");
    edit("pkg/generated.py", "1", "2");
    const past = new Date(Date.now() - 60_000);
    utimesSync(join(project, "pkg/generated.py"), past, past);
    writeFiles(env, { "share/pkg/more.py": "changed = 1\n" });
    const changed = [...(await hashesOf())].flatMap(([name, hash]) => (before.get(name) === hash ? [] : [name]));
    assert.deepEqual(changed.toSorted(), ["outside//pkg/more.py", "pkg/generated.py", "pkg/lazy.py", "tests/test_first.py"]);
    const [effect] = (await open()).rules(TESTS).reached({ name: "tests/test_first.py", kind: "modified" }, undefined);
    assert.deepEqual(effect, { of: "tests", tests: ["tests/test_first.py"], file: "tests/test_first.py" });
    for (const name of ["share", dirname(about)]) rmSync(join(env, name), { recursive: true });
    restore();
  });

  test("files of a repository with several projects are named from the project's folder, and the others are compared, too", async () => {
    writeFiles(folder, { "conftest.py": "", "shared/data.json": "{}" });
    const hashesOf = async () => (await open(folder)).sources(footprints.sources.names);
    const before = await hashesOf();
    for (const name of TESTS) assert.ok(before.has(name), name);
    assert.ok((await open(folder)).objects.includes(join(project, "pkg", "native.so")));
    writeFiles(folder, { "conftest.py": "import os\n" });
    const changed = [...(await hashesOf())].flatMap(([name, hash]) => (before.get(name) === hash ? [] : [name]));
    assert.deepEqual(changed, ["the checkout/conftest.py"]);
    assert.ok(!(await open()).sources([]).has("the checkout/conftest.py"));
  });

  test("a baseline names a project's files by paths that do not depend on its folder", () => {
    const { names } = footprints.sources;
    for (const name of ["pkg/native.so", "pkg/generated.py", "tests/test_first.py", "native.c"]) assert.ok(names.includes(name), name);
    assert.ok(!names.some((name) => name.includes(folder) || name.startsWith(".git/")));
    assert.ok(readFileSync(join(project, "native.c"), "utf8").length > 0);
  });
});
