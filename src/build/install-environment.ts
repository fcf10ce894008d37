import { hash } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pythonName } from "../model/python-version.ts";
import { UserError } from "../model/user-error.ts";
import { acquireLock } from "../system/lock.ts";
import { removeFolder } from "../system/remove-folder.ts";
import type { Python } from "./build.ts";
import { installEnvironment } from "./build-variables.ts";
import { withExtensionFlags } from "./extension-flags.ts";
import { layOut } from "./installed-layout.ts";
import { lockOf, removeOldBuilds } from "./old-builds.ts";
import type { PreparedBuild, Tools } from "./prepare.ts";
import { inNewFolder } from "./setuptools-folder.ts";

/** Seconds. numpy takes some minutes. */
const LIMIT = 3600;

const SHOWN_LINES = 15;

interface Wish {
  /** Requirements for pip to install: `.[test]`. */
  readonly packages: readonly string[];
  /** The folder of the environment. */
  readonly directory: string;
  /** The checkout. */
  readonly workspace: string;
  readonly passEnv: readonly string[];
  readonly workDir: string;
  /** Whether each function needs a separate section (`affected: auto`). */
  readonly separatesFunctions: boolean;
}

/**
 * A new virtual environment of the interpreter, with the project and its test dependencies, compiled with symbols and frame pointers. The
 * command then runs there. Made for each check, so that it has the current project; pip has its own caches.
 * @throws UserError with the last lines of the log if pip fails.
 */
export async function inEnvironment(prepared: PreparedBuild, wish: Wish, tools: Tools): Promise<PreparedBuild> {
  const environments = join(wish.workDir, "environments");
  const folder = join(environments, hash("sha256", JSON.stringify([wish.directory, prepared.python.tree])).slice(0, 16));
  await mkdir(environments, { recursive: true });
  const lock = await acquireLock(lockOf(folder), tools.progress, { subject: "virtual environment" });
  try {
    const python = await install(prepared.python, wish, folder, tools);
    await removeOldBuilds(environments);
    return { ...prepared, python, [Symbol.asyncDispose]: () => lock[Symbol.asyncDispose]().then(() => prepared[Symbol.asyncDispose]()) };
  } catch (error) {
    await lock[Symbol.asyncDispose]();
    throw error;
  }
}

async function install(python: Python, wish: Wish, folder: string, { progress, processes }: Tools): Promise<Python> {
  await removeFolder(folder);
  await mkdir(folder, { recursive: true });
  const layout = join(folder, "python");
  const isOurs = python.objects === undefined;
  const program = isOurs ? await layOut(python.tree, pythonName(python), layout) : python.path;
  const venv = join(folder, "venv");
  const log = join(folder, "install.log");
  const given = withExtensionFlags(installEnvironment(processes.env, wish.passEnv, python), wish.separatesFunctions);
  const run = async (words: readonly [string, ...string[]], variables: Readonly<Record<string, string>> = {}): Promise<void> => {
    const [first, ...args] = words;
    // As if it were activated: CMake's FindPython takes the interpreter of VIRTUAL_ENV before all others.
    const env = { ...variables, ...given, VIRTUAL_ENV: venv };
    const ended = await processes.run(first, args, { cwd: wish.directory, env, timeout: LIMIT, logFile: log });
    if (ended.code !== 0) throw installFailed(words, log);
  };
  progress.update("creating a virtual environment");
  await run([program, "-m", "venv", venv]);
  progress.update(`pip install ${wish.packages.join(" ")}`);
  const path = join(venv, "bin", "python");
  const install = [path, "-m", "pip", "install", "--no-input", "--disable-pip-version-check", ...wish.packages] as const;
  // Other interpreters have other environments, but packages are compiled in the same folders.
  const place = join(dirname(folder), hash("sha256", wish.directory).slice(0, 16));
  await using _lock = await acquireLock(lockOf(place), progress, { subject: "project's build folder" });
  await inNewFolder(join(folder, "setuptools.cfg"), wish, (variables) => run([...install], variables));
  const roots = [...python.roots, ...(isOurs ? [layout] : [])];
  return { ...python, path, roots };
}

function installFailed(words: readonly string[], log: string): UserError {
  const lines = readFileSync(log, "utf8").trimEnd().split("\n").slice(-SHOWN_LINES).join("\n");
  return new UserError(`\`install\` failed: ${words.slice(1).join(" ")}.`, { hint: `${lines}\nIts log: ${log}` });
}
