/* ---- Lost objects. ---- */

/* A leaked object may be partly initialized: reading it for its description must not count as the test's error. */
static PyObject *
report_errors(PyObject *Py_UNUSED(self), PyObject *on)
{
    if (on == Py_True) {
        VALGRIND_ENABLE_ERROR_REPORTING;
    }
    else {
        VALGRIND_DISABLE_ERROR_REPORTING;
    }
    Py_RETURN_NONE;
}

/* Interpreters in which containers that were lost could not be found at the last check: a thread was running there, or might have been. */
static PyObject *
running_interpreters(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(ignored))
{
    return PyLong_FromSize_t(running_count + uncollected_count);
}

static PyObject *
begin_check(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(ignored))
{
    is_left_uncollected = 0;
    Py_RETURN_NONE;
}

/* Of all other interpreters in which no thread runs. */
static PyObject *
collect_other_garbage(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(ignored))
{
    collect_elsewhere();
    Py_RETURN_NONE;
}

/* immortals(blocks): for each block one byte, 1 if it is an object that is never freed by design. */
static PyObject *
immortals(PyObject *Py_UNUSED(self), PyObject *packed)
{
    const struct block *blocks;
    size_t count;
    if (get_blocks(packed, &blocks, &count) != 0) {
        return NULL;
    }
    PyObject *answers = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)count);
    for (size_t i = 0; answers != NULL && i < count; i++) {
        PyBytes_AS_STRING(answers)[i] = (char)is_immortal_by_design(blocks[i].address, blocks[i].size);
    }
    return answers;
}

/* lost_object(address, size, types): (reference count, whether it is immortal, object) of the Python object in a leaked block, or None if
   there is none. `types`: see object_in. */
static PyObject *
lost_object(PyObject *Py_UNUSED(self), PyObject *args)
{
    unsigned long long address;
    Py_ssize_t size;
    PyObject *types;
    if (!PyArg_ParseTuple(args, "KnO!", &address, &size, &PyDict_Type, &types)) {
        return NULL;
    }
    PyObject *object = object_in((uintptr_t)address, size, types);
    if (object != NULL) {
        return Py_BuildValue("nOO", references_to(object), is_immortal(object) ? Py_True : Py_False, object);
    }
    if (PyErr_Occurred()) {
        return NULL;
    }
    Py_RETURN_NONE;
}
