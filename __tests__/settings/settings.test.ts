import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { UserError } from "../../src/model/user-error.ts";
import { parseSettings, type Settings, type Surroundings } from "../../src/settings/settings.ts";
import { SETTINGS } from "../../src/settings/settings-table.ts";
import type { FoundInterpreter } from "../../src/settings/source-setting.ts";
import { settingWithoutMemcheck } from "../../src/settings/work.ts";

const HERE: Surroundings = {
  directory: "/home/me/cpython",
  home: "/home/me",
  cores: 4,
  workDir: "/home/me/.cache/cpython-memcheck",
  source: { kind: "checkout", path: "/home/me/cpython" },
};

const parse = (raw: Record<string, string>): Settings => parseSettings(raw, HERE);

/** The error message with its hint. */
function refusalOf(raw: Record<string, string>): string {
  try {
    parse(raw);
  } catch (error) {
    assert.ok(error instanceof UserError, String(error));
    return `${error.message} ${error.hint ?? ""}`;
  }
  return assert.fail(`${JSON.stringify(raw)} is taken`);
}

/** The message for a bad value has its name, the value and what is allowed. */
function assertRefused(name: string, value: string, allowed: RegExp): void {
  const said = refusalOf({ [name]: value });
  assert.ok(said.includes(`\`${name}\``), said);
  assert.ok(said.includes(`\`${value.trim()}\``), said);
  assert.match(said, allowed);
}

