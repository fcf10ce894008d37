import { isTestName } from "../build/tests.ts";
import type { Work } from "../settings/work.ts";

/** What tells whether test files are still there. */
export interface Present {
  readonly work: Work["kind"];
  /** The files of CPython's source as it was read: while the tests ran, the checkout may have become another branch. */
  readonly sources: { has(name: string): boolean };
  /** Whether there is such a path below the folder that a command runs in. */
  readonly isBelow: (path: string) => boolean;
  /** The test files that ran. */
  readonly ran: readonly string[];
}

/** Whether a source has a test file of that name, `test_csv` or `test_asyncio.test_events`. */
export function isInSource(name: string, sources: Present["sources"]): boolean {
  const path = `Lib/test/${name.replaceAll(".", "/")}`;
  return sources.has(`${path}.py`) || sources.has(`${path}/__init__.py`);
}

/** The recorded test files that do not exist any more: of CPython's, or of a project's own suite. What is not known to be gone stays recorded. Pure. */
export function goneTests(recorded: readonly string[], { work, sources, isBelow, ran }: Present): readonly string[] {
  if (work === "command") return [];
  if (work !== "suite") return recorded.filter((name) => isTestName(name) && !isInSource(name, sources));
  // Files that are not below the command's folder have pytest's names, which begin elsewhere.
  const isOurFolder = ran.some((name) => isPath(name) && isBelow(name));
  return isOurFolder ? recorded.filter((name) => isPath(name) && !isBelow(name)) : [];
}

/** unittest has names of modules for what is not below the folder that it runs in. */
function isPath(name: string): boolean {
  return name.includes("/") || name.endsWith(".py");
}
