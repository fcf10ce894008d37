import { type MemcheckOptions, memcheckArgs } from "../engines/memcheck/command.ts";
import { scanEnvironment } from "../engines/scan/environment.ts";
import type { EngineName } from "../model/engine-name.ts";
import type { ReportedFinding } from "../report/report.ts";
import type { Settings, Work } from "../settings/settings.ts";
import { quoteWord } from "../settings/shell-words.ts";

export interface ReproduceContext {
  readonly python: string;
  /** Of the probe: what a live check finds, only a live check shows again. */
  readonly runner: string;
  readonly options: Omit<MemcheckOptions, "xmlFolder">;
  readonly work: Work;
  /** What the scan preloads, where there was one. */
  readonly preloads: string | undefined;
}

const SAME_EVERY_TIME = ["PYTHONHASHSEED=0", "PYTHONMALLOC=malloc"];

/** The error again by hand, in the engine's own words: of one test file, of one test where it is known. */
export function reproduceCommand(scene: ReproduceContext, engine: EngineName, test: ReportedFinding["test"]): string {
  const match = test.id !== null && /^[\w.]+$/.test(test.id) ? ["-m", test.id] : [];
  const words =
    engine === "scan" && scene.preloads !== undefined
      ? ["env", ...SAME_EVERY_TIME, ...scanWords(scene.preloads), scene.python, scene.runner, "look", "--scan", test.file, ...match]
      : [...SAME_EVERY_TIME, ...memcheckWords(scene, test, match)];
  return words.map(quoteWord).join(" ");
}

function scanWords(preloads: string): readonly string[] {
  return Object.entries(scanEnvironment(preloads, "with names")).map(([name, value]) => `${name}=${value}`);
}

function memcheckWords(scene: ReproduceContext, test: ReportedFinding["test"], match: readonly string[]): readonly string[] {
  const args = memcheckArgs({ ...scene.options, xmlFolder: "" }).filter((arg) => !/^--(xml|tool|vgdb)/.test(arg));
  const start = scene.options.leakCheck === "live" ? [scene.runner, "look"] : ["-m", "test"];
  const program = scene.work.kind === "command" ? scene.work.words : [...start, test.file, ...match];
  return ["valgrind", ...args, scene.python, ...program];
}

/** The error again in a check of one's own, by people who have neither this build nor its folder. `CPYTHON` stands for a checkout of the change. */
export function checkCommand(settings: Settings, engine: EngineName, { file }: ReportedFinding["test"]): string {
  const { source, work, passEnv, leakCheck, configureArgs, valgrindArgs } = settings;
  const scan = engine === "scan" ? file : "none";
  const tests = work.kind === "command" ? { command: wordsOf(work.words), "pass-env": wordsOf(passEnv) } : { tests: file, scan };
  const flags = {
    ...(source.kind === "release" ? { "python-version": source.version } : { source: "CPYTHON" }),
    ...tests,
    "leak-check": work.kind !== "command" && leakCheck === "live" ? "" : leakCheck,
    "configure-args": wordsOf(configureArgs),
    "valgrind-args": wordsOf(valgrindArgs),
    "record-baseline": "never",
  };
  const given = Object.entries(flags).filter(([, value]) => value !== "");
  return ["npm", "run", "check", "--", ...given.flatMap(([name, value]) => [`--${name}`, value])].map(quoteWord).join(" ");
}

function wordsOf(words: readonly string[]): string {
  return words.map(quoteWord).join(" ");
}
