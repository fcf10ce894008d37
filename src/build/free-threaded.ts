/**
 * What memcheck may see in a free-threaded CPython and is no error. A thread that takes a reference out of a container without a lock may find an
 * object that another thread has just freed: it reads the count, sees that it is too late, and looks again (`_Py_TryIncref…` in pycore_object.h).
 * The memory can still be read then, as mimalloc keeps its pages until no thread looks any more (InternalDocs/qsbr.md). These two functions do
 * nothing but read the owner and the counts of one object; they are inlined, and what they call is, too.
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
