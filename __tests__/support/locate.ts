import type { Locate, LocateTest } from "../../src/report/locate.ts";

/** Where the project is the repository's root, and has folders. */
export const AT_ROOT: Locate = (file) => (file.includes("/") ? file : null);

/** Where it is in a folder. */
export const VENDORED: Locate = (file) => (file.includes("/") ? `vendor/cpython/${file}` : null);

/** Where a test file's name is its path. */
export const BY_NAME: LocateTest = (test) => test;
