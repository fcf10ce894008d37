/* ---- The leak check by the leak sanitizer. ---- */

static int
require_sanitizer(void)
{
    if (!has_marker() && !has_sanitizer()) {
        PyErr_SetString(PyExc_RuntimeError, "neither the leak sanitizer's runtime nor the marker is loaded");
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

struct copying {
    const struct block *blocks;
    size_t count;
    char *to;
};

static void
copy_blocks(void *request)
{
    struct copying *copying = request;
    for (size_t i = 0; i < copying->count; i++) {
        size_t part = copying->blocks[i].size / sizeof(uintptr_t) * sizeof(uintptr_t);
        memcpy(copying->to, (const void *)copying->blocks[i].address, part);
        copying->to += part;
    }
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
    while_hidden(copy_blocks, &(struct copying){blocks, count, PyBytes_AS_STRING(words)});
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
        if (has_marker()) {
            cpython_memcheck_ignore_lost(blocks[i].address);
        }
        else {
            __lsan_ignore_object((const void *)blocks[i].address);
        }
    }
    Py_RETURN_NONE;
}
