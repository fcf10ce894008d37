/** Tells the path in the repository of a file that a report names: relative to the checked project, or a bare name in a library. Null for the latter. */
export type Locate = (file: string) => string | null;
