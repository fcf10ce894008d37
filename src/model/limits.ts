// Resource limits of one test file, and of files that another check wrote.

/** Bytes that it may write to its reports and its log: a whole suite takes a gigabyte of memcheck's XML. */
export const MAX_WRITTEN = 2 * 1024 ** 3;

/** Bytes of disk space that must remain free. With less, no report can be written, and no baseline saved. */
export const MIN_FREE = 128 * 1024 ** 2;

/** Processes at once. The tests of CPython start some dozens. */
export const MAX_PROCESSES = 400;

/** Bytes that are read of a baseline, a plan or a shard's results, packed and unpacked: a baseline has a few megabytes. */
export const MAX_STORED = 64 * 1024 ** 2;
