// What one test file may take of the machine.

/** Bytes that it may write into its reports and its log: a gigabyte of memcheck's XML is a whole suite's. */
export const MAX_WRITTEN = 2 * 1024 ** 3;

/** Bytes of disk space that it must leave. With less no report can be written, and no baseline saved. */
export const MIN_FREE = 128 * 1024 ** 2;

/** Processes at once. The tests of CPython start some dozens. */
export const MAX_PROCESSES = 400;
