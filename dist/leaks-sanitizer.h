/* ---- The leak check by the leak sanitizer. ---- */

static int
require_sanitizer(void)
{
    if (!has_sanitizer()) {
        PyErr_SetString(PyExc_RuntimeError, "the leak sanitizer's runtime is not loaded");
        return -1;
    }
    return 0;
}

/* sanitizer_leaks(path): appends all current leaks that are not ignored to that file, in the leak sanitizer's format. */
static PyObject *
sanitizer_leaks(PyObject *Py_UNUSED(self), PyObject *path)
{
    const char *name = PyUnicode_AsUTF8(path);
    if (name == NULL || require_sanitizer() != 0) {
        return NULL;
    }
    int file = open(name, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) {
        return PyErr_SetFromErrnoWithFilename(PyExc_OSError, name);
    }
    write_leaks(file);
    close(file);
    Py_RETURN_NONE;
}

/* block_words(blocks): the content of all whole words of these blocks, in order, without pointers that own nothing. */
static PyObject *
block_words(PyObject *Py_UNUSED(self), PyObject *packed)
{
    const struct block *blocks;
    size_t count, size = 0;
    if (get_blocks(packed, &blocks, &count) != 0) {
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        size += blocks[i].size / sizeof(uintptr_t) * sizeof(uintptr_t);
    }
    PyObject *words = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)size);
    if (words == NULL) {
        return NULL;
    }
    char *to = PyBytes_AS_STRING(words);
    hide_all();
    for (size_t i = 0; i < count; i++) {
        size_t part = blocks[i].size / sizeof(uintptr_t) * sizeof(uintptr_t);
        memcpy(to, (const void *)blocks[i].address, part);
        to += part;
    }
    show_all();
    return words;
}

/* ignore_blocks(blocks): from now on they count as live, with everything that they refer to. */
static PyObject *
ignore_blocks(PyObject *Py_UNUSED(self), PyObject *packed)
{
    const struct block *blocks;
    size_t count;
    if (require_sanitizer() != 0 || get_blocks(packed, &blocks, &count) != 0) {
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        __lsan_ignore_object((const void *)blocks[i].address);
    }
    Py_RETURN_NONE;
}
