/* ---- Hiding without a GIL (--disable-gil): the collector's own walk over the heaps leads to all containers. ----

   PyUnstable_GC_VisitObjects() stops all other threads of the interpreter while it visits. The first visit writes down what may have
   pointers to hide; in a second one, from the call for its first object, these are hidden, the look is taken, and they are shown again. In
   between, threads may have freed some: what is no object any more is left as it is. */

#define MAX_HIDDEN (1u << 24)

/* Inverted: memcheck would take the addresses for references. */
static uintptr_t *hideable;
static size_t hideable_count;

static int
has_pointers_to_hide(PyObject *object)
{
    return PyDict_Check(object) || PyList_CheckExact(object) || PyType_Check(object) || PyWeakref_Check(object);
}

static int
write_down(PyObject *object, void *Py_UNUSED(ignored))
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

/* What is no living object any more, or another one by now, needs no hiding. */
static void
forget_the_freed(void)
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
    forget_the_freed();
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
    if (hideable == MAP_FAILED) {
        return;
    }
    hideable_count = 0;
    PyUnstable_GC_VisitObjects(write_down, NULL);
    PyUnstable_GC_VisitObjects(look_once, &(struct look){look, subject});
    munmap(hideable, size);
    resume_all();
}
