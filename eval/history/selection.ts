// The test files that a row's checks select from: those of the row, memcheck's quick set, and a sample of the others. Pure.
import { DEFAULT_TESTS } from "../../src/build/tests.ts";

/** The names of a tree's test files: `test_csv`, `test_io`, `test_io.test_textio`. Packages are listed, and so are their parts. */
export type TestNames = ReadonlySet<string>;

/** Finds a test file that may have another name in this tree: `test_memoryio` became `test_io.test_memoryio`. */
export function resolveTest(name: string, known: TestNames): string | undefined {
  if (known.has(name)) return name;
  const [head = "", last = ""] = [name.replace(/\..*$/, ""), name.replace(/^.*\./, "")];
  if (name !== head && known.has(last)) return last;
  if (name !== head && known.has(head)) return head;
  return [...known].find((other) => other.endsWith(`.${last}`));
}

/** Test files that probably run the given C files, by name: `test_csv` for `Modules/_csv.c`. */
export function guessTests(files: readonly string[], known: TestNames): readonly string[] {
  const stems = files.flatMap((file) => {
    const stem = file.replace(/^.*\//, "").replace(/\.[^.]*$/, "");
    return [stem, stem.replace(/(module|object)$/, "")].flatMap((name) => [`test_${name}`, `test_${name.replace(/^_/, "")}`]);
  });
  return [...new Set(stems)].filter((name) => known.has(name));
}

/** Test files that take minutes, and mostly wait. */
const SLOW = /^test_(multiprocessing_\w+|concurrent_futures)$/;

/** Every n-th test file that is not chosen, without slow ones: the share that a change reaches is then representative of all test files. */
export function sampleOthers(known: TestNames, chosen: readonly string[], size: number): readonly string[] {
  const heads = new Set(chosen.map(headOf));
  const others = [...known].filter((name) => headOf(name) === name && !heads.has(name) && !SLOW.test(name)).toSorted();
  const step = others.length / Math.min(size, others.length);
  return Array.from({ length: Math.min(size, others.length) }, (_, index) => others[Math.floor((index + 0.5) * step)] ?? "");
}

/** The test files that a row's checks may run. @param others size of the sample of other test files; `all` selects every test file */
export function selectionOf(tests: readonly string[], known: TestNames, others: number | "all"): readonly string[] {
  if (others === "all") return [...known];
  const chosen = [...new Set([...tests, ...DEFAULT_TESTS])].filter((name) => known.has(name));
  return [...chosen, ...sampleOthers(known, chosen, others)];
}

/** A `.memcheck.toml` that skips all test files except the selected ones. */
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

/** Whether a name listed by regrtest is this test file, a part of it, or its package. */
export function isSameTest(listed: string, name: string): boolean {
  return listed === name || listed.startsWith(`${name}.`) || name.startsWith(`${listed}.`);
}
