import type { Locate, LocateTest } from "../../src/report/locate.ts";

/** For a project at the repository's root. Only files in folders are found. */
export const AT_ROOT: Locate = (file) => (file.includes("/") ? file : null);

/** For a project in a folder of the repository. */
export const VENDORED: Locate = (file) => (file.includes("/") ? `vendor/cpython/${file}` : null);

/** For test files whose names are their paths. */
export const BY_NAME: LocateTest = (test) => test;
