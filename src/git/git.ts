import { existsSync, readdirSync, statSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { UserError } from "../model/user-error.ts";
import type { Ended, Processes, RunOptions } from "../system/processes.ts";

/** Runs a read-only git command. */
export type Git = (args: readonly string[], options?: Pick<RunOptions, "onLine" | "onBytes" | "timeout">) => Promise<Ended>;

/** The absolute paths of a checkout's parts. */
interface Places {
  readonly workTree: string;
  readonly objects: string;
  readonly index: string;
  readonly exclude: string;
  /** `sha1` or `sha256`. */
  readonly objectFormat: string;
}

/**
 * Gives git a temporary repository with the checkout's objects and index, and our own configuration. Many settings of the checkout name
 * programs, some under arbitrary names: filters, external diffs, monitors, hooks, remotes for missing objects. Git can't run what it does not
 * read.
 * @throws UserError if the folder is not in a git checkout.
 */
export async function withGit<Result>(path: string, processes: Processes, use: (git: Git) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "cpython-memcheck-git-"));
  try {
    const places = await findPlaces(path, folder, processes);
    await makeRepository(join(folder, "git"), places);
    const excludes = await globalExcludes(processes);
    const env = {
      ...withoutConfiguration(folder, processes.env),
      GIT_DIR: join(folder, "git"),
      GIT_WORK_TREE: places.workTree,
      GIT_OBJECT_DIRECTORY: places.objects,
      GIT_INDEX_FILE: places.index,
    };
    const own = ["-c", "core.quotePath=false", ...(excludes === "" ? [] : ["-c", `core.excludesFile=${excludes}`])];
    return await use((args, options) => processes.run("git", [...own, ...args], { ...options, cwd: path, env }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The checked-out commit; null if the source is not a git checkout. */
export async function commitOf(path: string, processes: Processes): Promise<string | null> {
  if (!existsSync(join(path, ".git"))) return null;
  const ended = await askCheckout(path, processes, ["rev-parse", "HEAD"]);
  return ended.code === 0 ? ended.stdout.trim() : null;
}

/** The URL that a checkout was fetched from; empty if it has none. */
export async function originOf(path: string, processes: Processes): Promise<string> {
  return (await askCheckout(path, processes, ["config", "--get", "remote.origin.url"])).stdout.trim();
}

async function askCheckout(path: string, processes: Processes, args: readonly string[]): Promise<Ended> {
  const folder = await mkdtemp(join(tmpdir(), "cpython-memcheck-git-"));
  try {
    return await readCheckout(path, folder, processes, args);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Only for `git rev-parse` and `git config`: they read the checkout's configuration, but start no program. */
async function readCheckout(path: string, folder: string, processes: Processes, args: readonly string[]): Promise<Ended> {
  // Git refuses another user's checkout (as in containers) because of programs in its configuration. Before 2.38 only a file can allow it.
  await writeFile(join(folder, "global"), "[safe]\n\tdirectory = *\n");
  const options = ["-c", "safe.directory=*", "-c", "core.fsmonitor=false"];
  return await processes.run("git", [...options, ...args], { cwd: path, env: withoutConfiguration(folder, processes.env) });
}

/** An older git than 2.31 does not know it, and prints it. */
const PATH_FORMAT = "--path-format=absolute";

async function findPlaces(path: string, folder: string, processes: Processes): Promise<Places> {
  const paths = ["objects", "index", "info/exclude"].flatMap((name) => ["--git-path", name]);
  const args = [PATH_FORMAT, "--show-toplevel", ...paths, "--show-object-format"];
  const ended = await readCheckout(path, folder, processes, ["rev-parse", ...args]);
  if (ended.stdout.startsWith(PATH_FORMAT)) throw new UserError(`git is too old for the checkout ${path}: 2.31 or newer is needed.`);
  if (ended.code !== 0) throw new UserError(`git cannot read the checkout ${path}.`, { hint: ended.stderr.trim() });
  const [workTree, objects, index, exclude, objectFormat, ...rest] = ended.stdout.trimEnd().split("\n");
  if (!workTree || !objects || !index || !exclude || !objectFormat || rest.length > 0) {
    throw new UserError(`git gives no usable paths for the checkout ${path}.`, {
      hint: "Its path must not contain a line break.",
    });
  }
  return { workTree, objects, index, exclude, objectFormat };
}

/** The minimum that git accepts as a repository (gitrepository-layout(5)). */
async function makeRepository(folder: string, { index, exclude, objectFormat }: Places): Promise<void> {
  for (const name of ["objects", "refs", "info"]) await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, "HEAD"), "ref: refs/heads/none\n");
  const extensions = `[extensions]\n\tobjectFormat = ${objectFormat}\n`;
  await writeFile(join(folder, "config"), `[core]\n\trepositoryFormatVersion = 1\n\tbare = false\n${extensions}`);
  if (statSync(exclude, { throwIfNoEntry: false })?.isFile()) await copyFile(exclude, join(folder, "info", "exclude"));
  // A split index names its other part, which git looks for in the repository.
  const shared = existsSync(dirname(index)) ? readdirSync(dirname(index)).filter((name) => name.startsWith("sharedindex.")) : [];
  for (const name of shared) await symlink(join(dirname(index), name), join(folder, basename(name)));
}

/** The user's global file of ignore patterns; "" if the configuration names none. It is a path, not a program. */
async function globalExcludes(processes: Processes): Promise<string> {
  const env = { ...withoutVariables(processes.env), GIT_DIR: "/dev/null" };
  const ended = await processes.run("git", ["config", "--type=path", "--get", "core.excludesFile"], { cwd: "/", env });
  return ended.code === 0 ? ended.stdout.trimEnd() : "";
}

function withoutConfiguration(folder: string, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const only = { GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: join(folder, "global"), GIT_ATTR_NOSYSTEM: "1" };
  return { ...withoutVariables(env), ...only, GIT_OPTIONAL_LOCKS: "0", GIT_NO_LAZY_FETCH: "1", GIT_ALLOW_PROTOCOL: "" };
}

/** Git's own variables also name programs. */
function withoutVariables(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("GIT_")));
}
