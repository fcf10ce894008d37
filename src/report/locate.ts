/** Returns the path in the repository of a file that a report names: relative to the checked project. Null for a bare name in a library. */
export type Locate = (file: string) => string | null;
