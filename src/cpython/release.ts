import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { UserError } from "../errors.ts";
import type { Progress } from "../ports.ts";
import { isAlive } from "../system/process-life.ts";
import type { Processes } from "../system/processes.ts";
import { type AptArchive, parseAptSources, sourceLines } from "./apt-archive.ts";

interface Tools {
  readonly progress: Progress;
  readonly processes: Processes;
}

/**
 * The folder of a release's source, from Debian's or Ubuntu's source packages: their upstream tarballs are CPython's own. `3.13` takes the
 * newest that the archive has; what was fetched before is taken as it is.
 */
export async function fetchRelease(wanted: string, workDir: string, tools: Tools): Promise<string> {
  const folder = join(workDir, "sources");
  await mkdir(folder, { recursive: true });
  await removeLeftovers(folder);
  const kept = newest(
    (await readdir(folder)).flatMap((name) => /^Python-(\d+\.\d+\.\d+)$/.exec(name)?.[1] ?? []),
    wanted,
  );
  if (kept !== undefined) {
    tools.progress.note(`CPython ${kept}, fetched before.`);
    return join(folder, `Python-${kept}`);
  }
  const tarball = await download(wanted, folder, tools);
  return await unpack(tarball, folder, tools.processes);
}

/** An own list of sources and an own state folder: the system's package lists stay as they are. */
async function download(wanted: string, folder: string, tools: Tools): Promise<string> {
  const apt = join(folder, "apt");
  await mkdir(join(apt, "lists", "partial"), { recursive: true });
  await mkdir(join(apt, "cache", "archives", "partial"), { recursive: true });
  await writeFile(join(apt, "sources.list"), sourceLines(await readAptArchive()).join("\n"));
  const options = [`Dir::Etc::SourceList=${apt}/sources.list`, "Dir::Etc::SourceParts=/dev/null", `Dir::State::Lists=${apt}/lists`];
  // What a mirror refuses once it may give a moment later.
  const patience = ["Acquire::Retries=3", "Acquire::http::Timeout=60", "Acquire::https::Timeout=60"];
  const args = [...options, ...patience, `Dir::Cache=${apt}/cache`, "APT::Sandbox::User=root"].flatMap((option) => ["-o", option]);
  tools.progress.update("reading the archive's list of sources");
  // A suite that the mirror lacks is no reason to give up the others; what is missing then shows below.
  await tools.processes.run("apt-get", [...args, "update"], { timeout: 600 });
  const name = `python${wanted.split(".").slice(0, 2).join(".")}`;
  const listed = await listVersions(name, wanted, args, tools.processes);
  if (listed.length === 0) throw new UserError(`This system's package archive has no source of CPython ${wanted}.`, { hint: OTHER_WAY });
  const failures: string[] = [];
  for (const version of listed) {
    tools.progress.update(`fetching CPython ${version}`);
    const ended = await tools.processes.run("apt-get", [...args, "source", "--download-only", "--tar-only", `${name}=${version}`], {
      cwd: folder,
      timeout: 1800,
    });
    const tarball = (await readdir(folder)).find((file) => file.startsWith(`${name}_${upstream(version)}.orig.tar.`));
    if (ended.code === 0 && tarball !== undefined) return join(folder, tarball);
    failures.push(`${version}: ${/^E: (.*)$/m.exec(ended.stderr)?.[1] ?? "no tarball came"}`);
    tools.progress.note(`CPython ${upstream(version)} is listed by the archive, but its source could not be fetched.`);
  }
  throw new UserError(`No source of CPython ${wanted} could be fetched.`, { hint: `${failures.join("\n")}\n${OTHER_WAY}` });
}

const OTHER_WAY = "Give a CPython checkout as `source` instead.";

async function readAptArchive(): Promise<AptArchive> {
  const parts = "/etc/apt/sources.list.d";
  const files = ["/etc/apt/sources.list", ...(await readdir(parts).catch(() => [])).map((name) => join(parts, name))];
  const texts = await Promise.all(files.map(async (file) => ({ file, text: await readFile(file, "utf8").catch(() => "") })));
  const archive = parseAptSources(texts, await readFile("/etc/os-release", "utf8").catch(() => ""));
  if (archive !== undefined) return archive;
  throw new UserError("Releases are fetched through apt, and this system's apt sources name no Debian or Ubuntu archive.", {
    hint: OTHER_WAY,
  });
}

/** Debian's versions that give the wanted release, newest first. */
async function listVersions(name: string, wanted: string, args: readonly string[], processes: Processes): Promise<string[]> {
  const { stdout } = await processes.run("apt-cache", [...args, "showsrc", "--only-source", name]);
  const versions = [...stdout.matchAll(/^Version: (\S+)$/gm)].map((match) => match[1] ?? "");
  const fitting = versions.filter((version) => isWanted(upstream(version), wanted));
  return [...new Set(fitting)].sort((a, b) => compareVersions(upstream(b), upstream(a)));
}

/** `1:3.13.5-2+deb13u5` is 3.13.5. */
function upstream(version: string): string {
  return version.replace(/^\d+:/, "").replace(/-[^-]*$/, "");
}

function isWanted(version: string, wanted: string): boolean {
  return /^\d+\.\d+\.\d+$/.test(version) && (version === wanted || version.startsWith(`${wanted}.`));
}

function newest(versions: readonly string[], wanted: string): string | undefined {
  return versions.filter((version) => isWanted(version, wanted)).sort((a, b) => compareVersions(b, a))[0];
}

function compareVersions(a: string, b: string): number {
  const [left, right] = [a.split(".").map(Number), b.split(".").map(Number)];
  return left.map((part, index) => part - (right[index] ?? 0)).find((difference) => difference !== 0) ?? 0;
}

/** Of checks that were killed while they unpacked. */
async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const pid = /^unpacking-(\d+)$/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** The folder appears when it is whole. */
async function unpack(tarball: string, folder: string, processes: Processes): Promise<string> {
  const version = /_(\d+\.\d+\.\d+)\.orig/.exec(basename(tarball))?.[1] ?? "";
  const aside = join(folder, `unpacking-${process.pid}`);
  await rm(aside, { recursive: true, force: true });
  await mkdir(aside);
  await processes.output("tar", ["-x", "--strip-components=1", "-f", tarball, "-C", aside]);
  const target = join(folder, `Python-${version}`);
  if (existsSync(target)) await rm(aside, { recursive: true });
  else await rename(aside, target);
  return target;
}
