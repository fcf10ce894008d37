/* ---- The Python object in a block of memory. ---- */

/* Immortal objects are not reference-counted (since 3.12), for example the interned strings of a finished interpreter. */
static int
is_immortal(PyObject *object)
{
#if HAS_IMMORTAL_OBJECTS
    return _Py_IsImmortal(object);
#else
    (void)object;
    return 0;
#endif
}

/* A free-threaded build adds a large number to the counts of objects with deferred counting. References that each thread counts separately
   are not included. */
static Py_ssize_t
references_to(PyObject *object)
{
    Py_ssize_t count = Py_REFCNT(object);
#ifdef _Py_REF_DEFERRED
    count -= count >= _Py_REF_DEFERRED / 2 ? _Py_REF_DEFERRED : 0;
#endif
    return count;
}

/* Immortal strings are left behind by design when their interpreter ends. Once a thread has started, 3.13 without a GIL makes functions of
   modules, code and classes immortal (gh-117783): those that are dropped are never freed. */
static int
is_immortal_by_design(uintptr_t address, size_t size)
{
    PyObject *object = (PyObject *)address;
    if (size < sizeof(PyASCIIObject) || !is_initialised(object) || !is_immortal(object)) {
        return 0;
    }
#if defined(Py_GIL_DISABLED) && PY_VERSION_HEX < 0x030E0000
    return 1;
#else
    return PyUnicode_CheckExact(object);
#endif
}

/* The object, borrowed; NULL if there is none. `types` maps the address of each living type to the type: an object is only believed if its
   type is one of them, and if the type says that its objects begin where this one does. */
static PyObject *
object_in(uintptr_t address, Py_ssize_t size, PyObject *types)
{
    for (Py_ssize_t header = 0; header + (Py_ssize_t)sizeof(PyObject) <= size && header <= 32; header += 16) {
        PyObject *object = (PyObject *)(address + (uintptr_t)header);
        if (!is_initialised(object)) {
            continue;
        }
        PyObject *key = PyLong_FromVoidPtr(Py_TYPE(object));
        PyObject *type = key == NULL ? NULL : PyDict_GetItemWithError(types, key);
        Py_XDECREF(key);
        if (type == NULL && PyErr_Occurred()) {
            return NULL;
        }
        /* A count of 0 is an object that was being freed: returning it would free it again. */
        if (type != NULL && (Py_ssize_t)_PyType_PreHeaderSize((PyTypeObject *)type) == header && Py_REFCNT(object) > 0) {
            return object;
        }
    }
    return NULL;
}
