// Resource limits of one test file.

/** Bytes that it may write to its reports and its log: a whole suite takes a gigabyte of memcheck's XML. */
export const MAX_WRITTEN = 2 * 1024 ** 3;

/** Bytes of disk space that must remain free. With less, no report can be written, and no baseline saved. */
export const MIN_FREE = 128 * 1024 ** 2;

/** Processes at once. The tests of CPython start some dozens. */
export const MAX_PROCESSES = 400;
