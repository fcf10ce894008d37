import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { isExpectedDescriptorError } from "../../src/engines/descriptors.ts";
import { ProcessReport } from "../../src/engines/process-report.ts";
import type { MemoryError } from "../../src/model/memory-error.ts";
import { error } from "../support/builders.ts";
import { errorsOf, readReport, recorded } from "./memcheck/xml-files.ts";

const LIBC = "/usr/lib/x86_64-linux-gnu/libc.so.6";

/** Kind, then the function that called the C library's. */
const brief = ({ kind, frames }: MemoryError): string => `${kind} ${frames.find(({ object }) => object !== LIBC)?.function}`;

suite("bad file descriptors in CPython", () => {
  test("a bad file descriptor counts where C code uses a closed one, not where Python code names a number", async () => {
    const errors = errorsOf(await readReport(recorded("cpython-descriptors-3.27")));
    const [expected, counted] = [true, false].map((is) => errors.filter((one) => isExpectedDescriptorError(one) === is).map(brief));
    assert.deepEqual(counted, [
      "FdBadUse _Py_fstat_noraise",
      "FdBadUse _Py_read",
      "FdBadClose internal_close",
      "FdBadClose sock_close",
      "FdBadUse _Py_fstat_noraise",
    ]);
    assert.deepEqual(expected, [
      "FdBadClose os_close_impl",
      "FdBadUse _Py_read",
      "FdBadUse posix_fildes_fd",
      // Of number -1, and one that valgrind did not see being opened.
      "FdBadUse _Py_read",
      "FdBadUse _Py_write_impl",
      "FdBadUse socket_close",
    ]);
  });

  test("bad file descriptors do not count in a range that is closed before another program starts", async () => {
    const [closed] = errorsOf(await readReport(recorded("cpython-closed-range-3.27")));
    assert.ok(closed !== undefined && isExpectedDescriptorError(closed));
  });

  test("bad file descriptors count if a destructor runs while a function of `os` does", () => {
    const names = ["close", "sock_finalize", "gc_collect_main", "os_listdir_impl", "os_listdir"];
    const files = ["close.c", "socketmodule.c", "gc.c", "posixmodule.c", "posixmodule.c.h"];
    const frames = names.map((name, index) => ({
      ...{ address: `0x${index}`, function: name, file: files[index] ?? "" },
      object: index === 0 ? LIBC : "/build/python",
    }));
    assert.ok(!isExpectedDescriptorError(error({ kind: "FdBadClose", what: "File descriptor 3: x is already closed", frames })));
  });

  test("a process's report has bad file descriptors only if they count", async () => {
    const report = new ProcessReport("live");
    const { events } = await readReport(recorded("cpython-descriptors-3.27"));
    assert.equal(events.flatMap((event) => report.take(event)).length, 5);
  });

  test("other kinds of errors, and descriptors that are open at the end, are not ignored as expected descriptor errors", async () => {
    const others = [error(), error({ kind: "FdNotClosed", what: "Open file descriptor 3" })];
    for (const other of others) assert.ok(!isExpectedDescriptorError(other), other.kind);
  });
});

test("every bad descriptor of a C program that was closed before counts", async () => {
  const errors = errorsOf(await readReport(recorded("descriptors-3.27")));
  assert.deepEqual(
    errors.filter((one) => !isExpectedDescriptorError(one)).map(({ kind, frames }) => [kind, frames[1]?.function]),
    [
      ["FdBadClose", "close_twice"],
      ["FdBadUse", "read_closed"],
      ["FdBadUse", "write_closed_socket"],
      ["FdBadClose", "close_inherited_twice"],
    ],
  );
});
