/* ---- What is lost. ---- */

/* A leaked object may be half initialized: reading it to describe it is our doing, not the test's error. */
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

/* Whether the head of an object can be read and is initialised, without an error if not. Outside valgrind the answer is yes. */
static int
is_initialised(PyObject *object)
{
    unsigned char unknown[sizeof(PyObject)] = {0};
    unsigned answer = VALGRIND_GET_VBITS(object, unknown, sizeof(unknown));
    return answer <= 1 && memcmp(unknown, (unsigned char[sizeof(unknown)]){0}, sizeof(unknown)) == 0;
}

/* References to immortal objects are not counted (since 3.12): the interned strings of a finished interpreter are such objects. */
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

/* immortal_strings(blocks): for each block one byte, 1 if it is a string that is never freed by design. */
static PyObject *
immortal_strings(PyObject *Py_UNUSED(self), PyObject *packed)
{
    const struct block *blocks;
    size_t count;
    if (get_blocks(packed, &blocks, &count) != 0) {
        return NULL;
    }
    PyObject *answers = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)count);
    for (size_t i = 0; answers != NULL && i < count; i++) {
        PyObject *object = (PyObject *)blocks[i].address;
        PyBytes_AS_STRING(answers)[i] = (char)(blocks[i].size >= sizeof(PyASCIIObject) && is_initialised(object) &&
                                               PyUnicode_CheckExact(object) && is_immortal(object));
    }
    return answers;
}

/* lost_object(address, size, types): (reference count, whether it is immortal, object) of the Python object in a leaked block, or None if
   there is none. `types` maps the address of each living type to the type: an object is only believed if its type is one of them, and if
   the type says that its objects begin where this one does. */
static PyObject *
lost_object(PyObject *Py_UNUSED(self), PyObject *args)
{
    unsigned long long address;
    Py_ssize_t size;
    PyObject *types;
    if (!PyArg_ParseTuple(args, "KnO!", &address, &size, &PyDict_Type, &types)) {
        return NULL;
    }
    for (Py_ssize_t header = 0; header + (Py_ssize_t)sizeof(PyObject) <= size && header <= 32; header += 16) {
        PyObject *object = (PyObject *)(uintptr_t)(address + (unsigned long long)header);
        if (!is_initialised(object)) {
            continue;
        }
        PyObject *key = PyLong_FromVoidPtr(Py_TYPE(object));
        PyObject *type = key == NULL ? NULL : PyDict_GetItemWithError(types, key);
        Py_XDECREF(key);
        if (type == NULL && PyErr_Occurred()) {
            return NULL;
        }
        /* A count of 0 is an object that was being freed: to return it would free it again. */
        if (type != NULL && (Py_ssize_t)_PyType_PreHeaderSize((PyTypeObject *)type) == header && Py_REFCNT(object) > 0) {
            return Py_BuildValue("nOO", Py_REFCNT(object), is_immortal(object) ? Py_True : Py_False, object);
        }
    }
    Py_RETURN_NONE;
}
