/* ---- Free lists. An object from a free list would carry the allocation stack of the block's first owner. ---- */

/* Up to 3.13 configure leaves them out (--without-freelists). Since 3.14 they always exist; a negative size disables a list
   (_PyFreeList_Push in pycore_freelist.h), and a full collection empties it first. */
#if HAS_FREE_LIST_STRUCT
_Static_assert(sizeof(struct _Py_freelist) == 2 * sizeof(void *), "a free list is a pointer and a size");
_Static_assert((Py_ssize_t)-1 < 0 && sizeof(((struct _Py_freelist *)0)->size) == sizeof(Py_ssize_t), "the size can be negative");
_Static_assert(sizeof(struct _Py_freelists) % sizeof(struct _Py_freelist) == 0, "nothing but free lists stands in _Py_freelists");

/* The collection that empties the other lists fills the free-threaded collector's own list. Its entries are not objects. */
static int
is_collector_list(struct _Py_freelists *all, struct _Py_freelist *list)
{
#  if HAS_STACK_CHUNK_LIST
    return list == &all->object_stack_chunks;
#  else
    (void)all;
    (void)list;
    return 0;
#  endif
}

static int
disable_free_lists(void)
{
#  ifdef Py_GIL_DISABLED
    /* Each thread has its own lists; those of other threads stay enabled. */
    struct _Py_freelists *all = &((_PyThreadStateImpl *)PyThreadState_Get())->freelists;
#  else
    struct _Py_freelists *all = &PyInterpreterState_Get()->object_state.freelists;
#  endif
    struct _Py_freelist *lists = (struct _Py_freelist *)all;
    int left = 0;
    PyGC_Collect();
    for (size_t i = 0; i < sizeof(*all) / sizeof(*lists); i++) {
        if (lists[i].freelist == NULL) {
            lists[i].size = -1;
        }
        left += lists[i].size >= 0 && !is_collector_list(all, &lists[i]);
    }
    return left == 0;
}
#elif defined(WITH_FREELISTS)
static int
disable_free_lists(void)
{
    return 0;
}
#else
static int
disable_free_lists(void)
{
    return 1;
}
#endif
