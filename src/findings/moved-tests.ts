import type { Changes } from "../git/changes.ts";
import type { Baseline } from "./baseline.ts";
import type { History } from "./history.ts";

/**
 * The history, with test files renamed as git reports.
 * @param folder the path of the folder from which a suite's test files are named; empty if it is that of the changes, undefined if it is outside.
 * @param isListed whether there is a test file of that name.
 */
export function followMovedTests(
  history: History,
  { moves }: Changes,
  folder: string | undefined,
  isListed: (name: string) => boolean = () => true,
): History {
  if (history.kind !== "comparable" || folder === undefined) return history;
  const nameOf = (path: string): string | undefined => {
    const below = folder === "" ? path : path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : undefined;
    return below === undefined ? undefined : testNameOf(below);
  };
  const names = new Map([...moves].flatMap(([from, to]) => pairOf(nameOf(from), nameOf(to))).filter(([, to]) => isListed(to)));
  return names.size === 0 ? history : { ...history, baseline: renameTests(history.baseline, names) };
}

/**
 * Whether a test file moved into one of CPython's packages. regrtest lists the files of a few packages, such as `test_asyncio`, and only the names of all
 * others: after `test_zipfile.py` became `test_zipfile/test_core.py`, the name is still `test_zipfile`.
 */
export function movedIntoPackage({ moves }: Changes): boolean {
  return [...moves.values()].some((to) => testNameOf(to)?.includes(".") === true && to.startsWith("Lib/test/"));
}

function renameTests(baseline: Baseline, names: ReadonlyMap<string, string>): Baseline {
  const now = (name: string): string => names.get(name) ?? name;
  return {
    ...baseline,
    tests: baseline.tests.map((test) => ({ ...test, name: now(test.name) })),
    findings: baseline.findings.map((entry) => ({ ...entry, test: now(entry.test) })),
  };
}

function pairOf(from: string | undefined, to: string | undefined): (readonly [string, string])[] {
  return from === undefined || to === undefined ? [] : [[from, to]];
}

/**
 * `Lib/test/test_csv.py` is `test_csv`, and `Lib/test/test_asyncio/test_events.py` is `test_asyncio.test_events`; a test file of a project's own
 * suite is named by its path.
 */
function testNameOf(path: string): string | undefined {
  const [, name] = /^Lib\/test\/((?:\w+\/)*test_\w+)\.py$/.exec(path) ?? [];
  return name?.replaceAll("/", ".") ?? (path.startsWith("Lib/") ? undefined : path);
}
