import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { PreparedBuild } from "../build/prepare.ts";
import { type Relaxation, suppressionsIn } from "../findings/relaxation.ts";
import { type LeakSuppression, parseLeakSuppressions } from "../findings/suppression-file.ts";
import type { Settings } from "../settings/settings.ts";
import { repositoryOf } from "./preparation.ts";

type Folders = Pick<Settings, "source" | "workspace" | "suppressions">;

const CPYTHONS = "Misc/valgrind-python.supp";

/** The suppressions of the CPython source under test, and those in the settings. */
export async function readSuppressions(settings: Folders, { source }: Pick<PreparedBuild, "source">): Promise<readonly Relaxation[]> {
  const own = { file: CPYTHONS, path: join(source.path, CPYTHONS) };
  return await readAll([own, ...furtherIn(settings)], suppressionsIn);
}

/**
 * Those of leaks, as the build has them, which is in a folder of the check: they are named as in the repository.
 * @param all CPython's, and possibly more
 */
export async function readLeakSuppressions(settings: Folders, all: string): Promise<readonly LeakSuppression[]> {
  return await readAll([{ file: CPYTHONS, path: all }, ...furtherIn(settings)], parseLeakSuppressions);
}

interface Named {
  /** The name that the reader knows: in the repository if it is there. */
  readonly file: string;
  readonly path: string;
}

function furtherIn(settings: Folders): readonly Named[] {
  const project = `${repositoryOf(settings)}/`;
  return settings.suppressions.map((path) => ({ file: path.startsWith(project) ? path.slice(project.length) : path, path }));
}

async function readAll<Entry>(files: readonly Named[], parse: (text: string, file: string) => readonly Entry[]): Promise<readonly Entry[]> {
  return (await Promise.all(files.map(async ({ file, path }) => parse(await readFile(path, "utf8"), file)))).flat();
}
