/* A small extension module. With -DLEAK its `pair` keeps a reference to each tuple that it makes, and its `label` to each str.
   With -DFORGETS its `boxed` loses the list if there is no memory for what goes in. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

static PyObject *basket_pair(PyObject *self, PyObject *item)
{
    PyObject *pair = PyTuple_Pack(2, item, item);
#ifdef LEAK
    Py_XINCREF(pair);
#endif
    return pair;
}

static PyObject *basket_label(PyObject *self, PyObject *item)
{
    PyObject *label = PyObject_Str(item);
#ifdef LEAK
    Py_XINCREF(label);
#endif
    return label;
}

static PyObject *basket_total(PyObject *self, PyObject *items)
{
    return PyLong_FromSsize_t(PyObject_Size(items));
}

static PyObject *basket_boxed(PyObject *self, PyObject *item)
{
    PyObject *box = PyList_New(1);
    if (box == NULL) {
        return NULL;
    }
    PyObject *text = PyObject_Repr(item);
    if (text == NULL) {
#ifndef FORGETS
        Py_DECREF(box);
#endif
        return NULL;
    }
    PyList_SET_ITEM(box, 0, text);
    return box;
}

static PyMethodDef methods[] = {
    {"pair", basket_pair, METH_O, NULL},
    {"label", basket_label, METH_O, NULL},
    {"total", basket_total, METH_O, NULL},
    {"boxed", basket_boxed, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "basket", NULL, 0, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit_basket(void)
{
    return PyModuleDef_Init(&module);
}
