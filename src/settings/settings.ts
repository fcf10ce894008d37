import { resolve } from "node:path";
import type { Slice } from "../model/slice.ts";
import { UserError } from "../model/user-error.ts";
import { parseDirectory } from "./directory-setting.ts";
import { FORBIDDEN_CONFIGURE_ARGS, FORBIDDEN_VALGRIND_ARGS, refuseArguments } from "./forbidden-arguments.ts";
import { parsePassEnv } from "./pass-env.ts";
import { bad, choiceOf, parseDuration, parseJobs, parseTitle, splitSetting } from "./setting-values.ts";
import { type Choice, defaultOf, SETTINGS, type SettingName } from "./settings-table.ts";
import { type Part, parsePart } from "./sharding.ts";
import { chosenBy, defaultSource, type FoundInterpreter, parseSource, refuseForInstalled, type Source } from "./source-setting.ts";
import {
  isCommand,
  type LeakCheck,
  type LeakCheckPer,
  type MemcheckBudget,
  parseAffected,
  parseBudget,
  parseChildren,
  parseForks,
  parseInstall,
  parseLeakCheck,
  parsePer,
  parseScan,
  parseSlice,
  parseTorture,
  parseWork,
  refuseWithoutLive,
  type Scan,
  type TestChoice,
  type Torture,
  type Work,
  workAt,
} from "./work.ts";

/** Which confirmed errors fail a check. */
export type FailOn = Choice<"fail-on">;

export interface Settings {
  /** The part of a check that this process runs. */
  readonly part: Part;
  /** The folder in which the check was started: the checkout. */
  readonly workspace: string;
  /** The folder in which the user's command and installation run: the workspace, or one in it. */
  readonly directory: string;
  readonly source: Source;
  readonly work: Work;
  /** Packages for pip to install into a virtual environment for a command; empty for no environment. */
  readonly install: readonly string[];
  /** Whether the test files of a suite run in forked processes. */
  readonly forks: boolean;
  /** Names of additional variables that a command gets. */
  readonly passEnv: readonly string[];
  readonly scan: Scan;
  /** Whether the scan also checks interpreters that tests start. */
  readonly children: boolean;
  readonly affected: TestChoice;
  readonly torture: Torture;
  /** Undefined for all allocation sites. */
  readonly tortureSlice: Slice | undefined;
  readonly memcheckBudget: MemcheckBudget;
  readonly leakCheck: LeakCheck;
  readonly leakCheckPer: LeakCheckPer;
  readonly pythonStacks: boolean;
  readonly suppressions: readonly string[];
  readonly configureArgs: readonly string[];
  readonly valgrindArgs: readonly string[];
  readonly jobs: number;
  /** Seconds. */
  readonly testTimeout: number;
  /** Seconds for the whole check; undefined for no limit. */
  readonly timeout: number | undefined;
  /** A file; undefined if it is not given, or names a branch. */
  readonly baseline: string | undefined;
  /** The branch whose baseline to compare with. */
  readonly baselineBranch: string | undefined;
  readonly recordBaseline: Choice<"record-baseline">;
  readonly failOn: FailOn;
  /** The name of the check run to create, and the title of the comment; undefined for none. */
  readonly checkRun: string | undefined;
  readonly comment: string | undefined;
  readonly workDir: string;
  /** Folder of the plan and its shards' results, in a terminal; undefined: in the work folder. */
  readonly planFolder: string | undefined;
  readonly buildCache: string | undefined;
  readonly report: string | undefined;
  /** Path of the HTML page; undefined: next to the report. */
  readonly html: string | undefined;
}

/** The surroundings that the defaults depend on, so that parsing stays a pure function. */
export interface Surroundings {
  /** Relative paths start here. */
  readonly directory: string;
  /** Replaces `~`; undefined if there is no home folder. */
  readonly home: string | undefined;
  /** Default number of test files to run at once. */
  readonly cores: number;
  /** Undefined if only the user can choose one. */
  readonly workDir: string | undefined;
  /** What is checked when neither `source` nor `python-version` is given. */
  readonly source: Source;
  /** The installed interpreter for a `command`; undefined if the folder is a CPython checkout. */
  readonly interpreter?: FoundInterpreter | undefined;
  /** Whether `baseline` names a branch unless it looks like a path; not in a terminal. */
  readonly hasBranches?: boolean;
}

/** The values as they were given. */
interface Reader {
  readonly given: (name: SettingName) => string | undefined;
  readonly words: (name: SettingName) => readonly string[];
  /** Makes a path absolute. */
  readonly path: (value: string) => string;
}

/**
 * Turns raw strings, from action inputs or terminal flags, into settings. An empty string is a setting that was not given.
 * @throws UserError that names the setting, its value and what is allowed.
 */
