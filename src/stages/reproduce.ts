import { type MemcheckOptions, memcheckArgs } from "../engines/memcheck/memcheck-args.ts";
import { scanEnvironment, type Unwinder } from "../engines/scan/scan-environment.ts";
import { OF_EXTENSIONS } from "../engines/torture/torture-engine.ts";
import type { EngineName } from "../model/engine-name.ts";
import type { ReportedFinding } from "../report/reported-finding.ts";
import { shellWords } from "../settings/command.ts";
import type { Settings } from "../settings/settings.ts";
import { quoteWord } from "../settings/shell-words.ts";
import type { Work } from "../settings/work.ts";

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

/** A command that reproduces the error with a new check, for people without this build. `CPYTHON` stands for a checkout of the change. */
export function checkCommand(settings: Settings, engine: EngineName, { file }: ReportedFinding["test"]): string {
  const { source, work, install, passEnv, leakCheck, children, configureArgs, valgrindArgs } = settings;
  const scan = engine === "scan" ? file : "none";
  const command = work.kind === "command" || work.kind === "suite" ? wordsOf(shellWords(work)) : undefined;
  const tests =
    engine === "lifecycle"
      ? { scan }
      : command === undefined
        ? { tests: file, scan }
        : { command, install: wordsOf(install), "pass-env": wordsOf(passEnv) };
  const torture: Readonly<Record<string, string>> = engine === "torture" ? { torture: file } : {};
  const flags = {
    ...flagsOf(source),
    ...tests,
    ...torture,
    children: children && engine === "scan" ? "yes" : "",
    "leak-check": leakCheck === "live" ? "" : leakCheck,
    "configure-args": wordsOf(configureArgs),
    "valgrind-args": wordsOf(valgrindArgs),
    "record-baseline": "never",
  };
  const given = Object.entries(flags).filter(([, value]) => value !== "");
  return ["npm", "run", "check", "--", ...given.flatMap(([name, value]) => [`--${name}`, value])].map(quoteWord).join(" ");
}

function flagsOf(source: Settings["source"]): Readonly<Record<string, string>> {
  switch (source.kind) {
    case "release":
      return { "python-version": source.version };
    case "checkout":
      return { source: "CPYTHON" };
    case "interpreter":
      return { python: source.program };
  }
}

function wordsOf(words: readonly string[]): string {
  return words.map(quoteWord).join(" ");
}
