import { hash } from "node:crypto";
import { copyFile, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import * as v from "valibot";

const SEAL = "seal.json";

const SealSchema = v.object({ sealVersion: v.literal(1), files: v.record(v.string(), v.string()) });

/** Files that Python would import, or read instead of a script. */
const IMPORTABLE = /\.(py|pyc|pth|so)$/;

/** Records the hashes of a probe's compiled files, and which of them are missing, before any test runs. */
export async function sealProbe(folder: string, compiled: readonly string[]): Promise<void> {
  const files = Object.fromEntries(await Promise.all(compiled.map(async (path) => [basename(path), await hashOf(path)])));
  await rm(join(folder, SEAL), { force: true, recursive: true });
  await writeFile(join(folder, SEAL), JSON.stringify({ sealVersion: 1, files }), { flag: "wx" });
}

/**
 * Whether a probe's compiled files are unchanged. Tests can write to the folder that Python imports the probe from: our scripts are copied
 * again, and other importable files are removed.
 */
export async function restoreProbe(folder: string, compiled: readonly string[], scripts: readonly string[]): Promise<boolean> {
  const names = new Set([...compiled, ...scripts].map((path) => basename(path)));
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    if (entry.isDirectory() || (IMPORTABLE.test(entry.name) && !names.has(entry.name)))
      await rm(join(folder, entry.name), { recursive: true, force: true });
  }
  const text = await readFile(join(folder, SEAL), "utf8").catch(() => "");
  const seal = v.safeParse(v.pipe(v.string(), v.parseJson(), SealSchema), text);
  if (!seal.success) return false;
  const hashes = await Promise.all(compiled.map(hashOf));
  if (hashes.some((found, index) => found !== seal.output.files[basename(compiled[index] ?? "")])) return false;
  await placeScripts(folder, scripts);
  return true;
}

/** Creates new files, replacing whatever is there. */
export async function placeScripts(folder: string, scripts: readonly string[]): Promise<void> {
  for (const script of scripts) {
    const place = join(folder, basename(script));
    await rm(place, { recursive: true, force: true });
    await copyFile(script, place);
  }
}

/** Identifies an interpreter with its probe by content: a test of one proves nothing about another. */
export async function proofKey(python: string, probe: string): Promise<string> {
  const names = (await readdir(probe)).filter((name) => IMPORTABLE.test(name)).sort();
  const hashes = await Promise.all([python, ...names.map((name) => join(probe, name))].map(hashOf));
  return hash("sha256", JSON.stringify([names, hashes]));
}

/** Undefined if it can't be read. */
async function hashOf(path: string): Promise<string | undefined> {
  const content = await readFile(path).catch(() => undefined);
  return content && hash("sha256", content);
}