export function parseSettings(raw: Readonly<Record<string, string>>, surroundings: Surroundings): Settings {
  refuseUnknown(Object.keys(raw));
  const given = (name: SettingName): string | undefined => raw[name]?.trim() || undefined;
  const words = (name: SettingName): readonly string[] => splitSetting(name, given(name) ?? "");
  const path = (value: string): string => resolvePath(value, surroundings);
  const optionalPath = (name: SettingName): string | undefined => {
    const value = given(name);
    return value === undefined ? undefined : path(value);
  };
  const runs = parseRuns({ given, words, path }, surroundings);
  return {
    ...runs,
    part: parsePart(given),
    planFolder: optionalPath("plan"),
    workspace: surroundings.directory,
    directory: parseDirectory(given("directory"), isCommand(runs.work), surroundings.directory, path),
    install: parseInstall(words("install"), isCommand(runs.work)),
    passEnv: parsePassEnv(words("pass-env"), isCommand(runs.work)),
    pythonStacks: choiceOf("python-stacks", given("python-stacks")) === "yes",
    suppressions: words("suppressions").map(path),
    configureArgs: refuseArguments("configure-args", words("configure-args"), FORBIDDEN_CONFIGURE_ARGS),
    valgrindArgs: refuseArguments("valgrind-args", words("valgrind-args"), FORBIDDEN_VALGRIND_ARGS),
    jobs: parseJobs(given("jobs")) ?? surroundings.cores,
    testTimeout: parseDuration("test-timeout", given("test-timeout") ?? defaultOf("test-timeout")),
    timeout: given("timeout") === "none" ? undefined : parseDuration("timeout", given("timeout") ?? defaultOf("timeout")),
    ...parseBaseline(given("baseline"), surroundings.hasBranches ?? false, path),
    recordBaseline: choiceOf("record-baseline", given("record-baseline")),
    failOn: choiceOf("fail-on", given("fail-on")),
    checkRun: parseTitle("check-run", given("check-run")),
    comment: parseTitle("comment", given("comment")),
    workDir: optionalPath("work-dir") ?? defaultWorkDir(surroundings),
    buildCache: optionalPath("build-cache"),
    report: optionalPath("report"),
    html: optionalPath("html"),
  };
}

/** What is checked, and what runs: these settings depend on each other. */
function parseRuns({ given, words, path }: Reader, surroundings: Surroundings) {
  const sourceWords = { source: given("source"), version: given("python-version"), python: given("python") };
  const asked = parseSource(sourceWords, path);
  const wanted = parseWork(words("tests"), given("command"), { chosen: chosenBy(sourceWords), absolute: path });
  const leakCheck = parseLeakCheck(given("leak-check"), wanted);
  if (wanted.kind === "suite" && leakCheck !== "live") refuseWithoutLive(given, leakCheck);
  const source = asked ?? defaultSource(isCommand(wanted) && words("configure-args").length === 0, surroundings);
  if (source.kind === "interpreter") refuseForInstalled(isCommand(wanted), words("configure-args"));
  const work = workAt(leakCheck, wanted);
  const affected = parseAffected(given("affected"), work, source);
  const scan = parseScan(words("scan"), leakCheck, work);
  const forks = parseForks(given("fork"), work);
  const torture = parseTorture(words("torture"), work, forks, affected, scan);
  return {
    source,
    work,
    leakCheck,
    leakCheckPer: parsePer(given("leak-check-per"), leakCheck, scan),
    affected,
    scan,
    children: parseChildren(given("children"), scan, source, affected),
    forks,
    torture,
    tortureSlice: parseSlice(given("torture-slice"), torture),
    memcheckBudget: parseBudget(given("memcheck-budget"), work, affected),
  };
}

function resolvePath(value: string, { directory, home }: Surroundings): string {
  const inHome = /^~(?=\/|$)/;
  if (!inHome.test(value)) return resolve(directory, value);
  return resolve(
    directory,
    value.replace(inHome, () => home ?? refuseWithoutHome(`\`${value}\` has no meaning here`)),
  );
}

function defaultWorkDir({ workDir }: Surroundings): string {
  return workDir ?? refuseWithoutHome("`work-dir` has no default here");
}

function refuseWithoutHome(what: string): never {
  throw new UserError(`${what}: there is no home folder, since HOME is not set and this user is not in the passwd file.`, {
    hint: "Give an absolute path as `work-dir`, or set HOME.",
  });
}

function refuseUnknown(names: readonly string[]): void {
  const known = SETTINGS.map((setting) => setting.name as string);
  for (const name of names) {
    if (!known.includes(name)) throw new UserError(`Unknown setting \`${name}\`.`, { hint: `Settings: ${known.join(", ")}.` });
  }
}

/** A branch can be called `baselines/3.13`, so a path is recognized by how it begins. */
function parseBaseline(value: string | undefined, hasBranches: boolean, path: (value: string) => string) {
  if (value === undefined) return { baseline: undefined, baselineBranch: undefined };
  if (!hasBranches || /^(\/|\.{1,2}\/|~\/)/.test(value)) return { baseline: path(value), baselineBranch: undefined };
  const branch = value.replace(/^refs\/heads\//, "");
  // git-check-ref-format(1), roughly: an invalid name that passes is not found later. `refs/tags/x` and the like are not branches.
  if (/^(?![-/]|refs\/)[^\s~^:?*[\\]{1,250}$/.test(branch)) return { baseline: undefined, baselineBranch: branch };
  throw bad("baseline", value, "the name of a branch, or a path that begins with `./` or `/`");
}
