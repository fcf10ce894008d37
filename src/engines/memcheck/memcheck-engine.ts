import { closeSync, createReadStream, openSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { CONTROL, serveArgs, WORKER_LIMIT } from "../control.ts";
import type { Engine } from "../engine.ts";
import type { RunContext } from "../job.ts";
import type { SelfTest } from "../self-test.ts";
import { type MemcheckOptions, memcheckArgs } from "./memcheck-args.ts";
import { readMemcheckXml } from "./xml-reader.ts";

/** The descriptor of memcheck's log, after the control pipe. */
const MEMCHECK_LOG = CONTROL + 1;

export const MEMCHECK: Pick<Engine, "name" | "title" | "proof" | "suffix" | "read"> = {
  name: "memcheck",
  title: "memcheck",
  proof: ["read", "leak"],
  suffix: "xml",
  read: (path) => readMemcheckXml(createReadStream(path)),
};

/** Valgrind keeps its translations in a fork: a worker's child takes a fraction of a second, a new start many seconds. */
export function memcheckEngine(runContext: RunContext, options: Omit<MemcheckOptions, "xmlFolder">): Engine {
  return {
    ...MEMCHECK,
    start: (job, folder, output) =>
      withMemcheckLog(folder, ({ memcheckLog, descriptor, args }) => {
        const interpreter = [runContext.python.path, ...serveArgs(runContext, folder, ["--memcheck-log", memcheckLog])];
        const words = [...memcheckArgs({ ...options, xmlFolder: folder }), ...args, ...interpreter];
        const stdio = ["pipe", output, output, "pipe", descriptor] as const;
        return runContext.processes.start("valgrind", words, {
          cwd: job.cwd,
          env: job.env,
          stdio: [...stdio],
          timeout: WORKER_LIMIT,
        });
      }),
    whyNotStarted: async () => undefined,
  };
}

/** @param valgrind version */
export function memcheckSelfTest(
  runContext: RunContext,
  options: Omit<MemcheckOptions, "xmlFolder">,
  env: Readonly<Record<string, string>>,
  valgrind: string,
): SelfTest {
  return {
    engine: MEMCHECK,
    tool: `valgrind-${valgrind}`,
    whyNotStarted: async () => undefined,
    remedy: "`leak-check: exit` and `leak-check: none` still work.",
    run: async (script, folder) => {
      const ended = await withMemcheckLog(folder, ({ memcheckLog, descriptor, args }) => {
        const program = [runContext.python.path, script, "memcheck", folder, memcheckLog];
        const words = [...memcheckArgs({ ...options, xmlFolder: folder }), ...args, ...program];
        const stdio = ["ignore", "pipe", "pipe", "ignore", descriptor] as const;
        return runContext.processes.start("valgrind", words, { cwd: folder, env, timeout: SELF_TEST_LIMIT, stdio: [...stdio] }).ended;
      });
      // Memcheck explains there why it could not start.
      const memcheck = await readFile(join(folder, "memcheck.log"), "utf8");
      return { ...ended, stderr: `${ended.stderr}${memcheck}` };
    },
  };
}

/** Seconds. It takes seven on two cores. */
const SELF_TEST_LIMIT = 600;

/** Memcheck answers the probe's requests about lost blocks in its log, a file that the probe reads. */
function withMemcheckLog<Result>(
  folder: string,
  start: (log: { readonly memcheckLog: string; readonly descriptor: number; readonly args: readonly string[] }) => Result,
): Result {
  const memcheckLog = join(folder, "memcheck.log");
  writeFileSync(memcheckLog, "");
  const descriptor = openSync(memcheckLog, "a");
  try {
    return start({ memcheckLog, descriptor, args: [`--log-fd=${MEMCHECK_LOG}`] });
  } finally {
    closeSync(descriptor);
  }
}
