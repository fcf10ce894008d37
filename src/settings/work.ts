import type { Slice } from "../model/slice.ts";
import { UserError } from "../model/user-error.ts";
import { type Command, type CommandPlace, commandWords, parseCommand } from "./command.ts";
import { bad, choiceOf, parseDuration, parseNames, splitSetting } from "./setting-values.ts";
import type { Choice, SettingName } from "./settings-table.ts";
import { refuseShellSyntax } from "./shell-syntax.ts";
import type { Source } from "./source-setting.ts";

/** What the checked interpreter runs. */
export type Work =
  | { readonly kind: "default-tests" }
  | { readonly kind: "all-tests" }
  /** No names: memcheck only confirms suspects of the scan. */
  | { readonly kind: "tests"; readonly names: readonly string[] }
  | Command;

/** Time limit in seconds for memcheck in a suite, or in the test files that a change can reach; otherwise there is none. */
export type MemcheckBudget = number | "all" | "none";

/** The test files that are scanned. */
export type Scan = { readonly kind: "all" } | { readonly kind: "names"; readonly names: readonly string[] } | { readonly kind: "none" };

/** The test files in which allocations are made to fail; `changed`: only in functions that a change rewrote, in the fastest test files. */
export type Torture = Scan | { readonly kind: "changed" };

/** Which test files of `all` run: those that the change can reach, or every one. */
export type TestChoice = Choice<"affected">;

/** After what a live check looks for leaks. */
export type LeakCheckPer = Choice<"leak-check-per">;

/** When leaks are looked for: after each test file, when the interpreter ends, or not at all. */
export type LeakCheck = Choice<"leak-check">;

export function parseInstall(words: readonly string[], hasCommand: boolean): readonly string[] {
  if (words.length > 0 && !hasCommand) throw new UserError("`install` is given without a `command`.");
  return words;
}

export function parseWork(tests: readonly string[], command: string | undefined, place: CommandPlace): Work {
  if (command !== undefined) {
    if (tests.length > 0) throw new UserError("Both `tests` and `command` are given; give only one of them.");
    refuseShellSyntax(command);
    return parseCommand(splitSetting("command", command), place);
  }
  if (tests.length === 0) return { kind: "default-tests" };
  if (tests.length === 1 && tests[0] === "all") return { kind: "all-tests" };
  if (tests.length === 1 && tests[0] === "none") return { kind: "tests", names: [] };
  return { kind: "tests", names: parseNames("tests", tests, "`all` or `none` alone") };
}

/** Without live leak checks, pytest and unittest run like any other program. */
export function workAt(leakCheck: LeakCheck, work: Work): Work {
  return work.kind === "suite" && leakCheck !== "live" ? { kind: "command", words: commandWords(work) } : work;
}

/** Settings of a project's tests that need live leak checks, each with the values that do not. */
const NEED_LIVE = {
  fork: [],
  "memcheck-budget": [],
  affected: ["all"],
  scan: ["none"],
  children: ["no"],
  torture: ["none"],
} as const satisfies Partial<Record<SettingName, readonly string[]>>;

/** @throws UserError that names the first setting that has no effect on a project's tests without live leak checks. */
export function refuseWithoutLive(given: (name: SettingName) => string | undefined, leakCheck: LeakCheck): void {
  for (const [name, others] of Object.entries(NEED_LIVE) as [keyof typeof NEED_LIVE, readonly string[]][]) {
    const value = given(name);
    if (value !== undefined && !others.includes(value)) throw needsLive(name, value, leakCheck);
  }
}

function needsLive(name: SettingName, value: string, leakCheck: LeakCheck): UserError {
  return new UserError(`\`${name}\` is \`${value}\`, which needs \`leak-check: live\`; it is \`${leakCheck}\`.`);
}

/** Whether the user's own program or tests run instead of CPython's tests. */
export function isCommand({ kind }: Work): boolean {
  return kind === "command" || kind === "suite";
}

/** Whether memcheck only runs suspects of the scan. */
export function isWithoutTests(work: Work): boolean {
  return work.kind === "tests" && work.names.length === 0;
}

/** The setting that leaves memcheck nothing but new leaks of the scan; undefined if none does. */
export function settingWithoutMemcheck(settings: {
  readonly work: Work;
  readonly memcheckBudget: MemcheckBudget;
}): "tests" | "memcheck-budget" | undefined {
  if (isWithoutTests(settings.work)) return "tests";
  return settings.memcheckBudget === "none" ? "memcheck-budget" : undefined;
}

export function parseScan(words: readonly string[], leakCheck: LeakCheck, work: Work): Scan {
  const scan = scanOf(words, leakCheck, isCommand(work));
  if (isWithoutTests(work) && scan.kind === "none")
    throw new UserError("`tests` is `none`, and `scan` is `none`, too: no test file would run.");
  return scan;
}

/** The scan needs a live check, even if the user did not ask for one. */
function scanOf(words: readonly string[], leakCheck: LeakCheck, hasCommand: boolean): Scan {
  if (words.length === 1 && words[0] === "none") return { kind: "none" };
  if (words.length === 1 && words[0] === "all" && (leakCheck === "live" || !hasCommand)) return { kind: "all" };
  if (words.length > 0 && hasCommand) {
    const allowed = leakCheck === "live" ? "`all`, `none`" : "`none`";
    throw new UserError(`\`scan\` names test files, which a \`command\` chooses itself; allowed with it: ${allowed}.`);
  }
  if (words.length === 0) return leakCheck === "live" ? { kind: "all" } : { kind: "none" };
  return { kind: "names", names: parseNames("scan", words, "`all` or `none` alone") };
}

