import { askInterpreter } from "../../build/interpreter-facts.ts";
import { readVersion } from "../../build/source.ts";
import { isWithoutGil } from "../../settings/free-threading.ts";
import type { Settings } from "../../settings/settings.ts";
import type { Processes } from "../../system/processes.ts";

/** The Python of a check, as far as it is known before anything is built. */
export interface CheckedPython {
  /** `3.14.7`; of a release only what the settings say, such as `3.13`. */
  readonly version: string;
  readonly freeThreaded: boolean;
  /** How an installed interpreter describes its build. */
  readonly build?: string;
}

/** @throws UserError if there is no such Python. */
export async function checkedPython(
  { source, configureArgs, directory, passEnv }: Pick<Settings, "source" | "configureArgs" | "directory" | "passEnv">,
  processes: Processes,
): Promise<CheckedPython> {
  if (source.kind === "interpreter") return await askInterpreter(source.program, processes, { directory, passEnv });
  const version = source.kind === "release" ? source.version : await readVersion(source.path);
  return { version, freeThreaded: isWithoutGil(configureArgs) };
}
