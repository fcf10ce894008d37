/**
 * Suppressions for correct reads that memcheck reports in a free-threaded CPython. A thread that takes a reference from a container without a lock
 * may reach an object that another thread has just freed: it reads the count, notices, and retries (`_Py_TryIncref…` in pycore_object.h). The memory
 * is still readable then, because mimalloc keeps the page until no thread can read it any more (InternalDocs/qsbr.md). These two functions only
 * read the owner and the counts of one object; they and the functions that they call are inlined.
 */
export const FREE_THREADED_SUPPRESSIONS = ["_Py_TryIncrefFast", "_Py_TryIncRefShared"]
  .flatMap((name) => [4, 8].map((size) => ({ name, size })))
  .map(
    ({ name, size }) => `{
   ${name} reads ${size} bytes of an object that another thread has freed
   Memcheck:Addr${size}
   ...
   fun:${name}
}
`,
  )
  .join("");
