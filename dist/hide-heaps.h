/* ---- Hiding in a free-threaded build (--disable-gil): the collector walks over the heaps to find all containers. ----

   PyUnstable_GC_VisitObjects() stops all other threads of the interpreter during a visit. A first visit collects the objects that may
   have pointers to hide. A second visit, in the call for its first object, hides these pointers, runs the check, and shows them again.
   Threads may free some of the objects between the visits, so objects that no longer exist are skipped. Frozen objects are not visited
   (op_from_block in gc_free_threading.c): the runner calls gc.unfreeze() before a check. */

#define MAX_HIDDEN (1u << 24)

/* Inverted addresses: memcheck would treat plain ones as references. */
static uintptr_t *hideable;
static size_t hideable_count;

static int
has_pointers_to_hide(PyObject *object)
{
    return IS_DICT(object) || PyAnySet_Check(object) || PyList_Check(object) || has_frame(object) || PyType_Check(object) ||
           PyWeakref_Check(object);
}

static int
note_hideable(PyObject *object, void *Py_UNUSED(ignored))
{
    if (has_pointers_to_hide(object) && hideable_count < MAX_HIDDEN) {
        hideable[hideable_count++] = ~(uintptr_t)object;
    }
    return 1;
}

struct look {
    void (*look)(void *);
    void *subject;
};

static void
for_each_hideable(void (*act)(PyObject *))
{
    for (size_t i = 0; i < hideable_count; i++) {
        act((PyObject *)~hideable[i]);
    }
}

/* Drops objects that were freed, or whose memory now holds another kind of object. */
static void
drop_freed_objects(void)
{
    size_t kept = 0;
    for (size_t i = 0; i < hideable_count; i++) {
        PyObject *object = (PyObject *)~hideable[i];
        if (is_in_use(object) && has_pointers_to_hide(object)) {
            hideable[kept++] = hideable[i];
        }
    }
    hideable_count = kept;
}

static int
look_once(PyObject *Py_UNUSED(first), void *request)
{
    struct look *look = request;
    PyInterpreterState *interp = PyInterpreterState_Get();
    drop_freed_objects();
    clear_popped_frames_of(interp);
    invert_traced_addresses();
    invert_tables(interp);
    for_each_hideable(hide_object);
    look->look(look->subject);
    for_each_hideable(show_object);
    invert_tables(interp);
    invert_traced_addresses();
    return 0;
}

/* Calls look(subject) while the pointers are hidden, and all other threads of this interpreter are stopped. */
static void
while_hidden(void (*look)(void *), void *subject)
{
    PyType_ClearCache();
    stop_all();
    size_t size = MAX_HIDDEN * sizeof(*hideable);
    hideable = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (hideable != MAP_FAILED) {
        hideable_count = 0;
        PyUnstable_GC_VisitObjects(note_hideable, NULL);
        PyUnstable_GC_VisitObjects(look_once, &(struct look){look, subject});
        munmap(hideable, size);
    }
    resume_all();
}
