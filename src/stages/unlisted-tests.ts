import { isTestName } from "../build/tests.ts";
import type { BaselineTest } from "../findings/baseline.ts";
import type { RecordingScope } from "../findings/history.ts";
import type { EngineName } from "../model/engine-name.ts";
import type { Work } from "../settings/work.ts";

/** What a recording may drop. */
export interface Listed {
  readonly work: Work["kind"];
  readonly scope: RecordingScope;
  /** All test files that an engine's stage lists, also those that it leaves out; none for an engine that runs named ones. */
  readonly listings: ReadonlyMap<EngineName, readonly string[]>;
}

/**
 * The records whose test files are not listed any more and that the recording drops: one that replaces the baseline drops them all. Otherwise only those
 * of CPython that are now listed by other names, since a file that is not collected today may be tomorrow. Pure.
 */
export function unlistedTests(recorded: readonly BaselineTest[], { work, scope, listings }: Listed): readonly BaselineTest[] {
  return recorded.filter(({ engine, name }) => {
    // What is collected of a suite runs under all engines.
    const listing = listings.get(engine) ?? (work === "suite" ? listings.get("scan") : undefined);
    if (listing === undefined || listing.includes(name)) return false;
    return scope === "replace" || (work !== "suite" && isTestName(name) && listing.some((other) => isPartOf(name, other)));
  });
}

/** Whether one of them is a package, and the other a file of it: regrtest lists either. */
function isPartOf(one: string, other: string): boolean {
  return one.startsWith(`${other}.`) || other.startsWith(`${one}.`);
}
