// Runs test files with a real CPython, two at a time: most of a check is the start of one interpreter under memcheck, so a single check would leave a core
// idle.
import { spawn } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** A variable that `__tests__/support/command.ts` reads. */
const VARIABLE = "CPYTHON_MEMCHECK_TEST_WORK_DIR";

/** Work folders. Checks that share one wait for each other's builds. */
const WORK_DIR = process.env[VARIABLE] ?? join(homedir(), ".cache", "cpython-memcheck");
const WORK_DIRS = [WORK_DIR, `${WORK_DIR}-2`];

const NODE = ["--disable-warning=ExperimentalWarning"];

/** Runs each file in a separate process and prints its output when it has ended. Returns those that failed. */
export async function runSideBySide(files: readonly string[]): Promise<readonly string[]> {
  for (const folder of WORK_DIRS) if (!(await hasBuild(folder))) return ["CPython does not build"];
  const failed: string[] = [];
  // The slowest file must not come last. The size of a file is a guess at its duration.
  const left = files.toSorted((a, b) => statSync(b).size - statSync(a).size);
  const work = async (folder: string): Promise<void> => {
    for (let file = left.shift(); file !== undefined; file = left.shift()) {
      console.log(`${file} …`);
      const { code, text } = await runNode([...NODE, "--test", "--test-reporter=spec", file], { ...process.env, [VARIABLE]: folder });
      process.stdout.write(`\n${file}\n${text}`);
      if (code !== 0) failed.push(file);
    }
  };
  await Promise.all(WORK_DIRS.map(work));
  return failed;
}

/** Builds CPython if the folder has none. The second folder takes the first one's build from the cache. */
async function hasBuild(folder: string): Promise<boolean> {
  if (isBuilt(folder)) return true;
  console.log(`Fetching and building CPython 3.13 in ${folder}`);
  const places = ["--work-dir", folder, "--build-cache", join(WORK_DIR, "test-build-cache"), "--record-baseline", "never"];
  const words = ["dist/cli.js", "check", "--python-version", "3.13", "--scan", "none", "--tests", "test_bisect", ...places];
  const { code, text } = await runNode(words, process.env);
  // Without a baseline there is nothing to compare with.
  if (code !== 2 || !isBuilt(folder)) console.log(text);
  return isBuilt(folder);
}

function isBuilt(folder: string): boolean {
  const builds = join(folder, "builds");
  const names = existsSync(builds) ? readdirSync(builds) : [];
  return names.some((name) => name.startsWith("3.13.") && existsSync(join(builds, name, "stamp.json")));
}

function runNode(args: readonly string[], env: NodeJS.ProcessEnv): Promise<{ readonly code: number | null; readonly text: string }> {
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "pipe"] });
    let text = "";
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (piece: string) => (text += piece));
    child.once("error", failed);
    child.once("close", (code) => done({ code, text }));
  });
}
