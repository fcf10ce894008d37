/** One setting: a flag of `check`, an input of action.yml, a row of the README's table. A test holds the four together. */
export interface SettingDescription {
  readonly name: string;
  /** As shown to people; the value itself comes from `parseSettings`. */
  readonly default: string;
  readonly meaning: string;
  /** Where the setting exists; both unless given. */
  readonly only?: "terminal" | "action";
}

export const SETTINGS = [
  { name: "source", default: ".", meaning: "a CPython checkout" },
  { name: "python-version", default: "", meaning: "instead of `source`: a release to fetch and build, `3.13` or `3.13.5`" },
  { name: "tests", default: "a quick set", meaning: "test files to run under memcheck: names as regrtest knows them, or `all`" },
  {
    name: "scan",
    default: "all",
    meaning:
      "test files to look for leaks in at close to native speed: names, `all` or `none` (default of `command`); new leaks go to memcheck",
  },
  { name: "command", default: "", meaning: "instead of `tests`: what the checked interpreter runs, such as `-m pytest tests`" },
  {
    name: "pass-env",
    default: "",
    meaning:
      "names of variables that `command` gets from your environment, beside `PATH`, `HOME`, `PYTHONPATH`, `VIRTUAL_ENV`, the locale and the like",
  },
  {
    name: "leak-check",
    default: "live",
    meaning:
      "`live`: leaks while the interpreter lives, after each test file; `exit`: when it ends (default of `command`); `none`: memory errors only",
  },
  {
    name: "leak-check-per",
    default: "file",
    meaning: "how often a live check looks: after each `file`, `class` or `test`, which is slower",
  },
  { name: "python-stacks", default: "no", meaning: "`yes`: tell where Python code allocated what a live check finds, by tracemalloc" },
  { name: "suppressions", default: "", meaning: "suppression files to use after CPython's own `Misc/valgrind-python.supp`" },
  { name: "configure-args", default: "", meaning: "further arguments of CPython's `configure`" },
  { name: "valgrind-args", default: "", meaning: "further arguments of valgrind" },
  { name: "jobs", default: "one per core, or per 1.5 GB of memory", meaning: "how many test files run at once" },
  { name: "test-timeout", default: "20m", meaning: "how long one test file may take: `90s`, `20m`, `1h`" },
  {
    name: "timeout",
    default: "5h",
    meaning: "how long the whole check may take before it stops and reports what it has: `55m`, `5h`, `none`",
  },
  {
    name: "baseline",
    default: "",
    meaning:
      "the baseline file to compare with (default: kept in `work-dir`); action: the branch whose baseline it is (default: the one that the change goes to), or a file, as `./path`",
  },
  {
    name: "record-baseline",
    default: "auto",
    meaning:
      "`auto`: record what the baseline lacks (action: on a push to the default branch, a schedule or a dispatch); `always`; `never`",
  },
  {
    name: "fail-on",
    default: "new",
    meaning: "`new`: new errors fail the check; `memcheck`: those that memcheck saw, not only the scan; `none`: they are only reported",
  },
  {
    name: "check-run",
    default: "",
    meaning: "the name of a check run to make, with all annotations; needs `checks: write`",
    only: "action",
  },
  {
    name: "comment",
    default: "",
    meaning: "the title of a comment to keep on the pull request; needs `pull-requests: write`",
    only: "action",
  },
  {
    name: "work-dir",
    default: "~/.cache/cpython-memcheck",
    meaning:
      "where builds, baselines and reports are kept (action: the runner's temp folder); its path has letters, digits and `/._-+@,=~` only",
  },
  {
    name: "build-cache",
    default: "",
    meaning: "a folder of packed builds, to begin with the nearest where `work-dir` has none and to keep new ones in",
    only: "terminal",
  },
  { name: "report", default: "", meaning: "where to write report.json", only: "terminal" },
  {
    name: "token",
    default: "github.token",
    meaning: "what GitHub is read by; what it may do is in the workflow's `permissions`",
    only: "action",
  },
] as const satisfies readonly SettingDescription[];

export type SettingName = (typeof SETTINGS)[number]["name"];
