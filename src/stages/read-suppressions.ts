import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { PreparedBuild } from "../build/prepare.ts";
import { type Relaxation, suppressionsIn } from "../findings/relaxation.ts";
import type { Settings } from "../settings/settings.ts";
import { repositoryOf } from "./preparation.ts";

/** The suppressions of the CPython source under test, and those in the settings. */
export async function readSuppressions(settings: Settings, { source }: PreparedBuild): Promise<readonly Relaxation[]> {
  const project = `${repositoryOf(settings)}/`;
  const own = { file: "Misc/valgrind-python.supp", path: join(source.path, "Misc", "valgrind-python.supp") };
  const further = settings.suppressions.map((path) => ({ file: path.startsWith(project) ? path.slice(project.length) : path, path }));
  const texts = await Promise.all([own, ...further].map(async ({ file, path }) => suppressionsIn(await readFile(path, "utf8"), file)));
  return texts.flat();
}
