/* ---- Leaks of the self-test, by functions whose names must be on the stacks of the allocations. ---- */

static PyObject *
leak(PyObject *Py_UNUSED(self), PyObject *object)
{
    Py_INCREF(object);
    Py_RETURN_NONE;
}

/* The three that are not objects: each returns its address, disguised, since the number would look like a pointer. */
__attribute__((noinline)) static PyObject *
leak_malloc(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(ignored))
{
    last_block = malloc(33);
    uintptr_t address = (uintptr_t)last_block;
    last_block = NULL;
    return PyLong_FromUnsignedLongLong(~(unsigned long long)address);
}

__attribute__((noinline)) static PyObject *
leak_pymem(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(ignored))
{
    last_block = PyMem_Malloc(34);
    uintptr_t address = (uintptr_t)last_block;
    last_block = NULL;
    return PyLong_FromUnsignedLongLong(~(unsigned long long)address);
}

/* A Py_buffer that is never released also leaks its exporter. */
__attribute__((noinline)) static PyObject *
leak_buffer(PyObject *Py_UNUSED(self), PyObject *exporter)
{
    Py_buffer *view = PyMem_Malloc(sizeof(*view));
    if (view == NULL || PyObject_GetBuffer(exporter, view, PyBUF_SIMPLE) != 0) {
        return NULL;
    }
    return PyLong_FromUnsignedLongLong(~(unsigned long long)(uintptr_t)view);
}
