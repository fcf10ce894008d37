import { basename, isAbsolute, relative } from "node:path";
import { type MemcheckOptions, memcheckArgs } from "../engines/memcheck/memcheck-args.ts";
import { scanEnvironment, type Unwinder } from "../engines/scan/scan-environment.ts";
import { OF_EXTENSIONS } from "../engines/torture/torture-engine.ts";
import type { EngineName } from "../model/engine-name.ts";
import type { ReportedFinding } from "../report/reported-finding.ts";
import { CLONED_COMMAND } from "../report/reproduce-messages.ts";
import { shellWords } from "../settings/command.ts";
import { folderOf, isInside } from "../settings/directory-setting.ts";
import type { Settings } from "../settings/settings.ts";
import { quoteWord } from "../settings/shell-words.ts";
import { isCommand, SUITE_BUDGET_S, type Work } from "../settings/work.ts";

export interface ReproduceContext {
  /** The path of the command's folder from that in which the check was started; empty if they are the same. */
  readonly folder: string;
  readonly python: string;
  /** Paths of the probe: only a live check reproduces the findings of a live check. */
  readonly runner: string;
  readonly options: Omit<MemcheckOptions, "xmlFolder">;
  readonly work: Work;
  /** Libraries that the scan and torture preload, if any. */
  readonly preloads: { readonly scan: string | undefined; readonly torture: string | undefined };
  /** Whether the scan checked interpreters that tests start. */
  readonly children: boolean;
  /** How it unwound stacks. */
  readonly unwinder: Unwinder;
}

const SAME_EVERY_TIME = ["PYTHONHASHSEED=0", "PYTHONMALLOC=malloc"];

/** A command that reproduces the error, without the check: for one test file, or for one test if it is known. */
export function reproduceCommand(scene: ReproduceContext, engine: Exclude<EngineName, "lifecycle">, test: ReportedFinding["test"]): string {
  const preloads = engine === "memcheck" ? undefined : scene.preloads[engine];
  const words =
    preloads !== undefined
      ? [
          "env",
          ...SAME_EVERY_TIME,
          ...scanWords(preloads, engine, scene.unwinder),
          scene.python,
          scene.runner,
          "look",
          ...(engine === "torture"
            ? tortureWords(scene.work.kind === "suite" ? OF_EXTENSIONS : {}, scene.work, test)
            : ["--scan", ...(scene.children ? ["--children"] : []), ...testWords(scene.work, test)]),
        ]
      : [...SAME_EVERY_TIME, ...memcheckWords(scene, test)];
  // In parentheses, so that it can be pasted again.
  return scene.folder === "" ? wordsOf(words) : `(cd ${quoteWord(scene.folder)} && ${wordsOf(words)})`;
}

function scanWords(preloads: string, engine: EngineName, unwinder: Unwinder): readonly string[] {
  // The runner reads the leak sanitizer's output for torture, and gets the names from elsewhere.
  const names = engine === "torture" ? "bare" : "with names";
  return Object.entries(scanEnvironment(preloads, names, unwinder)).map(([name, value]) => `${name}=${value}`);
}

/** The runner's input for a test in which allocations fail. It selects the test itself. */
export function tortureWords(asked: object, work: Work, { file, id }: ReportedFinding["test"]): readonly string[] {
  return ["--torture", JSON.stringify(asked), ...(id === null ? [] : ["--only", id]), ...testWords(work, { file, id: null })];
}

/** The runner's target: a test file, or the single test if regrtest can select it. */
function testWords(work: Work, { file, id }: ReportedFinding["test"]): readonly string[] {
  if (work.kind === "suite") return [...(work.isScript ? ["--script"] : []), "--suite", work.runner, file, ...work.args];
  return id !== null && /^[\w.]+$/.test(id) ? [file, "-m", id] : [file];
}

