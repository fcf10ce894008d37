/* The only code of ours inside the checked interpreter: it talks to memcheck by client requests (valgrind manual, 3.1 and 4.6).
   Outside valgrind every request does nothing. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdlib.h>
#include <valgrind/memcheck.h>

/* Volatile, so that no compiler can see through the two planted errors. */
static void *volatile last_block;
static volatile char last_byte;

__attribute__((noinline)) void cpython_memcheck_planted_leak(void)
{
    last_block = malloc(24);
    last_block = NULL;
}

__attribute__((noinline)) void cpython_memcheck_planted_read(void)
{
    last_block = malloc(16);
    last_byte = ((char *)last_block)[16];
    free(last_block);
    last_block = NULL;
}

static PyObject *
plant_errors(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(ignored))
{
    cpython_memcheck_planted_leak();
    cpython_memcheck_planted_read();
    Py_RETURN_NONE;
}

static PyObject *
mark(PyObject *Py_UNUSED(self), PyObject *text)
{
    const char *utf8 = PyUnicode_AsUTF8(text);
    if (utf8 == NULL) {
        return NULL;
    }
    VALGRIND_PRINTF("%s", utf8);
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"plant_errors", plant_errors, METH_NOARGS,
     "Make one leak and one invalid read, which must both be in memcheck's report: proof that it looked."},
    {"mark", mark, METH_O, "Write a line of text into memcheck's report, in order with the errors."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {
    .m_base = PyModuleDef_HEAD_INIT,
    .m_name = "cpython_memcheck_probe",
    .m_size = -1,
    .m_methods = methods,
};

PyMODINIT_FUNC
PyInit_cpython_memcheck_probe(void)
{
    return PyModule_Create(&module);
}
