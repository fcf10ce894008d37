import { accessSync, constants, readdirSync, statSync } from "node:fs";
import { delimiter, isAbsolute, join, resolve } from "node:path";

/** Part of util-linux, which Debian and Ubuntu always have. */
const SETPRIV = "/usr/bin/setpriv";

/**
 * The programs in the folders of PATH at one moment. Code that runs later may write to such a folder (`~/.local/bin`), but programs that it adds
 * are not used.
 */
export class Programs {
  readonly #paths = new Map<string, string>();
  /** The program that starts others without privileges of sudo or set-user-id; undefined if it is not installed. */
  readonly setpriv: string | undefined;

  constructor(path: string, setpriv = SETPRIV) {
    for (const folder of path.split(delimiter).filter(isAbsolute)) {
      for (const name of namesIn(folder)) {
        if (!this.#paths.has(name) && isProgram(join(folder, name))) this.#paths.set(name, join(folder, name));
      }
    }
    this.setpriv = isProgram(setpriv) ? setpriv : undefined;
  }

  /**
   * The program to start: for a bare name its path at that moment; a path as it is, relative to `folder`, since programs look at how they were
   * called. Undefined if there is none.
   */
  find(name: string, folder: string): string | undefined {
    if (!name.includes("/")) return this.#paths.get(name);
    return isProgram(resolve(folder, name)) ? name : undefined;
  }
}

/** The same folders, with those first that we can't write to: for programs that look up others in PATH. */
export function unwritableFirst(path: string): string {
  const folders = path.split(delimiter).filter(isAbsolute);
  const isOurs = (folder: string): boolean => isAllowed(folder, constants.W_OK);
  return [...folders.filter((folder) => !isOurs(folder)), ...folders.filter(isOurs)].join(delimiter);
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function isProgram(path: string): boolean {
  return isAllowed(path, constants.X_OK) && (statSync(path, { throwIfNoEntry: false })?.isFile() ?? false);
}

function isAllowed(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}
