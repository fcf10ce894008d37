/* An extension with faults in its error paths, one of each kind that torture must find, and functions that have none. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <stdlib.h>
#include <string.h>

/* ---- No fault: whatever fails, everything is released and an error is set. ---- */

static PyObject *
handles_all(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(ignored))
{
    PyObject *list = PyList_New(0), *text = NULL;
    char *plain = malloc(100), *ours = PyMem_Malloc(200), *larger;
    if (list == NULL) {
        goto error;
    }
    if (plain == NULL || ours == NULL || (larger = realloc(plain, 1000)) == NULL) {
        PyErr_NoMemory();
        goto error;
    }
    plain = larger;
    text = PyUnicode_FromFormat("%s and %d", "text", 123456);
    if (text == NULL || PyList_Append(list, text) < 0) {
        goto error;
    }
    Py_DECREF(text);
    PyMem_Free(ours);
    free(plain);
    return list;
error:
    Py_XDECREF(text);
    Py_XDECREF(list);
    PyMem_Free(ours);
    free(plain);
    return NULL;
}

/* ---- Leaks. ---- */

static PyObject *
forgets_block(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(ignored))
{
    char *block = PyMem_Malloc(100);
    if (block == NULL) {
        return PyErr_NoMemory();
    }
    PyObject *list = PyList_New(3);
    if (list == NULL) {
        return NULL;
    }
    PyMem_Free(block);
    Py_DECREF(list);
    Py_RETURN_NONE;
}

static PyObject *
forgets_object(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(ignored))
{
    PyObject *list = PyList_New(3);
    if (list == NULL) {
        return NULL;
    }
    PyObject *text = PyUnicode_FromString("some text");
    if (text == NULL) {
        return NULL;
    }
    Py_DECREF(text);
    Py_DECREF(list);
    Py_RETURN_NONE;
}

static PyObject *
forgets_argument(PyObject *Py_UNUSED(self), PyObject *argument)
{
    Py_INCREF(argument);
    PyObject *number = PyLong_FromLong(1234567890);
    if (number == NULL) {
        return NULL;
    }
    Py_DECREF(number);
    Py_DECREF(argument);
    Py_RETURN_NONE;
}

/* As in a C library: no allocator of Python is involved. */
static PyObject *
forgets_plain_malloc(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(ignored))
{
    char *one = malloc(100);
    if (one == NULL) {
        return PyErr_NoMemory();
    }
    char *other = malloc(200);
    if (other == NULL) {
        return PyErr_NoMemory();
    }
    free(other);
    free(one);
    Py_RETURN_NONE;
}

/* The function with the fault is further out than the frames of a site. */
#define STEP(name, next) \
    static __attribute__((noinline)) PyObject *name(void) \
    { \
        return next; \
    }
STEP(step_1, PyList_New(3))
STEP(step_2, step_1())
STEP(step_3, step_2())
STEP(step_4, step_3())
STEP(step_5, step_4())
STEP(step_6, step_5())

static PyObject *
forgets_far_out(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(ignored))
{
    char *block = PyMem_Malloc(100);
    if (block == NULL) {
        return PyErr_NoMemory();
    }
    PyObject *list = step_6();
    if (list == NULL) {
        return NULL;
    }
    PyMem_Free(block);
    Py_DECREF(list);
    Py_RETURN_NONE;
}

/* One failure is handled by a smaller allocation; two are not. */
static PyObject *
forgets_in_second_failure(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(ignored))
{
    char *block = PyMem_Malloc(100);
    if (block == NULL) {
        return PyErr_NoMemory();
    }
    char *much = PyMem_Malloc(10000);
    if (much == NULL) {
        much = PyMem_Malloc(1000);
        if (much == NULL) {
            return PyErr_NoMemory();
        }
    }
    PyMem_Free(much);
    PyMem_Free(block);
    Py_RETURN_NONE;
}

/* ---- Crashes. ---- */

static PyObject *
uses_null(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(ignored))
{
    char *volatile block = PyMem_Malloc(100);
    block[0] = 1;
    PyMem_Free(block);
    Py_RETURN_NONE;
}

static PyObject *
gives_up(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(ignored))
{
    char *block = PyMem_Malloc(100);
    if (block == NULL) {
        Py_FatalError("no memory");
    }
    PyMem_Free(block);
    Py_RETURN_NONE;
}

/* ---- Lost errors. ---- */

static PyObject *
sets_no_error(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(ignored))
{
    char *block = PyMem_Malloc(100);
    if (block == NULL) {
        return NULL;
    }
    PyMem_Free(block);
    Py_RETURN_NONE;
}

static PyObject *
succeeds_with_an_error(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(ignored))
{
    PyObject *list = PyList_New(3);
    Py_XDECREF(list);
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"handles_all", handles_all, METH_NOARGS, NULL},
    {"forgets_block", forgets_block, METH_NOARGS, NULL},
    {"forgets_object", forgets_object, METH_NOARGS, NULL},
    {"forgets_argument", forgets_argument, METH_O, NULL},
    {"forgets_plain_malloc", forgets_plain_malloc, METH_NOARGS, NULL},
    {"forgets_far_out", forgets_far_out, METH_NOARGS, NULL},
    {"forgets_in_second_failure", forgets_in_second_failure, METH_NOARGS, NULL},
    {"uses_null", uses_null, METH_NOARGS, NULL},
    {"gives_up", gives_up, METH_NOARGS, NULL},
    {"sets_no_error", sets_no_error, METH_NOARGS, NULL},
    {"succeeds_with_an_error", succeeds_with_an_error, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {.m_base = PyModuleDef_HEAD_INIT, .m_name = "torture_planted", .m_size = -1, .m_methods = methods};

PyMODINIT_FUNC
PyInit_torture_planted(void)
{
    return PyModule_Create(&module);
}
