import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../errors.ts";
import { serveArgs } from "../running/control.ts";
import type { Engine } from "../running/engine.ts";
import type { Laboratory } from "../running/job.ts";
import { readJournal } from "./journal.ts";
import { isSuppressed, type LeakSuppression } from "./suppressions.ts";
import { Symbols } from "./symbols.ts";

/** Documented in the sanitizers' wiki, SanitizerCommonFlags and AddressSanitizerLeakSanitizer. */
const LSAN_OPTIONS = [
  // Only the probe asks for checks.
  "leak_check_at_exit=0",
  "report_objects=1",
  // We ask for names ourselves, once for all processes.
  "symbolize=0",
  // As many frames as memcheck keeps, found by frame pointers: the other way takes twenty times as long.
  "malloc_context_size=30",
  "fast_unwind_on_malloc=1",
].join(":");

/**
 * The same build with the leak sanitizer's runtime preloaded: leaks only, at close to native speed. What the child of a test leaks is not seen,
 * as under memcheck.
 */
export function scanEngine(lab: Laboratory, runtime: string, suppressions: readonly LeakSuppression[]): Engine {
  const symbols = new Symbols(lab.processes);
  return {
    name: "scan",
    title: "the leak sanitizer",
    proof: ["leak"],
    suffix: "jsonl",
    read: (path) => readJournal(path, symbols, (error) => isSuppressed(error, suppressions)),
    start: (job, folder, output) =>
      lab.processes.start(lab.python.path, [...serveArgs(lab, folder), "--scan"], {
        cwd: job.cwd,
        env: { ...job.env, LD_PRELOAD: preloads(lab.python.probe.preload, runtime), LSAN_OPTIONS },
        stdio: ["pipe", output, output, "pipe"],
      }),
    whyNotStarted,
  };
}

/** @throws UserError for a path that the dynamic linker would take for two (ld.so(8)). */
function preloads(...paths: readonly string[]): string {
  const bad = paths.find((path) => /[\s:]/.test(path));
  if (bad === undefined) return paths.join(":");
  throw new UserError(`${bad} cannot be preloaded: the dynamic linker takes blanks and colons for the end of a path.`, {
    hint: "Another `work-dir` helps, or `scan: none`.",
  });
}

/** What the runtime says when it gives up goes where its report would. */
async function whyNotStarted(folder: string): Promise<string | undefined> {
  const names = (await readdir(folder)).filter((name) => /\.(leaks|log)$/.test(name));
  const words = (await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")))).join("\n");
  if (/LeakSanitizer has encountered a fatal error|failed to (attach|stop)|under ptrace/i.test(words))
    return "it may not stop a process by ptrace. A container needs `--cap-add=SYS_PTRACE`; `scan: none` does without.";
  if (/cannot be preloaded/.test(words)) return "its runtime cannot be preloaded into this build. `scan: none` does without.";
  return undefined;
}
