import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { newProcesses, WORK_DIR } from "../../bench/rig.ts";
import { build } from "../watch.ts";

const FOLDER = join(WORK_DIR, "extensions");

const TOOLS = join(FOLDER, "tools");

/**
 * The source of a release, unpacked into a separate folder. It stays there, so that it is fetched only once.
 */
export async function fetchSource(name: string, version: string): Promise<string> {
  const folder = join(FOLDER, `${name}-${version}`);
  if (existsSync(folder)) return folder;
  const processes = newProcesses();
  const pip = await providePip();
  const aside = join(FOLDER, `${name}-${version}.new`);
  await rm(aside, { recursive: true, force: true });
  await mkdir(aside, { recursive: true });
  await processes.output(pip, ["download", "--quiet", "--no-deps", "--no-binary", name, "--dest", aside, `${name}==${version}`]);
  const archive = (await readdir(aside)).find((file) => file.endsWith(".tar.gz"));
  if (archive === undefined) throw new Error(`pip has fetched no source of ${name} ${version}.`);
  await processes.output("tar", ["--extract", "--file", join(aside, archive), "--directory", aside, "--strip-components=1"]);
  await rm(join(aside, archive));
  await rename(aside, folder);
  return folder;
}

/** A folder in place of the source of a project that is installed as a wheel. Its name decides which shared objects are the project's. */
export async function standIn(name: string): Promise<string> {
  const folder = join(FOLDER, `${name}-wheel`);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "pyproject.toml"), `[project]\nname = "${name}"\n`);
  return folder;
}

/** A pip of the checked Python version: pip selects releases that support its own version. */
async function providePip(): Promise<string> {
  const pip = join(TOOLS, "bin", "pip");
  if (existsSync(pip)) return pip;
  await using prepared = await build({ "python-version": "3.13" }, 2);
  await newProcesses().output(prepared.python.path, ["-m", "venv", TOOLS]);
  return pip;
}
