/* CPython's headers, and what the live leak check relies on in them. Versions differ in some layouts: before the probe is compiled,
   layout.ts asks this compiler which ones these headers have, and passes the answers as HAS_… macros (1 or 0). So a version is accepted for
   what it is, whatever its number; what the compiler cannot show is proved by the self-test. */
#define PY_SSIZE_T_CLEAN
#define Py_BUILD_CORE_MODULE 1
#include <Python.h>

#if PY_VERSION_HEX < 0x030B0000
#  error "cpython-memcheck: CPython 3.11 or newer is needed."
#endif
#ifdef Py_TRACE_REFS
#  error "cpython-memcheck: --with-trace-refs keeps every object, leaked or not, in a list. Configure without it."
#endif

#ifndef NO_LIVE_CHECK
#  if __has_include(<internal/pycore_audit.h>)
#    include <internal/pycore_audit.h>
#  endif
#  include <internal/pycore_dict.h>
#  include <internal/pycore_frame.h>
#  include <internal/pycore_gc.h>
#  include <internal/pycore_gil.h>
#  include <internal/pycore_hashtable.h>
#  include <internal/pycore_interp.h>
#  if __has_include(<internal/pycore_interpframe.h>)
#    include <internal/pycore_interpframe.h>
#  endif
#  include <internal/pycore_object.h>
#  include <internal/pycore_runtime.h>
#  if __has_include(<internal/pycore_tstate.h>)
#    include <internal/pycore_tstate.h>
#  endif
#  if __has_include(<internal/pycore_freelist_state.h>)
#    include <internal/pycore_freelist_state.h>
#  endif
#  if __has_include(<internal/pycore_typecache.h>)
#    include <internal/pycore_typecache.h>
#  endif
#  include <stddef.h>
#  include <stdint.h>

#  ifndef Py_GIL_DISABLED
_Static_assert(sizeof(PyGC_Head) == 2 * sizeof(void *), "PyGC_Head is two words, next and previous");
_Static_assert(offsetof(PyGC_Head, _gc_next) == 0 && offsetof(PyGC_Head, _gc_prev) == sizeof(void *), "in this order");
_Static_assert(sizeof(((PyGC_Head *)0)->_gc_next) == sizeof(void *), "the links are integers as wide as pointers");
_Static_assert(offsetof(struct gc_generation, head) == 0, "a generation begins with the head of its list");
_Static_assert(sizeof(((struct _gc_runtime_state *)0)->permanent_generation) == sizeof(struct gc_generation), "gc.freeze()'s list");
#  endif
_Static_assert(offsetof(_PyStackChunk, data) >= 3 * sizeof(void *), "a chunk of frames: previous, size, top, then the frames");
_Static_assert(sizeof(((PyListObject *)0)->ob_item[0]) == sizeof(void *), "a list's items are pointers");
#endif
