// Notes on entries of .memcheck.toml that skip nothing.

import { isExpired, isSkippedBy, type Skip } from "../findings/skip.ts";
import type { Note } from "../model/note.ts";
import { nameIn } from "../settings/repository-settings.ts";
import type { Work } from "../settings/work.ts";
import { isInSource, type Present } from "./gone-tests.ts";

/** The test files that there are. */
export interface KnownTests extends Pick<Present, "sources"> {
  readonly work: Work["kind"];
  /** The test files that a suite has collected; undefined if it did not get that far. */
  readonly collected: readonly string[] | undefined;
  /** The path of the command's folder in the repository, or empty. */
  readonly folder: string;
  /** Whether a path is only elsewhere in the repository. */
  readonly isElsewhere: (test: string) => boolean;
}

/** Pure. @param today `2027-03-01` */
export function skipNotes(skips: readonly Skip[], known: KnownTests, today: string): readonly Note[] {
  return skips.flatMap((skip): readonly Note[] => {
    const { test, expires } = skip;
    if (!mayExist(skip, known)) return [{ code: "skip-unknown", test }];
    return expires !== undefined && isExpired({ expires }, today) ? [{ code: "skip-expired", test, expires }] : [];
  });
}

/** A file of a suite that the command did not collect is no test file, whether it exists or not: the entry may have been written for another name. */
function mayExist({ test: written }: Skip, { work, sources, collected, folder, isElsewhere }: KnownTests): boolean {
  if (work !== "suite") return isInSource(written, sources);
  const test = nameIn(folder, written);
  return collected === undefined || collected.some((name) => isSkippedBy({ test }, name)) || (test === written && isElsewhere(test));
}
