import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Progress } from "../model/progress.ts";
import { minorVersion } from "../model/python-version.ts";
import { UserError } from "../model/user-error.ts";
import { acquireLock } from "../system/lock.ts";
import type { Ended, Processes } from "../system/processes.ts";
import { removeFolder } from "../system/remove-folder.ts";
import { type AptArchive, parseAptSources, sourceLines } from "./apt-archive.ts";
import { openFetched, recordFetched } from "./fetched-source.ts";
import { openSource, type SourceTree } from "./source.ts";

interface Tools {
  readonly progress: Progress;
  readonly processes: Processes;
}

/** Seconds: the maximum duration of two fetches. */
const LOCK_LIMIT_S = 3600;

/**
 * A release's source, from Debian's or Ubuntu's source packages: their upstream tarballs are CPython's own. `3.13` uses the newest version in
 * the archive. A fetched source is reused while it is unchanged: tests can write there.
 */
export async function fetchRelease(wanted: string, workDir: string, tools: Tools): Promise<SourceTree> {
  const folder = join(workDir, "sources");
  // Two runs of apt must not share a state folder, and no check may remove files that another one reads.
  await using _lock = await acquireLock(join(folder, "lock"), tools.progress, {
    subject: "folder of fetched sources",
    limit: LOCK_LIMIT_S,
  });
  await removeLeftovers(folder);
  const kept = await openKept(wanted, folder, tools);
  if (kept !== undefined) return kept;
  const tarball = await download(wanted, folder, tools);
  const path = await unpack(tarball, folder, tools.processes);
  const source = await openSource(path, tools.processes);
  await recordFetched(path, source);
  return source;
}

async function openKept(wanted: string, folder: string, { progress, processes }: Tools): Promise<SourceTree | undefined> {
  const version = newest(
    (await readdir(folder)).flatMap((name) => /^Python-(\d+\.\d+\.\d+)$/.exec(name)?.[1] ?? []),
    wanted,
  );
  if (version === undefined) return undefined;
  const path = join(folder, `Python-${version}`);
  const source = await openFetched(path, processes);
  progress.note(
    source === undefined
      ? `CPython ${version} was changed after it was fetched; fetching it again.`
      : `CPython ${version}, fetched before.`,
  );
  if (source === undefined) await removeFolder(path);
  return source;
}

/** A separate list of sources and state folder: the system's package lists are not changed. */
async function download(wanted: string, folder: string, tools: Tools): Promise<string> {
  const apt = join(folder, "apt");
  await mkdir(join(apt, "lists", "partial"), { recursive: true });
  await mkdir(join(apt, "cache", "archives", "partial"), { recursive: true });
  await writeFile(join(apt, "sources.list"), sourceLines(await readAptArchive()).join("\n"));
  const options = [`Dir::Etc::SourceList=${apt}/sources.list`, "Dir::Etc::SourceParts=/dev/null", `Dir::State::Lists=${apt}/lists`];
  // A mirror may serve later what it just refused.
  const patience = ["Acquire::Retries=3", "Acquire::http::Timeout=60", "Acquire::https::Timeout=60"];
  const args = [...options, ...patience, `Dir::Cache=${apt}/cache`, "APT::Sandbox::User=root"].flatMap((option) => ["-o", option]);
  tools.progress.update("reading the archive's list of sources");
  // If the mirror lacks a suite, the others are still used; a missing version shows below.
  const update = await tools.processes.run("apt-get", [...args, "update"], { timeout: 600 });
  const name = `python${minorVersion(wanted)}`;
  const listed = await listVersions(name, wanted, args, tools.processes);
  if (listed.length === 0) throw whyNotListed(wanted, update);
  // Tests may have left one under a suffix that the archive does not use.
  for (const file of (await readdir(folder)).filter((one) => TARBALL.test(one))) await removeFolder(join(folder, file));
  const failures: string[] = [];
  for (const version of listed) {
    tools.progress.update(`fetching CPython ${version}`);
    const ended = await tools.processes.run("apt-get", [...args, "source", "--download-only", "--tar-only", `${name}=${version}`], {
      cwd: folder,
      timeout: 1800,
    });
    const tarball = (await readdir(folder)).find((file) => file.startsWith(`${name}_${upstream(version)}.orig.tar.`));
    if (ended.code === 0 && tarball !== undefined) return join(folder, tarball);
    failures.push(`${version}: ${/^E: (.*)$/m.exec(ended.stderr)?.[1] ?? "no tarball was fetched"}`);
    tools.progress.note(`CPython ${upstream(version)} is listed by the archive, but its source could not be fetched.`);
  }
  throw new UserError(`No source of CPython ${wanted} could be fetched.`, { hint: `${failures.join("\n")}\n${OTHER_WAY}` });
}

/** Distinguishes a failed update from a version that the archive lacks. Exported for its tests. */
export function whyNotListed(wanted: string, { code, timedOut, stderr }: Pick<Ended, "code" | "timedOut" | "stderr">): UserError {
  // apt also exits with success if it could not fetch some lists, and only warns; it warns of other things, too.
  const warnings = [...stderr.matchAll(/^[EW]: .*$/gm)].map(([line]) => line);
  const said = warnings.filter((line) => code !== 0 || /fail/i.test(line)).slice(0, MAX_APT_LINES);
  if (code === 0 && said.length === 0)
    return new UserError(`This system's package archive has no source of CPython ${wanted}.`, { hint: OTHER_WAY });
  const how = timedOut ? "took too long" : code === 0 ? "could not read all lists" : `failed with exit code ${code}`;
  const hint = `${(said.length > 0 ? said : [stderr.trim().slice(-500)]).join("\n")}\nCheck the network and apt's sources. ${OTHER_WAY}`;
  return new UserError(`CPython ${wanted} cannot be fetched: \`apt-get update\` ${how}.`, { hint });
}

const MAX_APT_LINES = 5;

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

/** Remains of checks that were killed while unpacking: the lock guarantees that no other check uses them. */
async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) if (name.startsWith(UNPACKING)) await removeFolder(join(folder, name));
}

const UNPACKING = "unpacking-";

const TARBALL = /^python[^/]*_.*\.orig\.tar\./;

/** The folder appears only when it is complete. */
async function unpack(tarball: string, folder: string, processes: Processes): Promise<string> {
  const version = /_(\d+\.\d+\.\d+)\.orig/.exec(basename(tarball))?.[1] ?? "";
  const aside = join(folder, `${UNPACKING}${version}`);
  await mkdir(aside);
  await processes.output("tar", ["-x", "--no-same-owner", "--strip-components=1", "-f", tarball, "-C", aside]);
  const target = join(folder, `Python-${version}`);
  await removeFolder(target);
  await rename(aside, target);
  return target;
}
