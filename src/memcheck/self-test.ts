import { existsSync, writeFileSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { UserError } from "../errors.ts";
import { SELF_TEST_PASSED } from "../probe/compile.ts";
import type { Laboratory } from "../running/job.ts";
import { type MemcheckOptions, memcheckArgs } from "./command.ts";
import { withMemcheckLog } from "./engine.ts";

/**
 * Before a live check is believed on a build, one leak of each kind is planted under this valgrind and must be found, and a living object of
 * each kind must not be. Done once: the result stands beside the probe, which is compiled for this build.
 * @throws UserError that names the kinds.
 */
export async function requireSelfTest(
  lab: Laboratory,
  options: Omit<MemcheckOptions, "xmlFolder">,
  env: Readonly<Record<string, string>>,
  valgrind: string,
): Promise<void> {
  const probe = dirname(lab.python.probe.runner);
  const passed = join(probe, `${SELF_TEST_PASSED}-valgrind-${valgrind}`);
  if (existsSync(passed)) return;
  const folder = join(lab.folder, "self-test");
  await mkdir(folder, { recursive: true });
  const log = join(folder, "output.log");
  const ended = await withMemcheckLog(folder, ({ memcheckLog, descriptor, args }) => {
    const program = [lab.python.path, join(probe, "selftest.py"), folder, memcheckLog];
    const words = [...memcheckArgs({ ...options, xmlFolder: folder }), ...args, ...program];
    return lab.processes.start("valgrind", words, {
      cwd: folder,
      env,
      timeout: 600,
      stdio: ["ignore", "pipe", "pipe", "ignore", descriptor],
    }).ended;
  });
  const memcheck = await readFile(join(folder, "memcheck.log"), "utf8");
  writeFileSync(log, ended.stdout + ended.stderr + memcheck);
  if (ended.code === 0) return writeFileSync(passed, await readFile(log));
  const failures = ended.stdout.split("\n").filter((line) => /^NOT FOUND|^REPORTED/.test(line));
  // Memcheck says itself what it could not do.
  const [what, words] = failures.length > 0 ? ["not every planted leak was found", failures] : ["it ended early", lastLines(memcheck)];
  throw new UserError(`The live leak check does not work on this CPython: ${what}.`, {
    hint: `${words.join("\n")}\nAll of it: ${log}\n\`leak-check: exit\` does without.`,
  });
}

const MOST_LINES = 10;

function lastLines(text: string): readonly string[] {
  return text.trim().split("\n").slice(-MOST_LINES);
}
