import type { FrameRole, NormalizedStack } from "../model/finding.ts";
import { isGenericConstructor, isTrampoline } from "./cpython-functions.ts";
import { isLeak, rolesOfStack } from "./segment.ts";

interface Kept {
  readonly kind: string;
  readonly stack: NormalizedStack;
}

/** What remains of a stack without the functions that only its own build has. */
export interface Rest {
  /** The remaining frames of the signature; for a leak also those beyond its length. */
  readonly own: readonly string[];
  /** The rest of the whole stack up to the eval loop. */
  readonly all: readonly string[];
  readonly taken: number;
}

/** @param old the functions of the stack's own build. @param today those of the other one. */
export function restOf(kept: Kept, old: ReadonlySet<string>, today: ReadonlySet<string>): Rest {
  return without(kept, (key) => old.has(nameOf(key)) && !today.has(nameOf(key)));
}

/**
 * How likely it is that two stacks differ only in functions that just one of the two builds has: a rename, or a helper that was merged into its
 * caller or split off. A name without a symbol in either build (because it is always inlined) counts as unchanged. Null if they differ
 * otherwise.
 * @param moves base names of moved files: new ones by old ones.
 */
export function renamedLikeness(kind: string, a: Rest, b: Rest, moves: ReadonlyMap<string, string>): "strong" | "weak" | null {
  if (a.taken + b.taken === 0) return null;
  const sameNames = (before: readonly string[], now: readonly string[]): boolean => movedEqually(before, now, moves);
  // If no key frame is left, or only ones that make objects for anyone, compare the surrounding frames: the same allocation, reached in the same way from
  // the eval loop.
  if (!isTelling(a) || !isTelling(b)) return a.own.length === b.own.length && sameNames(a.all, b.all) ? "weak" : null;
  if (isLeak(kind)) return sameNames(a.own, b.own) ? "strong" : null;
  // For other errors only the innermost frames are kept, so each new frame pushes one out at the end.
  const shown = Math.min(a.own.length, b.own.length);
  const pushedOut = Math.abs(a.own.length - b.own.length);
  return pushedOut <= Math.max(a.taken, b.taken) && sameNames(a.own.slice(0, shown), b.own.slice(0, shown)) ? "strong" : null;
}

function isTelling({ own }: Rest): boolean {
  return own.some((key) => !isGenericConstructor(nameOf(key)));
}

/** Roles are assigned to the remaining frames, so that an allocator is left out even if a new helper of it is innermost. */
function without({ kind, stack }: Kept, isOther: (key: string) => boolean): Rest {
  const left = stack.map((group) => group.filter((key) => !isOther(key))).filter((group) => group.length > 0);
  const annotated = rolesOfStack(kind, left);
  const all = annotated.filter(({ role }) => role !== "repeated").map(({ key }) => key);
  const isStoryLeft = rolesOfStack(kind, stack).some(({ key, role }) => isOwn(role) && !isOther(key));
  const own = isStoryLeft ? annotated.filter(({ role }) => isOwn(role)).map(({ key }) => key) : [];
  return { own, all, taken: stack.flat().length - left.flat().length };
}

function isOwn(role: FrameRole): boolean {
  return role === "key" || role === "beyond";
}

/**
 * Whether two segments differ only in the files of their functions, because git reports the files as moved or because a name now occurs in
 * several files.
 * @param moves base names of moved files: new ones by old ones.
 */
export function movedEqually(before: readonly string[], now: readonly string[], moves: ReadonlyMap<string, string>): boolean {
  const isSame = (a: string, b: string | undefined): boolean => {
    if (a === b) return true;
    if (b === undefined || nameOf(a) !== nameOf(b)) return false;
    const [fileBefore, fileNow] = [fileOf(a), fileOf(b)];
    return fileBefore === fileNow || fileBefore === "" || fileNow === "" || moves.get(fileBefore) === fileNow;
  };
  return before.length === now.length && before.every((key, index) => isSame(key, now[index]));
}

/** Above this likelihood, two stacks may still be different errors. Such a match is shown, never accepted silently. */
export const MIN_SIMILARITY = 0.75;

/** A segment with the weight of each frame: functions that create objects for anyone weigh little. */
export interface Weighed {
  readonly keys: readonly string[];
  readonly weights: readonly number[];
  readonly total: number;
}

export function weigh(keys: readonly string[]): Weighed {
  const weights = keys.map((key) => (isGenericConstructor(nameOf(key)) || isTrampoline(nameOf(key)) ? 0.3 : 1));
  return { keys, weights, total: weights.reduce((sum, weight) => sum + weight, 0) };
}

/** The weight of the longest common subsequence, relative to the mean weight of both segments. */
export function similarityOf(before: Weighed, now: Weighed): number {
  const total = before.total + now.total;
  return total === 0 ? 0 : (2 * commonWeight(before, now)) / total;
}

function commonWeight(before: Weighed, now: Weighed): number {
  const row = new Array<number>(now.keys.length + 1).fill(0);
  before.keys.forEach((a, position) => {
    let diagonal = 0;
    now.keys.forEach((b, index) => {
      const above = row[index + 1] ?? 0;
      row[index + 1] = a === b ? diagonal + (before.weights[position] ?? 0) : Math.max(above, row[index] ?? 0);
      diagonal = above;
    });
  });
  return row[now.keys.length] ?? 0;
}

/** `module_exec@_csv.c` is `module_exec`, `::take@pool.cpp` is `take`, as in the table of functions. */
function nameOf(key: string): string {
  return key.replace(FILE, "").replace(/^::/, "");
}

/** `_csv.c` of `module_exec@_csv.c`. */
export function fileOf(key: string): string {
  return FILE.exec(key)?.[0].slice(1) ?? "";
}

const FILE = /@[^@:(]+$/;

export function baseOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
