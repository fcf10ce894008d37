static PyObject *
without_free_lists(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(ignored))
{
    return PyBool_FromLong(disable_free_lists());
}

/* A child in another session would outlive a worker that is killed. */
static PyObject *
die_with_parent(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(ignored))
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    Py_RETURN_NONE;
}

#if HAS_PYTHON_DEPTH
#  define RECURSION_LIMIT py_recursion_limit
#  define RECURSION_REMAINING py_recursion_remaining
#else
#  define RECURSION_LIMIT recursion_limit
#  define RECURSION_REMAINING recursion_remaining
#endif

/* The number of calls that the recursion limit counts so far. */
static PyObject *
call_depth(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(ignored))
{
    PyThreadState *state = PyThreadState_Get();
    return PyLong_FromLong((long)state->RECURSION_LIMIT - state->RECURSION_REMAINING);
}

/* call_at_depth(depth, function): a test may set a limit that is hardly above the depth at which regrtest runs it (test_pathlib of 3.12),
   so our own frames must not count. */
static PyObject *
call_at_depth(PyObject *Py_UNUSED(self), PyObject *args)
{
    int depth;
    PyObject *function;
    if (!PyArg_ParseTuple(args, "iO", &depth, &function)) {
        return NULL;
    }
    PyThreadState *state = PyThreadState_Get();
    int hidden = (int)(state->RECURSION_LIMIT - state->RECURSION_REMAINING) - depth;
    state->RECURSION_REMAINING += hidden;
    PyObject *result = PyObject_CallNoArgs(function);
    state->RECURSION_REMAINING -= hidden;
    return result;
}

/* Orphans of a test become this process's children, whatever session they are in, and so can be found (prctl(2)). */
static PyObject *
adopt_orphans(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(ignored))
{
    prctl(PR_SET_CHILD_SUBREAPER, 1L);
    Py_RETURN_NONE;
}

/*
 * gc.get_referrers() and gc.get_objects() leave out what is frozen, and a test that asks must see no difference. These stand in for the two
 * until one is called: then all is unfrozen and both are the module's own again. In C and without a tuple for the arguments, since these
 * would be seen: a call of a Python function shows the caller's locals to the collector (test_asyncio asserts that nothing refers to an
 * exception in one). With the signatures of those that they stand in for, which are in their docstrings (test_inspect asks for them).
 */
static PyObject *own_get_referrers, *own_get_objects;

static PyObject *
unfreeze_first(PyObject *gc, PyObject *function, PyObject *const *args, Py_ssize_t count, PyObject *names)
{
    if (PyObject_SetAttrString(gc, "get_referrers", own_get_referrers) < 0 ||
        PyObject_SetAttrString(gc, "get_objects", own_get_objects) < 0) {
        return NULL;
    }
    PyObject *done = PyObject_CallMethod(gc, "unfreeze", NULL);
    if (done == NULL) {
        return NULL;
    }
    Py_DECREF(done);
    return PyObject_Vectorcall(function, args, (size_t)count, names);
}

static PyObject *
get_referrers(PyObject *gc, PyObject *const *args, Py_ssize_t count, PyObject *names)
{
    return unfreeze_first(gc, own_get_referrers, args, count, names);
}

static PyObject *
get_objects(PyObject *gc, PyObject *const *args, Py_ssize_t count, PyObject *names)
{
    return unfreeze_first(gc, own_get_objects, args, count, names);
}

static PyMethodDef stand_ins[] = {
    {"get_referrers", (PyCFunction)(void (*)(void))get_referrers, METH_FASTCALL | METH_KEYWORDS, NULL},
    {"get_objects", (PyCFunction)(void (*)(void))get_objects, METH_FASTCALL | METH_KEYWORDS, NULL},
};

static PyObject *
unfreeze_on_demand(PyObject *Py_UNUSED(self), PyObject *gc)
{
    PyObject **own[] = {&own_get_referrers, &own_get_objects};
    for (size_t i = 0; i < Py_ARRAY_LENGTH(stand_ins); i++) {
        *own[i] = PyObject_GetAttrString(gc, stand_ins[i].ml_name);
        if (*own[i] == NULL) {
            return NULL;
        }
        stand_ins[i].ml_doc = ((PyCFunctionObject *)*own[i])->m_ml->ml_doc;
        PyObject *stand_in = PyCFunction_NewEx(&stand_ins[i], gc, ((PyCFunctionObject *)*own[i])->m_module);
        if (stand_in == NULL || PyObject_SetAttrString(gc, stand_ins[i].ml_name, stand_in) < 0) {
            return NULL;
        }
        Py_DECREF(stand_in);
    }
    Py_RETURN_NONE;
}

/* In children.c, if that is preloaded. */
__attribute__((weak)) int cpython_memcheck_follow(const char *folder);

/* follow_children(folder): from now on, interpreters that this process starts write their leaks there; "" ends it. */
static PyObject *
follow_children(PyObject *Py_UNUSED(self), PyObject *folder)
{
    const char *name = PyUnicode_AsUTF8(folder);
    if (name == NULL) {
        return NULL;
    }
    return PyBool_FromLong(cpython_memcheck_follow != NULL && cpython_memcheck_follow(name));
}
