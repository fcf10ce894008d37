/* leak() loses a block and a list in separate functions; keep() caches what it makes, and releases the rest. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdlib.h>

static void *volatile last;
static PyObject *cache;

__attribute__((noinline)) static void lose_block(void)
{
    last = malloc(100);
    last = NULL;
}

__attribute__((noinline)) static void lose_list(void)
{
    last = PyList_New(3);
    last = NULL;
}

static PyObject *leak(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(ignored))
{
    lose_block();
    lose_list();
    Py_RETURN_NONE;
}

static PyObject *keep(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(ignored))
{
    if (cache == NULL) {
        cache = PyDict_New();
    }
    free(malloc(100));
    return Py_XNewRef(cache);
}

static PyMethodDef methods[] = {
    {"leak", leak, METH_NOARGS, NULL},
    {"keep", keep, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, .m_name = "planted_c", .m_size = -1, .m_methods = methods};

PyMODINIT_FUNC PyInit_planted_c(void)
{
    return PyModule_Create(&module);
}