/** A child that ignores its environment (`-E`, `-I`) allocates objects with malloc only if it is built that way, as ours is. */
export function parseChildren(value: string | undefined, scan: Scan, source: Source, affected: TestChoice): boolean {
  const isWanted = choiceOf("children", value) === "yes";
  if (isWanted && scan.kind === "none") throw new UserError("`children` is `yes`, and `scan` is `none`: the scan looks at children.");
  if (isWanted && source.kind === "interpreter")
    throw new UserError("`children` is `yes`, which needs a CPython build: give `source` or `python-version` instead of `python`.");
  if (isWanted && affected === "auto")
    throw new UserError(
      "`children` is `yes`, which can't be combined with `affected: auto`: both replace the functions that start programs.",
    );
  return isWanted;
}

/** Functions are recorded for each test file, so `auto` needs CPython's own test files or those of a project. */
export function parseAffected(value: string | undefined, { kind }: Work, source: Source): TestChoice {
  const choice = choiceOf("affected", value);
  if (choice === "auto" && kind === "command")
    throw new UserError(
      "`affected` is `auto`, which only works with test files; allowed with a `command`: `all`, and `auto` if it starts with `pytest`, `-m pytest` or `-m unittest`.",
    );
  if (choice === "auto" && kind === "suite" && source.kind === "checkout")
    throw new UserError(
      "`affected` is `auto`, which with a `command` needs `python` or `python-version`: with `source`, both CPython and the project may change.",
    );
  return choice;
}

/** Tests are run repeatedly in forked children: possible for a suite, not for a program. */
export function parseTorture(words: readonly string[], work: Work, forks: boolean, affected: TestChoice, scan: Scan): Torture {
  if (words.length === 0 || (words.length === 1 && words[0] === "none")) return { kind: "none" };
  const isAll = words.length === 1 && words[0] === "all";
  if (work.kind === "command" || (work.kind === "suite" && !isAll))
    throw new UserError(
      "`torture` names test files of CPython's; allowed with a `command`: `none`, and `all` if it starts with `pytest`, `-m pytest` or `-m unittest`.",
    );
  if (scan.kind === "none" && work.kind === "suite")
    throw new UserError("`torture` with a `command` takes the test files that the scan collects, and `scan` is `none`.");
  if (!forks) throw new UserError("`torture` runs tests in forked processes, and `fork` is `no`.");
  if (isAll) return { kind: "all" };
  if (words.length > 1 || words[0] !== "changed")
    return { kind: "names", names: parseNames("torture", words, "`changed`, `all` or `none` alone") };
  // Only such a check records which test files run a function.
  if (affected === "all" || scan.kind !== "all")
    throw new UserError(
      "`torture` is `changed`, which needs `affected: auto` and `scan: all`: they record which test files run a function.",
    );
  return { kind: "changed" };
}

/** The number may be a run number, which grows without limit: `15/14` is `1/14`. */
export function parseSlice(value: string | undefined, torture: Torture): Slice | undefined {
  if (value === undefined) return undefined;
  const [, number, of] = /^(\d{1,9})\/([1-9]\d{0,2})$/.exec(value) ?? [];
  if (number === undefined || of === undefined) throw bad("torture-slice", value, "a number and how many slices there are, such as `3/14`");
  if (torture.kind === "none" || torture.kind === "changed")
    throw new UserError("`torture-slice` is given, which needs `torture: all`, or names of test files.");
  return [Number(number) % Number(of), Number(of)];
}

export function parseForks(value: string | undefined, { kind }: Work): boolean {
  if (value !== undefined && kind !== "suite")
    throw new UserError("`fork` needs a `command` that starts with `pytest`, `-m pytest` or `-m unittest`.");
  return choiceOf("fork", value) === "yes";
}

/** Seconds; the default for a suite. */
export const SUITE_BUDGET_S = 5 * 60;

export function parseBudget(value: string | undefined, { kind }: Work, affected: TestChoice): MemcheckBudget {
  const isForChange = kind === "default-tests" && affected === "auto";
  if (value === undefined) return kind === "suite" ? SUITE_BUDGET_S : isForChange ? 60 : "all";
  if (kind !== "suite" && !isForChange)
    throw new UserError(
      "`memcheck-budget` needs a `command` that starts with `pytest`, `-m pytest` or `-m unittest`, or `affected: auto` without `tests`.",
    );
  return value === "all" || value === "none" ? value : parseDuration("memcheck-budget", value);
}

/** A live check needs the hooks of regrtest, pytest or unittest; any other program is checked when it ends. */
export function parseLeakCheck(value: string | undefined, { kind }: Work): LeakCheck {
  const leakCheck = choiceOf("leak-check", value ?? (kind === "command" ? "exit" : undefined));
  if (kind === "command" && leakCheck === "live")
    throw new UserError("`leak-check` is `live`, which only works with tests; allowed with this `command`: `exit`, `none`.");
  return leakCheck;
}

/** The scan always looks for leaks live. */
export function parsePer(value: string | undefined, leakCheck: LeakCheck, scan: Scan): LeakCheckPer {
  const per = choiceOf("leak-check-per", value);
  if (per !== "file" && leakCheck !== "live" && scan.kind === "none") throw needsLive("leak-check-per", per, leakCheck);
  return per;
}
