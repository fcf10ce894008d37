/* ---- The two errors that memcheck must find. Volatile, so that no compiler can see through them. ---- */

static void *volatile last_block;
static volatile char last_byte;

__attribute__((noinline)) void
cpython_memcheck_planted_leak(void)
{
    last_block = malloc(24);
    last_block = NULL;
}

__attribute__((noinline)) void
cpython_memcheck_planted_read(void)
{
    last_block = malloc(16);
    last_byte = ((char *)last_block)[16];
    free(last_block);
    last_block = NULL;
}

/* Bytes before a list in its block. */
#ifdef Py_GIL_DISABLED
#  define LIST_HEADER ((uintptr_t)0)
#else
#  define LIST_HEADER (2 * sizeof(void *))
#endif

/* Found only by a live check that hides the collector's list, in a process whose objects come from malloc. */
__attribute__((noinline)) uintptr_t
cpython_memcheck_planted_list(void)
{
    last_block = PyList_New(0);
    uintptr_t block = (uintptr_t)last_block - LIST_HEADER;
    last_block = NULL;
    return ~block;
}

/* A stale pointer in a block may keep one list alive, but not so many. */
#define PLANTED_LISTS 16

/* memcheck reports an error once per four innermost frames, also across a fork, so children need a different path. */
__attribute__((noinline)) void
cpython_memcheck_planted_in_child(uintptr_t disguised[PLANTED_LISTS])
{
    for (int i = 0; i < PLANTED_LISTS; i++) {
        disguised[i] = cpython_memcheck_planted_list();
    }
    if (RUNNING_ON_VALGRIND) {
        cpython_memcheck_planted_read();
    }
}

/* plant_errors(in_child): in a child returns ~address of each lost list's block; unchanged, the numbers would look like pointers. */
static PyObject *
plant_errors(PyObject *Py_UNUSED(self), PyObject *in_child)
{
    if (in_child == Py_True) {
        uintptr_t disguised[PLANTED_LISTS];
        cpython_memcheck_planted_in_child(disguised);
        PyObject *all = PyList_New(PLANTED_LISTS);
        for (Py_ssize_t i = 0; all != NULL && i < PLANTED_LISTS; i++) {
            PyObject *one = PyLong_FromUnsignedLongLong((unsigned long long)disguised[i]);
            if (one == NULL) {
                Py_CLEAR(all);
                break;
            }
            PyList_SET_ITEM(all, i, one);
        }
        return all;
    }
    cpython_memcheck_planted_leak();
    if (RUNNING_ON_VALGRIND) {
        cpython_memcheck_planted_read();
    }
    Py_RETURN_NONE;
}
