/** The project's files by name, each with its path from the project's root. */
export type FileIndex = ReadonlyMap<string, readonly string[]>;

/** @param paths relative to the project's root. */
export function indexFiles(paths: readonly string[]): FileIndex {
  return Map.groupBy(paths, nameOf);
}

/**
 * The project's file for a path that the compiler recorded: `/github/workspace/src/x.c` if the code was compiled in another checkout,
 * `./src/x.c` with `-ffile-prefix-map`. The file with the most trailing folders in common wins. Undefined if several files have as many, or if
 * only the name is equal: every library has a `utils.c`.
 */
export function findByEnd(path: string, index: FileIndex): string | undefined {
  const parts = partsOf(path);
  const candidates = (index.get(nameOf(path)) ?? []).map((file) => ({ file, common: commonEnd(parts, partsOf(file)) }));
  const most = Math.max(0, ...candidates.map(({ common }) => common));
  const [best, ...others] = candidates.filter(({ common }) => common === most);
  if (best === undefined || others.length > 0) return undefined;
  const isWhole = most === partsOf(best.file).length || most === parts.length;
  return most > 1 || isWhole ? best.file : undefined;
}

function commonEnd(a: readonly string[], b: readonly string[]): number {
  const shorter = Math.min(a.length, b.length);
  const differing = a.toReversed().findIndex((part, index) => part !== b[b.length - 1 - index]);
  return differing === -1 ? shorter : Math.min(differing, shorter);
}

function partsOf(path: string): readonly string[] {
  return path.split("/").filter((part) => part !== "" && part !== ".");
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
