import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { reproduceTitle } from "../../src/report/reproduce-messages.ts";
import { parseSettings, type Settings } from "../../src/settings/settings.ts";
import { splitWords } from "../../src/settings/shell-words.ts";
import type { Work } from "../../src/settings/work.ts";
import { checkCommand, reproduceCommand } from "../../src/stages/reproduce.ts";

const NO_PRELOADS = { scan: undefined, torture: undefined };

const TESTS: Work = { kind: "tests", names: ["test_csv"] };

function wordsOf(test: { file: string; id: string | null }, work: Work = TESTS, suppressions = ["/tree/a.supp"]): readonly string[] {
  const options = { valgrind: "3.19.0", leakCheck: "exit", suppressions, extraArgs: ["--track-origins=yes"] } as const;
  return (
    splitWords(
      reproduceCommand(
        {
          folder: "",
          python: "/builds/py thon",
          runner: "/builds/runner.py",
          options,
          work,
          preloads: NO_PRELOADS,
          children: false,
          unwinder: "fast",
        },
        "memcheck",
        test,
      ),
    ) ?? []
  );
}

const afterPython = (words: readonly string[]): readonly string[] => words.slice(words.indexOf("/builds/py thon") + 1);

suite("the command to reproduce an error", () => {
  test("the command to reproduce an error looks for leaks in the running interpreter if the check did", () => {
    const options = { valgrind: "3.19.0", leakCheck: "live", suppressions: [], extraArgs: [] } as const;
    const scene = {
      folder: "",
      python: "/builds/python",
      runner: "/builds/runner.py",
      options,
      work: TESTS,
      preloads: NO_PRELOADS,
      children: false,
      unwinder: "fast",
    } as const;
    assert.match(
      reproduceCommand(scene, "memcheck", { file: "test_csv", id: null }),
      / \/builds\/python \/builds\/runner\.py look test_csv$/,
    );
  });

  test("the command to reproduce an error uses the leak sanitizer, with names, if only the scan found the error", () => {
    const options = { valgrind: "3.19.0", leakCheck: "live", suppressions: [], extraArgs: [] } as const;
    const scene = {
      folder: "",
      python: "/builds/python",
      runner: "/builds/runner.py",
      options,
      work: TESTS,
      preloads: { scan: "/p.so:/l.so", torture: undefined },
      children: false,
      unwinder: "fast",
    } as const;
    const words = splitWords(reproduceCommand(scene, "scan", { file: "test_csv", id: null })) ?? [];
    assert.deepEqual(words.slice(-5), ["/builds/python", "/builds/runner.py", "look", "--scan", "test_csv"]);
    assert.ok(words.includes("LD_PRELOAD=/p.so:/l.so"));
    assert.ok(words.some((word) => /^LSAN_OPTIONS=.*symbolize=1/.test(word)));
  });

  test("the command to reproduce an error makes allocations fail again if torture found the error", () => {
    const options = { valgrind: "3.19.0", leakCheck: "live", suppressions: [], extraArgs: [] } as const;
    const preloads = { scan: undefined, torture: "/t.so:/p.so:/l.so" };
    const scene = {
      folder: "",
      python: "/builds/python",
      runner: "/builds/runner.py",
      options,
      work: TESTS,
      preloads,
      children: false,
      unwinder: "fast",
    } as const;
    const words = splitWords(reproduceCommand(scene, "torture", { file: "test_csv", id: "test.test_csv.T.test_a" })) ?? [];
    assert.deepEqual(words.slice(-6), ["look", "--torture", "{}", "--only", "test.test_csv.T.test_a", "test_csv"]);
    const suite = { kind: "suite", runner: "pytest", isScript: true, args: ["tests"] } as const;
    const test = { file: "tests/test_a.py", id: "tests/test_a.py::test_b[x y]" };
    assert.deepEqual(splitWords(reproduceCommand({ ...scene, work: suite }, "torture", test))?.slice(-9), [
      ...["--torture", '{"extensions":true}', "--only", test.id, "--script", "--suite", "pytest", test.file, "tests"],
    ]);
    assert.ok(words.includes("LD_PRELOAD=/t.so:/p.so:/l.so"));
    assert.ok(words.some((word) => /^LSAN_OPTIONS=.*symbolize=0/.test(word)));
  });

  test("the command to reproduce an error runs in the folder that the setting names", () => {
    const options = { valgrind: "3.19.0", leakCheck: "live", suppressions: [], extraArgs: [] } as const;
    const work = { kind: "suite", runner: "pytest", args: ["tests"] } as const;
    const preloads = { scan: "/l.so", torture: undefined };
    const more = { options, work, preloads, children: false, unwinder: "fast" } as const;
    const scene = { folder: "packages/my ext", python: "/builds/python", runner: "/builds/runner.py", ...more };
    for (const engine of ["scan", "memcheck"] as const)
      assert.match(
        reproduceCommand(scene, engine, { file: "tests/test_x.py", id: null }),
        /^\(cd 'packages\/my ext' && (env )?PYTHONHASHSEED=0 .* tests\)$/,
      );
  });

  test("the command to reproduce an error runs the test alone if it is known, else its file", () => {
    const id = "test.test_csv.Test_Csv.test_read";
    assert.deepEqual(afterPython(wordsOf({ file: "test_csv", id })), ["-m", "test", "test_csv", "-m", id]);
    assert.deepEqual(afterPython(wordsOf({ file: "test_csv", id: null })), ["-m", "test", "test_csv"]);
  });

  test("the command to reproduce an error leaves out an id that is not a test's, such as unittest's for a module", () => {
    const id = "setUpModule (test.test_csv)";
    assert.deepEqual(afterPython(wordsOf({ file: "test_csv", id })), ["-m", "test", "test_csv"]);
  });

  test("the command to reproduce an error is the user's own if a command was checked", () => {
    const words = ["-m", "pytest", "tests dir", "-k", "it's"];
    assert.deepEqual(afterPython(wordsOf({ file: words.join(" "), id: "x.y" }, { kind: "command", words })), words);
  });

  test("the command to reproduce an error looks like the check did, but prints text for people", () => {
    const words = wordsOf({ file: "test_csv", id: null }, TESTS, ["/with space/a.supp"]);
    assert.deepEqual(words.slice(0, 3), ["PYTHONHASHSEED=0", "PYTHONMALLOC=malloc", "valgrind"]);
    for (const arg of ["--leak-check=full", "--num-callers=30", "--suppressions=/with space/a.supp", "--track-origins=yes"]) {
      assert.ok(words.includes(arg), arg);
    }
    assert.ok(!words.some((word) => word.startsWith("--xml")));
  });
});

