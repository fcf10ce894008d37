// Which test files a row's checks have to choose from: those of the row, the check's own quick set, and some of all others. Pure.
import { DEFAULT_TESTS } from "../../src/build/tests.ts";

/** The test files of a tree by their dotted names: `test_csv`, `test_io`, `test_io.test_textio`. A package stands beside its parts. */
export type TestNames = ReadonlySet<string>;

/** The test file of a tree by the name that another tree may have it under: `test_memoryio` became `test_io.test_memoryio`. */
export function resolveTest(name: string, known: TestNames): string | undefined {
  if (known.has(name)) return name;
  const [head = "", last = ""] = [name.replace(/\..*$/, ""), name.replace(/^.*\./, "")];
  if (name !== head && known.has(last)) return last;
  if (name !== head && known.has(head)) return head;
  return [...known].find((other) => other.endsWith(`.${last}`));
}

/** Test files that may run a C file, by its name: `Modules/_csv.c` is `test_csv`. */
export function guessTests(files: readonly string[], known: TestNames): readonly string[] {
  const stems = files.flatMap((file) => {
    const stem = file.replace(/^.*\//, "").replace(/\.[^.]*$/, "");
    return [stem, stem.replace(/(module|object)$/, "")].flatMap((name) => [`test_${name}`, `test_${name.replace(/^_/, "")}`]);
  });
  return [...new Set(stems)].filter((name) => known.has(name));
}

/** These take minutes by themselves, most of which they wait. */
const SLOW = /^test_(multiprocessing_\w+|concurrent_futures)$/;

/** Every n-th of the test files that are not chosen, so that the share of them that a change reaches stands for the share of all. None that is slow. */
export function sampleOthers(known: TestNames, chosen: readonly string[], size: number): readonly string[] {
  const heads = new Set(chosen.map(headOf));
  const others = [...known].filter((name) => headOf(name) === name && !heads.has(name) && !SLOW.test(name)).toSorted();
  const step = others.length / Math.min(size, others.length);
  return Array.from({ length: Math.min(size, others.length) }, (_, index) => others[Math.floor((index + 0.5) * step)] ?? "");
}

/** All that a row's checks may run. @param others how many others; all of them where it is `all`. */
export function selectionOf(tests: readonly string[], known: TestNames, others: number | "all"): readonly string[] {
  if (others === "all") return [...known];
  const chosen = [...new Set([...tests, ...DEFAULT_TESTS])].filter((name) => known.has(name));
  return [...chosen, ...sampleOthers(known, chosen, others)];
}

/** The `.memcheck.toml` of a project that checks these test files only: its checks are those of a user, of a smaller selection. */
export function skipsFor(selection: readonly string[], known: TestNames): string {
  return skipped(selection, known)
    .map((test) => `[[skip]]\ntest = "${test}"\nreason = "not in the sample of eval:history"\n`)
    .join("");
}

function skipped(selection: readonly string[], known: TestNames): readonly string[] {
  const chosen = new Set(selection);
  const heads = new Set(selection.map(headOf));
  return [...known].filter((name) => {
    if (chosen.has(name) || chosen.has(headOf(name))) return false;
    const isPart = name !== headOf(name);
    // A package is skipped by its own name, unless a part of it is chosen: then its other parts are.
    return isPart ? heads.has(headOf(name)) : !heads.has(name);
  });
}

function headOf(name: string): string {
  return name.replace(/\..*$/, "");
}

/** Whether what regrtest lists is this test file, a part of it, or the package that it is in. */
export function isSameTest(listed: string, name: string): boolean {
  return listed === name || listed.startsWith(`${name}.`) || name.startsWith(`${listed}.`);
}