suite("settings", () => {
  test("settings have defaults, from the surroundings if those decide", () => {
    assert.deepEqual(parse({}), {
      workspace: HERE.directory,
      directory: HERE.directory,
      part: { kind: "check" },
      planFolder: undefined,
      source: HERE.source,
      work: { kind: "default-tests" },
      install: [],
      forks: true,
      passEnv: [],
      scan: { kind: "all" },
      children: false,
      torture: { kind: "none" },
      tortureSlice: undefined,
      memcheckBudget: "all",
      leakCheck: "live",
      affected: "all",
      leakCheckPer: "file",
      pythonStacks: false,
      suppressions: [],
      configureArgs: [],
      valgrindArgs: [],
      jobs: 4,
      testTimeout: 1200,
      timeout: 18_000,
      baseline: undefined,
      baselineBranch: undefined,
      recordBaseline: "auto",
      failOn: "new",
      checkRun: undefined,
      comment: undefined,
      buildCache: undefined,
      workDir: HERE.workDir,
      report: undefined,
      html: undefined,
    });
  });

  test("settings for names that readers see must be one short line", () => {
    assert.deepEqual(
      [parse({ "check-run": "Memcheck 3.13" }).checkRun, parse({ comment: "Speicher" }).comment],
      ["Memcheck 3.13", "Speicher"],
    );
    for (const bad of ["a\nb", "x".repeat(101), "a\u202eb"])
      assert.throws(() => parse({ comment: bad }), /`comment` is `.*allowed: one line/s);
  });

  test("settings that are empty or blank are not given", () => {
    assert.deepEqual(parse(Object.fromEntries(SETTINGS.map(({ name }) => [name, " \n "]))), parse({}));
  });

  test("settings of unknown names are refused", () => {
    assert.match(refusalOf({ "time-out": "3" }), /Unknown setting `time-out`.*test-timeout/);
    assert.match(refusalOf({ constructor: "3" }), /Unknown setting `constructor`/);
  });

  test("relative paths in settings start at the folder in which the check was started, or at home", () => {
    assert.deepEqual(parse({ source: "../other" }).source, { kind: "checkout", path: "/home/me/other" });
    assert.equal(parse({ baseline: "/abs/b.json.gz" }).baseline, "/abs/b.json.gz");
    assert.equal(parse({ report: "out/report.json" }).report, "/home/me/cpython/out/report.json");
    assert.deepEqual([parse({ "work-dir": "~/w" }).workDir, parse({ "work-dir": "~" }).workDir], ["/home/me/w", "/home/me"]);
    assert.equal(parse({ "work-dir": "~other/w" }).workDir, "/home/me/cpython/~other/w");
    assert.deepEqual(parse({ suppressions: "a.supp 'b c.supp'\n~/d.supp" }).suppressions, [
      "/home/me/cpython/a.supp",
      "/home/me/cpython/b c.supp",
      "/home/me/d.supp",
    ]);
  });
});

suite("a baseline", () => {
  const inAction = (baseline: string) => parseSettings({ baseline }, { ...HERE, hasBranches: true });

  test("`baseline` is a file in the terminal, whatever it is called", () => {
    assert.deepEqual(
      [parse({ baseline: "main" }).baseline, parse({ baseline: "main" }).baselineBranch],
      ["/home/me/cpython/main", undefined],
    );
  });

  test("`baseline` is a branch in the action, unless it begins like a path", () => {
    for (const branch of ["main", "3.13", "release/3.13", "baseline.json.gz"]) {
      assert.deepEqual([inAction(branch).baseline, inAction(branch).baselineBranch], [undefined, branch]);
    }
    for (const file of ["./b.gz", "../b.gz", "/b.gz", "~/b.gz"]) {
      assert.deepEqual([inAction(file).baseline, inAction(file).baselineBranch], [parse({ baseline: file }).baseline, undefined]);
    }
  });

  test("`baseline` is the branch that a whole ref names; no other ref is a branch", () => {
    for (const branch of ["main", "release/3.13"]) assert.equal(inAction(`refs/heads/${branch}`).baselineBranch, branch);
    for (const bad of ["refs/tags/v1", "refs/pull/7/merge", "refs/heads/", "refs/heads/-x"])
      assert.throws(() => inAction(bad), /`baseline` is/);
  });

  test("`baseline` is refused if it can be neither", () => {
    for (const bad of ["a b", "a..b:c", "--all", "x".repeat(251)]) assert.throws(() => inAction(bad), /`baseline` is .*branch/s);
  });
});

suite("the work of a check", () => {
  test("the source is a checkout or a release, not both", () => {
    assert.deepEqual(parse({ "python-version": "3.13" }).source, { kind: "release", version: "3.13" });
    assert.deepEqual(parse({ "python-version": " 3.11.2 " }).source, { kind: "release", version: "3.11.2" });
    assert.match(refusalOf({ source: ".", "python-version": "3.13" }), /Both `source` and `python-version`/);
  });

  test("the source is an installed interpreter only for a command", () => {
    const command = "-m pytest";
    assert.deepEqual(parse({ python: "python3.14", command }).source, { kind: "interpreter", program: "python3.14" });
    assert.deepEqual(parse({ python: "venv/bin/python", command }).source, {
      kind: "interpreter",
      program: "/home/me/cpython/venv/bin/python",
    });
    assert.match(refusalOf({ python: "python3.14" }), /CPython's own `tests` need its source/);
    assert.match(refusalOf({ python: "python3.14", "python-version": "3.13", command }), /Both `python-version` and `python`/);
    assert.match(refusalOf({ python: "python3.14", "configure-args": "--with-pydebug", command }), /`configure-args`/);
  });

  test("the source is an installed interpreter by default if a command can use one", () => {
    const installed = { ...HERE, interpreter: { kind: "usable", program: "/usr/bin/python3" } } as const;
    const sourceOf = (raw: Record<string, string>) => parseSettings(raw, installed).source;
    assert.deepEqual(sourceOf({ command: "-m pytest" }), { kind: "interpreter", program: "/usr/bin/python3" });
    assert.deepEqual(sourceOf({ command: "-m pytest", "python-version": "3.13" }), { kind: "release", version: "3.13" });
    assert.deepEqual(sourceOf({ command: "-m pytest", "configure-args": "--with-pydebug" }), HERE.source);
    assert.deepEqual(sourceOf({}), HERE.source);
  });

  test("if the installed interpreter cannot run a command, no release replaces it, and the message says what to do", () => {
    const messageFor = (interpreter: FoundInterpreter, raw: Record<string, string> = {}) => {
      try {
        parseSettings({ command: "pytest tests", ...raw }, { ...HERE, interpreter });
      } catch (error) {
        return error instanceof UserError ? error.message : String(error);
      }
      return undefined;
    };
    assert.equal(
      messageFor({ kind: "too-old", name: "python3", version: "3.12.3" }),
      '`python3` is CPython 3.12.3. The check uses an installed CPython from 3.14 on. Set `python-version: "3.12"` to have one built, or install 3.14 or newer.',
    );
    assert.match(messageFor({ kind: "too-old", name: "python", version: "3.10.1" }) ?? "", /Set `python-version` to have one built/);
    assert.equal(
      messageFor({ kind: "unsuitable", name: "python3", reason: "it is pypy, not CPython" }),
      "`python3` cannot be checked: it is pypy, not CPython. Set `python` to another CPython 3.14 or newer, or `python-version` to have one built.",
    );
    assert.match(messageFor({ kind: "missing" }) ?? "", /^There is no `python3` in PATH\..*`python-version`/);
    for (const raw of [{ "python-version": "3.13" }, { source: "." }, { python: "python3.15" }, { "configure-args": "--with-pydebug" }])
      assert.equal(messageFor({ kind: "missing" }, raw as Record<string, string>), undefined);
    assert.deepEqual(parseSettings({}, { ...HERE, interpreter: { kind: "missing" } }).source, HERE.source);
  });

  test("packages are installed for a command only", () => {
    assert.deepEqual(parse({ command: "-m pytest", install: ".[test] pytest" }).install, [".[test]", "pytest"]);
    assert.deepEqual(parse({ command: "-m pytest" }).install, []);
    assert.match(refusalOf({ install: "." }), /`install`.*`command`/);
  });

  test("the source can be a release from 3.11 on", () => {
    for (const value of ["3", "3.10", "3.9.1", "2.7", "4.0", "3.13.5.1", "3.14.0a2", "main", "v3.13", "3.13-dev", "../3.13"]) {
      assertRefused("python-version", value, /3\.11/);
    }
  });

  test("the source as a version in the wrong setting, or with the letter of a free-threaded build, is refused with what to write", () => {
    for (const python of ["3.14", "3", "3.14t", "3.14.2"])
      assert.equal(
        refusalOf({ python, command: "pytest" }).trim(),
        `\`python\` is \`${python}\`; allowed: the path or name of an interpreter, such as \`python3.14\`. To test a release, use \`python-version\`.`,
      );
    assert.equal(
      refusalOf({ "python-version": "3.14t" }).trim(),
      '`python-version` is `3.14t`; allowed: a release from 3.11 on, such as `3.13` or `3.13.5`. For a free-threaded build, set `python-version: "3.14"` and `configure-args: --disable-gil`.',
    );
    assert.doesNotMatch(refusalOf({ "python-version": "3.10t" }), /free-threaded/);
  });

  test("a check runs tests or a command, not both", () => {
    assert.deepEqual(parse({ tests: "test_csv\n test_asyncio.test_events  test_csv" }).work, {
      kind: "tests",
      names: ["test_csv", "test_asyncio.test_events"],
    });
    assert.deepEqual(parse({ tests: "all" }).work, { kind: "all-tests" });
    assert.deepEqual(parse({ tests: "none" }).work, { kind: "tests", names: [] });
    assert.match(refusalOf({ tests: "none", scan: "none" }), /`tests` is `none`, and `scan` is `none`, too/);
    assert.match(refusalOf({ tests: "none", "leak-check": "none" }), /`scan` is `none`, too/);
    assert.match(refusalOf({ tests: "none test_csv" }), /`tests` is `none`; allowed: names of test files .* or `all` or `none` alone/);
    assert.deepEqual(parse({ command: "-m pytest 'my tests'" }).work, { kind: "suite", runner: "pytest", args: ["my tests"] });
    assert.deepEqual(parse({ command: "-c pass" }).work, { kind: "command", words: ["-c", "pass"] });
    assert.match(refusalOf({ tests: "all", command: "-c pass" }), /Both `tests` and `command`/);
    assert.match(refusalOf({ command: "pip install . && pytest" }), /`command` contains `&&`/);
    assert.match(refusalOf({ command: "pip install .\npytest" }), /`command` has more than one line/);
  });

  test("a command has the variables that `pass-env` names, each once", () => {
    const command = "-m pytest";
    assert.deepEqual(parse({ command, "pass-env": "DATABASE_URL\n LD_LIBRARY_PATH DATABASE_URL" }).passEnv, [
      "DATABASE_URL",
      "LD_LIBRARY_PATH",
    ]);
    assert.match(refusalOf({ "pass-env": "DATABASE_URL" }), /`pass-env`.*`command`/);
    for (const value of ["A=1", "*", "-x", "1A", "A,B"]) {
      assert.match(refusalOf({ command, "pass-env": value }), /^`pass-env` is `.*names of variables/);
    }
    const forbidden = [
      "LD_PRELOAD",
      "LD_AUDIT",
      "PYTHONMALLOC",
      "VALGRIND_OPTS",
      "LSAN_OPTIONS",
      "GITHUB_TOKEN",
      "ACTIONS_RUNTIME_TOKEN",
      "INPUT_TOKEN",
    ];
    for (const name of [...forbidden, "RUNNER_TEMP", "CPYTHON_MEMCHECK_CHECK", "GLIBC_TUNABLES", "MALLOC_ARENA_MAX"]) {
      assert.ok(refusalOf({ command, "pass-env": `HOME ${name}` }).startsWith(`\`pass-env\` must not contain \`${name}\`: `), name);
    }
  });

  test("tests are given by names that regrtest could know", () => {
    for (const name of ["csv", "test_", "../test_csv", "test_csv/x", "-v", "all", "test_a;rm", "test..x"]) {
      const said = refusalOf({ tests: `test_csv ${name}` });
      assert.ok(said.includes("`tests`") && said.includes(`\`${name}\``), said);
    }
  });
});

