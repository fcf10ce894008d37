/* ---- Interpreters with their own GIL (since 3.12): another thread may run in one during a check. ----

   A thread that takes or drops a GIL briefly holds the GIL's mutex (take_gil and drop_gil in ceval_gil.c). While we hold it, an idle
   interpreter stays idle, and we wait for none. An interpreter that is running a thread is left alone, and counted: that thread may keep
   its GIL indefinitely. */

#define MAX_STOPPED 1024
#ifndef Py_GIL_DISABLED
static PyInterpreterState *stopped[MAX_STOPPED];
#endif
static size_t stopped_count, running_count;

/* Interpreters that no collection has gone over, below: lost containers can't be told from garbage there. */
static size_t uncollected_count;

/* Whether there was another thread at the last look, and at the last collection of this check. It may end in between. */
static int has_others = 1, is_left_uncollected;

/* In a free-threaded build, threads of all other interpreters may be running, and only those of our own can be stopped (hide-heaps.h). */
static int
has_own_gil(PyInterpreterState *interp)
{
#ifdef Py_GIL_DISABLED
    return interp != PyInterpreterState_Get();
#elif HAS_OWN_GIL
    return interp != PyInterpreterState_Get() && interp->ceval.own_gil;
#else
    (void)interp;
    return 0;
#endif
}

/* Whether no thread runs in it until `resume`. */
static int
stop(PyInterpreterState *interp)
{
#if HAS_OWN_GIL && HAS_GIL_MUTEX && !defined(Py_GIL_DISABLED)
    struct _gil_runtime_state *gil = interp->ceval.gil;
    _Static_assert(sizeof(gil->locked) == sizeof(int), "whether a thread has the GIL is an int, atomic or not");
    if (stopped_count == MAX_STOPPED || pthread_mutex_lock(&gil->mutex) != 0) {
        return 0;
    }
    if (*(volatile int *)&gil->locked == 0) {
        stopped[stopped_count++] = interp;
        return 1;
    }
    pthread_mutex_unlock(&gil->mutex);
#else
    (void)interp;
#endif
    return 0;
}

/* A folder in /proc has a link for each thread, and two of its own. */
static int
has_other_threads(void)
{
    struct stat threads;
    return stat("/proc/self/task", &threads) != 0 || threads.st_nlink != 3;
}

static void
stop_all(void)
{
    has_others = has_other_threads();
    stopped_count = running_count = uncollected_count = 0;
    for (PyInterpreterState *interp = PyInterpreterState_Head(); interp != NULL; interp = PyInterpreterState_Next(interp)) {
        if (has_own_gil(interp) && !stop(interp)) {
            running_count++;
        }
        else if (interp != PyInterpreterState_Get() && (has_others || is_left_uncollected)) {
            uncollected_count++;
        }
    }
}

static void
resume_all(void)
{
#if HAS_OWN_GIL && HAS_GIL_MUTEX && !defined(Py_GIL_DISABLED)
    while (stopped_count > 0) {
        pthread_mutex_unlock(&stopped[--stopped_count]->ceval.gil->mutex);
    }
#endif
}

/* Whether what its collector does not free is alive or lost. */
static inline int
is_collected(PyInterpreterState *interp)
{
    return uncollected_count == 0 || interp == PyInterpreterState_Get();
}

/* ---- Garbage of other interpreters: a collection goes over one interpreter only, and what it would free counts as lost. ---- */

#ifndef Py_GIL_DISABLED
/* The interpreter with the largest number below that one. */
static PyInterpreterState *
interpreter_below(int64_t id)
{
    PyInterpreterState *found = NULL;
    for (PyInterpreterState *interp = PyInterpreterState_Head(); interp != NULL; interp = PyInterpreterState_Next(interp)) {
        int64_t number = PyInterpreterState_GetID(interp);
        if (number < id && (found == NULL || number > PyInterpreterState_GetID(found))) {
            found = interp;
        }
    }
    return found;
}

/* As in our own interpreter, where Python does it. Without this module, nothing has been frozen. */
static void
unfreeze_here(void)
{
    PyObject *name = PyUnicode_FromString("gc"), *gc = name == NULL ? NULL : PyImport_GetModule(name);
    PyObject *done = gc == NULL ? NULL : PyObject_CallMethod(gc, "unfreeze", NULL);
    Py_XDECREF(done);
    Py_XDECREF(gc);
    Py_XDECREF(name);
    PyErr_Clear();
}

/* Also where collections are disabled: PyGC_Collect() then does nothing. */
static void
collect_here(void)
{
    int is_enabled = PyGC_Enable();
    for (int i = 0; i < 3 && PyGC_Collect() > 0; i++) {
    }
    if (!is_enabled) {
        PyGC_Disable();
    }
}

static void
collect_in(PyInterpreterState *interp)
{
    PyThreadState *inside = PyThreadState_New(interp);
    if (inside == NULL) {
        return;
    }
    PyThreadState *ours = PyThreadState_Swap(inside);
    unfreeze_here();
    collect_here();
    PyThreadState_Clear(inside);
    PyThreadState_Swap(ours);
    PyThreadState_Delete(inside);
}
#endif

/* Not if another thread might end an interpreter meanwhile. A finalizer may end one, too, so each is looked up again. */
static void
collect_elsewhere(void)
{
#ifndef Py_GIL_DISABLED
    int64_t id = INT64_MAX;
    is_left_uncollected = has_other_threads();
    if (is_left_uncollected) {
        return;
    }
    for (PyInterpreterState *interp; (interp = interpreter_below(id)) != NULL;) {
        id = PyInterpreterState_GetID(interp);
        if (interp != PyInterpreterState_Get()) {
            collect_in(interp);
        }
    }
#endif
}