function memcheckWords(scene: ReproduceContext, test: ReportedFinding["test"]): readonly string[] {
  const args = memcheckArgs({ ...scene.options, xmlFolder: "" }).filter((arg) => !/^--(xml|tool|vgdb)/.test(arg));
  const start = scene.options.leakCheck === "live" ? [scene.runner, "look"] : ["-m", "test"];
  const program = scene.work.kind === "command" ? scene.work.words : [...start, ...testWords(scene.work, test)];
  return ["valgrind", ...args, scene.python, ...program];
}

/**
 * A command that reproduces the error with a new check, for people without this build: as it works in the project's folder. `affected` is not part of
 * it, since it could leave out the test file. Test files of a suite can't be given by name, so all of them run.
 */
export function checkCommand(settings: Settings, engine: EngineName, { file }: ReportedFinding["test"]): string {
  const { children, leakCheck, suppressions, configureArgs, valgrindArgs } = settings;
  const flags = {
    ...flagsOf(settings),
    ...(isCommand(settings.work) ? commandFlags(settings, engine) : testFlags(engine, file)),
    children: children && engine === "scan" ? "yes" : "",
    "leak-check": leakCheck === "live" ? "" : leakCheck,
    suppressions: wordsOf(suppressions.map((path) => inProject(path, settings))),
    "configure-args": wordsOf(configureArgs),
    "valgrind-args": wordsOf(valgrindArgs),
    "record-baseline": "never",
  };
  const given = Object.entries(flags).filter(([, value]) => value !== "");
  return wordsOf([CLONED_COMMAND, "check", ...given.flatMap(([name, value]) => [`--${name}`, value])]);
}

type Flags = Readonly<Record<string, string>>;

function flagsOf(settings: Pick<Settings, "source" | "workspace">): Flags {
  const { source } = settings;
  switch (source.kind) {
    case "release":
      return { "python-version": source.version };
    case "checkout":
      return { source: inProject(source.path, settings) };
    case "interpreter":
      return { python: interpreterFor(source.program, settings) };
  }
}

/** Programs outside of the project are elsewhere on another machine. */
function interpreterFor(program: string, settings: Pick<Settings, "workspace">): string {
  const path = inProject(program, settings);
  if (isAbsolute(path)) return basename(path);
  // Without a slash, it would be looked for in PATH.
  return path === program || path.includes("/") ? path : `./${path}`;
}

/** A path from the project's folder, as the settings read it; one that leads elsewhere stays as it is. */
function inProject(path: string, { workspace }: Pick<Settings, "workspace">): string {
  if (!isAbsolute(path) || !isInside(path, workspace)) return path;
  return relative(workspace, path) || ".";
}

function commandFlags(settings: Settings, engine: EngineName): Flags {
  const { work, install, passEnv } = settings;
  const words = work.kind === "command" || work.kind === "suite" ? shellWords(work) : [];
  return {
    command: wordsOf(words),
    directory: folderOf(settings),
    install: wordsOf(install),
    "pass-env": wordsOf(passEnv),
    ...(work.kind === "suite" ? suiteFlags(settings, engine) : {}),
  };
}

function suiteFlags({ forks, scan, memcheckBudget }: Settings, engine: EngineName): Flags {
  const budget = typeof memcheckBudget === "number" ? `${memcheckBudget}s` : memcheckBudget;
  return {
    fork: forks ? "" : "no",
    scan: scan.kind === "none" ? "none" : "",
    torture: engine === "torture" ? "all" : "",
    "memcheck-budget": memcheckBudget === SUITE_BUDGET_S ? "" : budget,
  };
}

function testFlags(engine: EngineName, file: string): Flags {
  const scan = engine === "scan" ? file : "none";
  if (engine === "lifecycle") return { scan };
  return { tests: file, scan, ...(engine === "torture" ? { torture: file } : {}) };
}

function wordsOf(words: readonly string[]): string {
  return words.map(quoteWord).join(" ");
}
