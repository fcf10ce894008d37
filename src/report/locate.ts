/** Returns the path in the repository of a file that a report names: relative to the checked project. Null for a bare name in a library. */
export type Locate = (file: string) => string | null;

/** Returns the path in the repository of a test file; the name itself if it is not there. */
export type LocateTest = (test: string) => string;