suite("the other values", () => {
  test("the other settings are taken as allowed", () => {
    assert.deepEqual(
      ["1", "7", "999"].map((jobs) => parse({ jobs }).jobs),
      [1, 7, 999],
    );
    assert.deepEqual([parse({ timeout: "55m" }).timeout, parse({ timeout: "none" }).timeout], [3300, undefined]);
    const times = ["1s", "90s", "20m", "20min", "1 h", "24h", "86400s"].map((value) => parse({ "test-timeout": value }).testTimeout);
    assert.deepEqual(times, [1, 90, 1200, 1200, 3600, 86_400, 86_400]);
    assert.deepEqual(
      ["file", "class", "test"].map((value) => parse({ "leak-check-per": value }).leakCheckPer),
      ["file", "class", "test"],
    );
    assert.deepEqual(
      ["yes", "no"].map((value) => parse({ "python-stacks": value }).pythonStacks),
      [true, false],
    );
    assert.deepEqual(
      ["auto", "always", "never"].map((value) => parse({ "record-baseline": value }).recordBaseline),
      ["auto", "always", "never"],
    );
    assert.equal(parse({ "fail-on": "none" }).failOn, "none");
  });

  test("invalid values of other settings are refused with what is allowed", () => {
    for (const value of ["0", "-1", "1.5", "1000", "two", "0x2", "1e2"]) assertRefused("jobs", value, /1 to 999/);
    for (const value of ["0s", "90", "25h", "1.5h", "-1s", "1d", "86401s", "9999999s", "1h30m"])
      assertRefused("test-timeout", value, /`1s` to `24h`/);
    assertRefused("leak-check", "full", /`live`, `exit`, `none`/);
    assertRefused("record-baseline", "yes", /`auto`, `always`, `never`/);
    assertRefused("fail-on", "NEW", /`new`, `memcheck`, `none`/);
    assertRefused("leak-check-per", "module", /`file`, `class`, `test`/);
    assertRefused("python-stacks", "true", /`yes`, `no`/);
  });
});

