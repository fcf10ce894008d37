import { type MemcheckOptions, memcheckArgs } from "../memcheck/command.ts";
import type { Work } from "../settings.ts";
import { quoteWord } from "../shell-words.ts";
import type { ReportedFinding } from "./report.ts";

interface Scene {
  readonly python: string;
  /** Of the probe: what a live check finds, only a live check shows again. */
  readonly runner: string;
  readonly options: Omit<MemcheckOptions, "xmlFolder">;
  readonly work: Work;
}

/** The error again by hand: memcheck's plain text for one test file, for one test where it is known. */
export function reproduceCommand(scene: Scene, test: ReportedFinding["test"]): string {
  const args = memcheckArgs({ ...scene.options, xmlFolder: "" }).filter((arg) => !/^--(xml|tool|vgdb)/.test(arg));
  const match = test.id !== null && /^[\w.]+$/.test(test.id) ? ["-m", test.id] : [];
  const start = scene.options.leakCheck === "live" ? [scene.runner, "look"] : ["-m", "test"];
  const program = scene.work.kind === "command" ? scene.work.words : [...start, test.file, ...match];
  const words = ["PYTHONHASHSEED=0", "PYTHONMALLOC=malloc", "valgrind", ...args, scene.python, ...program];
  return words.map(quoteWord).join(" ");
}