function settings(raw: Readonly<Record<string, string>>): Settings {
  return parseSettings(raw, { directory: "/w", home: "/h", cores: 2, workDir: "/t", source: { kind: "checkout", path: "/w" } });
}

/** As the terminal reads a command of a report. */
function read(command: string): Settings {
  const [program, check, ...flags] = splitWords(command) ?? [];
  assert.deepEqual([program, check], ["../cpython-memcheck/scripts/cpython-memcheck", "check"]);
  return settings(Object.fromEntries(flags.flatMap((word, index) => (index % 2 === 0 ? [[word.slice(2), flags[index + 1] ?? ""]] : []))));
}

suite("the command for people without the build", () => {
  const test_csv = { file: "test_csv", id: "test.test_csv.T.test_it" };
  const test_x = { file: "tests/test_x.py", id: "tests/test_x.py::test_it" };
  const PROGRAM = "../cpython-memcheck/scripts/cpython-memcheck check";

  test("the command for people without the build checks the test file, under the engine that saw the error", () => {
    const all = settings({});
    const rest = "--record-baseline never";
    assert.equal(checkCommand(all, "memcheck", test_csv), `${PROGRAM} --source . --tests test_csv --scan none ${rest}`);
    assert.equal(checkCommand(all, "scan", test_csv), `${PROGRAM} --source . --tests test_csv --scan test_csv ${rest}`);
    const tortured = `${PROGRAM} --source vendor/cpython --tests test_csv --scan none --torture test_csv ${rest}`;
    assert.equal(checkCommand(settings({ source: "vendor/cpython", torture: "all" }), "torture", test_csv), tortured);
  });

  test("the command for people without the build is read by the terminal as the settings of the check", () => {
    const raw = { "python-version": "3.13", command: "-m pytest 'tests dir'", "configure-args": "--with-x='a b'", "leak-check": "none" };
    assert.deepEqual(read(checkCommand(settings(raw), "memcheck", test_csv)), settings({ ...raw, "record-baseline": "never" }));
  });

  const commands: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    "its defaults": {},
    "new interpreters": { fork: "no" },
    "suppressions in the project and elsewhere": { suppressions: "'ci/my own.supp' /etc/x.supp" },
    "the affected test files": { affected: "auto", torture: "all" },
    "failing allocations": { torture: "all", "torture-slice": "3/14" },
    "no scan": { scan: "none", "leak-check-per": "test" },
    "a folder": { directory: "packages/foo", install: ".[test] 'numpy >= 2'", "pass-env": "DATABASE_URL" },
    "another time limit": { "memcheck-budget": "90s" },
    "no time for memcheck": { "memcheck-budget": "none" },
    "a check at exit": { "leak-check": "exit" },
    "interpreters that tests start": { children: "yes" },
    "a program": { command: "ci/check.py --fast" },
  };
  const kept = ["source", "work", "directory", "install", "passEnv", "forks", "suppressions", "memcheckBudget", "leakCheck"] as const;
  for (const [what, raw] of Object.entries(commands)) {
    test(`the command for people without the build of a suite is one that the terminal takes: ${what}`, () => {
      const checked = settings({ "python-version": "3.13", command: "pytest tests", ...raw });
      const engines = checked.torture.kind === "none" ? (["scan", "memcheck"] as const) : (["scan", "memcheck", "torture"] as const);
      for (const engine of engines) {
        const again = read(checkCommand(checked, engine, test_x));
        for (const name of kept) assert.deepEqual(again[name], checked[name], `${name} for ${engine}`);
        assert.deepEqual(again.torture, engine === "torture" ? { kind: "all" } : { kind: "none" });
        // It could leave out the test file.
        assert.equal(again.affected, "all");
        assert.equal(again.recordBaseline, "never");
      }
    });
  }

  test("the command for people without the build names an interpreter that another machine can have", () => {
    const pythonOf = (python: string): string | undefined =>
      / --python (\S+) /.exec(checkCommand(settings({ command: "pytest", python }), "scan", test_x))?.[1];
    assert.equal(pythonOf(".venv/bin/python"), ".venv/bin/python");
    assert.equal(pythonOf("./python"), "./python");
    assert.equal(pythonOf("/opt/hostedtoolcache/Python/3.15.0/x64/bin/python3.15"), "python3.15");
    assert.equal(pythonOf("python3"), "python3");
  });

  test("the command for people without the build comes with a note on where it runs", () => {
    assert.match(reproduceTitle(checkCommand(settings({}), "scan", test_csv)), /in a checkout of this commit.*beside it$/);
    assert.equal(reproduceTitle("PYTHONHASHSEED=0 valgrind python -m test test_csv"), "Reproduce");
  });
});
