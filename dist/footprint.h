/* Functions of footprint.c, if the scan records. */
__attribute__((weak)) void cpython_memcheck_begin_footprint(const char *path);
__attribute__((weak)) void cpython_memcheck_end_footprint(void);

/* begin_footprint(path): from now on, functions and files that this process uses are recorded in that file. */
static PyObject *
begin_footprint(PyObject *Py_UNUSED(self), PyObject *path)
{
    const char *name = PyUnicode_AsUTF8(path);
    if (name == NULL) {
        return NULL;
    }
    if (cpython_memcheck_begin_footprint != NULL) {
        cpython_memcheck_begin_footprint(name);
    }
    Py_RETURN_NONE;
}

static PyObject *
end_footprint(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(ignored))
{
    if (cpython_memcheck_end_footprint != NULL) {
        cpython_memcheck_end_footprint();
    }
    Py_RETURN_NONE;
}