suite("affected", () => {
  test("with `affected: auto`, test files are selected by the change, both CPython's and a project's", () => {
    assert.equal(parse({ affected: "auto" }).affected, "auto");
    for (const command of ["-m pytest tests", "-m unittest", "pytest tests"])
      assert.equal(parse({ affected: "auto", command, "python-version": "3.13" }).affected, "auto");
    assert.equal(parse({ command: "-m pytest tests", "python-version": "3.13" }).affected, "all");
  });

  test("`affected: auto` is refused for other programs, and for a project with a CPython checkout", () => {
    assert.match(refusalOf({ affected: "auto", command: "program.py" }), /`affected` is `auto`.*allowed with a `command`: `all`/);
    assert.match(refusalOf({ affected: "auto", command: "-m pytest", source: "/cpython" }), /needs `python` or `python-version`/);
    assert.match(refusalOf({ affected: "some" }), /`affected` is `some`; allowed: `auto`, `all`/);
  });
});

suite("children", () => {
  test("interpreters that tests start are checked if that is requested, by a scan of a build that the check made", () => {
    assert.equal(parse({ children: "yes" }).children, true);
    assert.equal(parse({ children: "no" }).children, false);
    assert.match(refusalOf({ children: "auto" }), /`children` is `auto`; allowed: `yes`, `no`/);
    assert.match(refusalOf({ children: "yes", affected: "auto" }), /`children` is `yes`, which can't be combined with `affected: auto`/);
    assert.match(refusalOf({ children: "yes", scan: "none" }), /`children` is `yes`, and `scan` is `none`/);
    assert.match(refusalOf({ children: "yes", python: "python3", command: "-m pytest" }), /`children` .* needs a CPython build/);
  });
});

suite("torture", () => {
  test("torture is off unless test files are named, or all are asked for", () => {
    assert.deepEqual(parse({}).torture, { kind: "none" });
    assert.deepEqual(parse({ torture: "none" }).torture, { kind: "none" });
    assert.deepEqual(parse({ torture: "all" }).torture, { kind: "all" });
    assert.deepEqual(parse({ torture: "test_csv test_json test_csv" }).torture, { kind: "names", names: ["test_csv", "test_json"] });
  });

  test("torture of a slice accepts the number of a run, which has no limit", () => {
    const sliceOf = (value: string) => parse({ torture: "all", "torture-slice": value }).tortureSlice;
    assert.equal(parse({ torture: "all" }).tortureSlice, undefined);
    assert.deepEqual(["0/14", "13/14", "14/14", "1234567/14", "5/1"].map(sliceOf), [
      [0, 14],
      [13, 14],
      [0, 14],
      [5, 14],
      [0, 1],
    ]);
    for (const value of ["3", "3/0", "-1/14", "1/1000", "a/b", "3/14/2"]) {
      assert.match(refusalOf({ torture: "all", "torture-slice": value }), /`torture-slice` is `.*`; allowed: a number and how many/);
    }
    for (const torture of [{}, { torture: "none" }, { torture: "changed", affected: "auto" }]) {
      assert.match(refusalOf({ ...torture, "torture-slice": "3/14" }), /`torture-slice` is given, which needs `torture: all`/);
    }
  });

  test("torture of what changed needs a record of which test files run a function", () => {
    assert.deepEqual(parse({ torture: "changed", affected: "auto" }).torture, { kind: "changed" });
    for (const more of [{}, { affected: "all" }, { affected: "auto", scan: "none" }, { affected: "auto", scan: "test_csv" }])
      assert.match(refusalOf({ torture: "changed", ...more }), /`torture` is `changed`, which needs `affected: auto` and `scan: all`/);
  });

  test("torture is refused with invalid test file names, and with a command", () => {
    for (const value of ["all test_csv", "csv", "test_csv none", "changed test_csv"]) {
      assert.match(refusalOf({ torture: value }), /`torture` is `.*`; allowed: names of test files .*`changed`, `all` or `none` alone/);
    }
    for (const command of ["-c pass", "-m pytest tests"])
      assert.match(
        refusalOf({ command, torture: "test_csv" }),
        /`torture` names test files of CPython's; allowed with a `command`: `none`/,
      );
    assert.match(refusalOf({ command: "-c pass", torture: "all" }), /`torture` names test files/);
    assert.deepEqual(parse({ command: "-m pytest tests", torture: "all" }).torture, { kind: "all" });
    assert.match(refusalOf({ command: "-m pytest tests", torture: "all", fork: "no" }), /`torture` runs tests in forked processes/);
    assert.match(refusalOf({ command: "-m pytest tests", torture: "all", scan: "none" }), /takes the test files that the scan collects/);
    assert.deepEqual(parse({ command: "-c pass", torture: "none" }).torture, { kind: "none" });
  });
});

suite("the scan", () => {
  test("the scan is of all test files, of named ones, or of none", () => {
    assert.deepEqual(parse({ scan: "all" }).scan, { kind: "all" });
    assert.deepEqual(parse({ scan: "test_csv test_json.test_dump\ntest_csv" }).scan, {
      kind: "names",
      names: ["test_csv", "test_json.test_dump"],
    });
    assert.deepEqual(parse({ scan: "none" }).scan, { kind: "none" });
  });

  test("the scan is left out by default if leaks are not looked for in a living interpreter", () => {
    for (const raw of [{ command: "-c pass" }, { "leak-check": "exit" }, { "leak-check": "none" }] satisfies Record<string, string>[])
      assert.deepEqual(parse(raw).scan, { kind: "none" });
    assert.deepEqual(parse({ "leak-check": "none", scan: "all" }).scan, { kind: "all" });
  });

  test("`scan` does not go with a command, but `all` goes with one that runs tests", () => {
    assert.match(refusalOf({ command: "-c pass", scan: "test_csv" }), /`scan`.*`command`.*: `none`/);
    assert.match(refusalOf({ command: "-c pass", scan: "all" }), /`scan`.*`command`.*: `none`/);
    assert.match(refusalOf({ command: "-m pytest", scan: "test_csv" }), /`scan`.*`command`.*: `all`, `none`/);
    assert.deepEqual(parse({ command: "-c pass", scan: "none" }).scan, { kind: "none" });
    for (const kind of ["all", "none"]) assert.deepEqual(parse({ command: "-m pytest", scan: kind }).scan, { kind });
    assert.deepEqual(parse({ command: "-m pytest" }).scan, { kind: "all" });
  });

  test("invalid values of `scan` are refused with what is allowed", () => {
    for (const value of ["csv", "test_csv none", "test_csv;", "all none"]) {
      assert.match(refusalOf({ scan: value }), /`scan` is `.*`; allowed: names of test files .*`all` or `none` alone/);
    }
  });
});

suite("where leaks are looked for", () => {
  test("leaks are looked for while the interpreter lives if tests run, and when it ends if a command does", () => {
    assert.equal(parse({ tests: "test_csv" }).leakCheck, "live");
    assert.equal(parse({ command: "-c pass" }).leakCheck, "exit");
    assert.equal(parse({ command: "-m pytest" }).leakCheck, "live");
  });

  test("leaks are looked for at exit in tests of pytest too if that is asked for, as in any other program", () => {
    const { work, scan } = parse({ command: "pytest tests", "leak-check": "exit" });
    assert.deepEqual([work, scan], [{ kind: "command", words: ["-m", "pytest", "tests"] }, { kind: "none" }]);
  });

  test("leaks are looked for live where a setting of a project's tests needs that, and its refusal names `leak-check`", () => {
    const command = "pytest tests";
    for (const [name, value] of Object.entries({
      fork: "no",
      "memcheck-budget": "10m",
      affected: "auto",
      scan: "all",
      children: "yes",
      torture: "all",
      "leak-check-per": "test",
    }))
      for (const leakCheck of ["exit", "none"])
        assert.equal(
          refusalOf({ command, "python-version": "3.13", "leak-check": leakCheck, [name]: value }).trim(),
          `\`${name}\` is \`${value}\`, which needs \`leak-check: live\`; it is \`${leakCheck}\`.`,
        );
    const harmless = { affected: "all", scan: "none", children: "no", torture: "none", "leak-check-per": "file" };
    assert.equal(parse({ command, "python-version": "3.13", "leak-check": "exit", ...harmless }).leakCheck, "exit");
  });

  test("leaks are looked for after each test by the scan too, so `leak-check-per` only needs one of both", () => {
    assert.equal(parse({ "leak-check": "none", scan: "all", "leak-check-per": "test" }).leakCheckPer, "test");
    for (const raw of [{ "leak-check": "exit" }, { command: "-c pass" }] satisfies Record<string, string>[])
      assert.match(
        refusalOf({ ...raw, "leak-check-per": "class" }),
        /`leak-check-per` is `class`, which needs `leak-check: live`; it is `exit`/,
      );
  });

  test("leaks are looked for by memcheck for five minutes beside a suite's suspects, or as long as the setting says", () => {
    const command = "-m pytest";
    assert.equal(parse({ command }).memcheckBudget, 300);
    assert.equal(parse({ command, "memcheck-budget": "90s" }).memcheckBudget, 90);
    for (const value of ["all", "none"]) assert.equal(parse({ command, "memcheck-budget": value }).memcheckBudget, value);
    assert.match(refusalOf({ command, "memcheck-budget": "much" }), /`memcheck-budget` is `much`/);
    for (const raw of [{ tests: "all" }, { command: "-c pass" }])
      assert.match(refusalOf({ ...raw, "memcheck-budget": "5m" }), /needs a `command` that starts with `pytest`, `-m pytest` or/);
    assert.equal(parse({ affected: "auto" }).memcheckBudget, 60);
    assert.equal(parse({ affected: "auto", "memcheck-budget": "none" }).memcheckBudget, "none");
    assert.equal(parse({ affected: "auto", tests: "test_csv" }).memcheckBudget, "all");
  });

  test("memcheck has nothing but suspects if `tests` or `memcheck-budget` is `none`", () => {
    const turnedOff = (raw: Record<string, string>) => settingWithoutMemcheck(parse(raw));
    assert.equal(turnedOff({ tests: "none" }), "tests");
    assert.equal(turnedOff({ command: "-m pytest", "memcheck-budget": "none" }), "memcheck-budget");
    for (const raw of [{}, { affected: "auto" }, { command: "-m pytest" }]) assert.equal(turnedOff(raw), undefined);
  });

  test("test files of a suite run in forked processes, unless the setting says that they must not", () => {
    const command = "-m pytest";
    assert.equal(parse({ command }).forks, true);
    assert.equal(parse({ command, fork: "no" }).forks, false);
    assert.match(refusalOf({ command, fork: "never" }), /`fork` is `never`; allowed: `yes`, `no`/);
    assert.match(refusalOf({ tests: "test_csv", fork: "no" }), /`fork` needs a `command`/);
  });

  test("leaks are looked for as the setting says, but not live if a command runs", () => {
    for (const value of ["live", "exit", "none"]) assert.equal(parse({ "leak-check": value }).leakCheck, value);
    for (const value of ["exit", "none"]) assert.equal(parse({ "leak-check": value, command: "-c pass" }).leakCheck, value);
    assert.match(refusalOf({ "leak-check": "live", command: "-c pass" }), /`leak-check` is `live`.*`exit`, `none`/);
  });
});

suite("without a home folder", () => {
  const homeless: Surroundings = { ...HERE, home: undefined, workDir: undefined };

  test("without a home folder `work-dir` must be given, and is then used", () => {
    assert.equal(parseSettings({ "work-dir": "/w" }, homeless).workDir, "/w");
    assert.throws(
      () => parseSettings({}, homeless),
      (error) => error instanceof UserError && /work-dir/.test(`${error.message} ${error.hint}`),
    );
  });

  test("without a home folder `~` is refused", () => {
    assert.throws(
      () => parseSettings({ "work-dir": "~/w" }, homeless),
      (error) => error instanceof UserError && /`~\/w`/.test(error.message),
    );
    assert.equal(parseSettings({ "work-dir": "/w/~/x" }, homeless).workDir, "/w/~/x");
  });
});
