/* ---- The method cache, for counting references: it owns the names that were looked up on types. ---- */

#if HAS_TYPE_CACHES
static void
clear_type_cache(PyTypeObject *type)
{
    if (type != NULL) {
        _PyTypeCache_Invalidate(type);
    }
}

static void
clear_static_types(PyInterpreterState *interp)
{
    for (size_t i = 0; i < interp->types.builtins.num_initialized; i++) {
        clear_type_cache(interp->types.builtins.initialized[i].type);
    }
    for (size_t i = 0; i < Py_ARRAY_LENGTH(interp->types.for_extensions.initialized); i++) {
        clear_type_cache(interp->types.for_extensions.initialized[i].type);
    }
}

#  ifndef Py_GIL_DISABLED
static void
clear_heap_types(PyGC_Head *list)
{
    for (PyGC_Head *head = (PyGC_Head *)(list->_gc_next & ~LINK_FLAGS); head != list; head = (PyGC_Head *)(head->_gc_next & ~LINK_FLAGS)) {
        PyObject *object = (PyObject *)(head + 1);
        if (PyType_Check(object)) {
            clear_type_cache((PyTypeObject *)object);
        }
    }
}
#  endif
#endif

/* Each run of a test may look up more names, and so leave more references in the cache. Since 3.16 each type has its own
   (Python/typecache.c), and PyType_ClearCache() clears nothing. */
static PyObject *
clear_method_cache(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(ignored))
{
    PyType_ClearCache();
#if HAS_TYPE_CACHES && !defined(Py_GIL_DISABLED)
    PyInterpreterState *interp = PyInterpreterState_Get();
    PyGC_Head *generations[] = GENERATIONS(&interp->gc);
    clear_static_types(interp);
    for (size_t i = 0; i < Py_ARRAY_LENGTH(generations); i++) {
        clear_heap_types(generations[i]);
    }
#endif
    Py_RETURN_NONE;
}
