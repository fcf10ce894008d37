/** One setting: a flag of `check`, an input of action.yml and a row of README's table, both of which `npm run tables` writes. */
export interface SettingDescription {
  readonly name: string;
  /** The default's value, or words for one that depends on the machine or on other settings. */
  readonly default: string;
  readonly meaning: string;
  /** Where the setting exists; both if not given. */
  readonly only?: "terminal" | "action";
}

export const SETTINGS = [
  { name: "source", default: ".", meaning: "CPython checkout to test" },
  { name: "python-version", default: "", meaning: "test a release instead of `source`: `3.13` or `3.13.5`" },
  {
    name: "python",
    default: "",
    meaning:
      "path or name of an installed CPython 3.14 or newer to run `command` with, as it is (default with `command`, unless `source` or `python-version` is given: `python3`)",
  },
  {
    name: "tests",
    default: "a quick set",
    meaning: "test files to run under memcheck: regrtest names, `all`, or `none` (memcheck then only confirms new leaks of the scan)",
  },
  {
    name: "scan",
    default: "all",
    meaning:
      "test files to scan for leaks at near native speed: names, `all` or `none`; memcheck then confirms new leaks. With `command`: `all` or `none`",
  },
  {
    name: "children",
    default: "no",
    meaning: "`yes`: the scan also checks interpreters that tests start, just before they exit",
  },
  {
    name: "torture",
    default: "none",
    meaning:
      "test files in which each allocation is made to fail, one at a time, to test error paths: names, `all` or `none`; `changed`: only allocations in functions that the pull request changes (needs `affected: auto`). With `command`: `all` or `none`",
  },
  {
    name: "torture-slice",
    default: "",
    meaning:
      "a part of all allocation sites: `3/14` is one of fourteen. With the run number in place of 3, nightly runs cover all of them in 14 nights; each slice has its own baseline",
  },
  {
    name: "command",
    default: "",
    meaning:
      "command for the checked interpreter to run instead of `tests`: `pytest …`, `-m unittest …`, `-m MODULE …`, `-c CODE …` or a Python script",
  },
  {
    name: "directory",
    default: "",
    meaning:
      "folder of the project in a repository with several, in which `command` and `install` run: `packages/foo` (default: the workspace, or the current folder)",
  },
  {
    name: "memcheck-budget",
    default: "5m",
    meaning:
      "time limit for memcheck on test files in which the scan found nothing: `5m`, `all` or `none`; for pytest or unittest, and for the test files that a change can reach with `affected: auto` (default there: `1m`)",
  },
  {
    name: "fork",
    default: "yes",
    meaning:
      "with pytest or unittest: `yes` runs each test file in a fork of the process that collected the tests; `no` starts a new interpreter for each, for tests that break after a fork (threads started by imports, CUDA)",
  },
  {
    name: "install",
    default: "",
    meaning:
      "packages to install with pip for `command`, such as `.[test]`: in a virtual environment of the checked interpreter, with symbols and frame pointers. The build gets the usual variables, such as `CC`, `CFLAGS` and `CMAKE_ARGS`; those that may hold a password, such as `PIP_INDEX_URL` and `HTTPS_PROXY`, need `pass-env`",
  },
  {
    name: "affected",
    default: "all",
    meaning:
      "which test files of `all`, pytest or unittest run: `all`: every one; `auto`: those that the change can reach, unless the check records a baseline (experimental)",
  },
  {
    name: "pass-env",
    default: "",
    meaning:
      "additional environment variables to pass to `command` and `install`, which always get `PATH`, `HOME`, `VIRTUAL_ENV`, the locale and the like; `command` also gets `PYTHONPATH`, `install` the variables of compilers and build tools",
  },
  {
    name: "leak-check",
    default: "live",
    meaning:
      "`live`: check for leaks after each test file while the interpreter is running; `exit`: when it exits (default with any other program); `none`: memory errors only",
  },
  {
    name: "leak-check-per",
    default: "file",
    meaning: "how often a live check looks for leaks: after each `file`, `class` or `test` (slower)",
  },
  {
    name: "python-stacks",
    default: "no",
    meaning: "`yes`: show the Python allocation traceback of each leaked object (tracemalloc); needs CPython 3.12",
  },
  { name: "suppressions", default: "", meaning: "suppression files to use in addition to CPython's `Misc/valgrind-python.supp`" },
  { name: "configure-args", default: "", meaning: "additional arguments for CPython's `configure`" },
  { name: "valgrind-args", default: "", meaning: "additional arguments for valgrind" },
  { name: "jobs", default: "one per core, or per 1.5 GB of memory", meaning: "number of test files to run at once" },
  {
    name: "mode",
    default: "check",
    meaning: "`check`; or, for a check that is split into shards, `plan` before the shards and `report` after them",
    only: "action",
  },
  { name: "shards", default: "", meaning: "with `plan`: number of shards, such as `8`" },
  {
    name: "shard-time",
    default: "",
    meaning: "with `plan`, instead of `shards`: time limit for each shard, such as `30m`; the plan has as many shards as needed",
  },
  {
    name: "shard",
    default: "",
    meaning:
      "run only this shard of the plan, such as `3/8`; `report` then gives the verdict. In a workflow, use the value from the matrix",
  },
  {
    name: "plan",
    default: "in `work-dir`",
    meaning: "directory of the plan and of its shards' results",
    only: "terminal",
  },
  { name: "test-timeout", default: "20m", meaning: "time limit for one test file: `90s`, `20m`, `1h`" },
  {
    name: "timeout",
    default: "5h",
    meaning: "time limit for the whole check, which then reports what it has so far: `55m`, `5h`, `none`",
  },
  {
    name: "baseline",
    default: "",
    meaning:
      "baseline file to compare with (default: in `work-dir`); action: branch to compare with (default: the base branch), or a file such as `./path`",
  },
  {
    name: "record-baseline",
    default: "auto",
    meaning:
      "`auto`: add tests missing from the baseline (action: record all of them, on a push to the default branch, a schedule or a dispatch); `always`: replace the baseline (action: also on a push to another branch, or a dispatch there; a pull request or merge queue only compares); `never`",
  },
  {
    name: "fail-on",
    default: "new",
    meaning: "`new`: fail on new errors; `memcheck`: only on those that memcheck found; `none`: report only",
  },
  {
    name: "check-run",
    default: "",
    meaning: "name of a check run to create, with all annotations; needs `checks: write`",
    only: "action",
  },
  {
    name: "comment",
    default: "",
    meaning: "title of a comment to keep on the pull request, one for each job with its settings; needs `pull-requests: write`",
    only: "action",
  },
  {
    name: "work-dir",
    default: "~/.cache/cpython-memcheck",
    meaning: "directory for builds, baselines and reports (action: the runner's temp folder); letters, digits and `/._-+@,=~` only",
  },
  {
    name: "build-cache",
    default: "",
    meaning: "directory of cached builds to restore from and save to",
    only: "terminal",
  },
  { name: "report", default: "", meaning: "where to write report.json", only: "terminal" },
  { name: "html", default: "", meaning: "where to write report.html (default: next to report.json)", only: "terminal" },
  {
    name: "token",
    default: "github.token",
    meaning: "GitHub token, used to read baselines and, if enabled, to post the check run and comment",
    only: "action",
  },
] as const satisfies readonly SettingDescription[];

export type SettingName = (typeof SETTINGS)[number]["name"];

/** The value of a setting that was not given. */
export function defaultOf(name: SettingName): string {
  return SETTINGS.find((setting) => setting.name === name)?.default ?? "";
}

/** The allowed values of settings that have no others. */
export const CHOICES = {
  children: ["yes", "no"],
  fork: ["yes", "no"],
  affected: ["auto", "all"],
  "leak-check": ["live", "exit", "none"],
  "leak-check-per": ["file", "class", "test"],
  "python-stacks": ["yes", "no"],
  mode: ["check", "plan", "report"],
  "record-baseline": ["auto", "always", "never"],
  "fail-on": ["new", "memcheck", "none"],
} as const satisfies Partial<Record<SettingName, readonly string[]>>;

export type Choice<Name extends keyof typeof CHOICES> = (typeof CHOICES)[Name][number];
