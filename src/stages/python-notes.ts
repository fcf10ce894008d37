// Notes on the checked interpreter.

import type { Python } from "../build/build.ts";
import { isKnownVersion } from "../build/source.ts";
import type { Note } from "../model/note.ts";

export function pythonNotes({ version, freeThreaded }: Pick<Python, "version" | "freeThreaded">): readonly Note[] {
  return [
    ...(isKnownVersion(version) ? [] : [{ code: "newer-python", version } as const]),
    ...(freeThreaded ? [{ code: "free-threaded" } as const] : []),
  ];
}
