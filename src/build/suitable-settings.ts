import { minorVersion } from "../model/python-version.ts";
import { UserError } from "../model/user-error.ts";
import { isWithoutGil } from "../settings/free-threading.ts";
import type { Settings } from "../settings/settings.ts";
import type { Torture } from "../settings/work.ts";

/** Settings that not every interpreter can serve. */
type Demanding = Pick<Settings, "pythonStacks" | "torture" | "children">;

/** What is known of an interpreter before it is built or run. */
export interface KnownPython {
  readonly version: string;
  readonly freeThreaded: boolean;
  readonly framePointers: boolean;
  readonly isInstalled: boolean;
}

/** What a build of ours will be. @param version `3.13` or longer. */
export function plannedPython(version: string, configureArgs: readonly string[]): KnownPython {
  return { version, freeThreaded: isWithoutGil(configureArgs), framePointers: true, isInstalled: false };
}

/** Detects settings that this interpreter cannot serve, before it is built. @throws UserError that names the first of them. */
export function requireSuitable({ pythonStacks, torture, children }: Demanding, python: KnownPython): void {
  const { version, freeThreaded, framePointers, isInstalled } = python;
  const withoutGil = isInstalled ? "a free-threaded interpreter" : "`--disable-gil`";
  if (pythonStacks && minorVersion(version) === "3.11")
    throw new UserError(
      `\`python-stacks\` is \`yes\`, which needs CPython 3.12 or newer: in ${version}, tracemalloc hides every leak. Use \`python-stacks: no\`.`,
    );
  if (children && freeThreaded)
    throw new UserError(`\`children\` is \`yes\`, which does not work with ${withoutGil}. Use \`children: no\`.`);
  if (torture.kind === "none") return;
  const tortured = `\`torture\` is \`${textOf(torture)}\``;
  if (freeThreaded) throw new UserError(`${tortured}, which does not work with ${withoutGil}. Use \`torture: none\`.`);
  if (!framePointers)
    throw new UserError(
      `${tortured}, which needs frame pointers, and this CPython ${version} was built without them. Use \`torture: none\`, an installed CPython 3.15 or newer, or \`python-version\` to have one built.`,
    );
}

function textOf(torture: Exclude<Torture, { kind: "none" }>): string {
  return torture.kind === "names" ? torture.names.join(" ") : torture.kind;
}
