/* ---- The leak check by the leak sanitizer. ---- */

/* Weak: they are there when the runtime is preloaded. */
__attribute__((weak)) int __lsan_do_recoverable_leak_check(void);
__attribute__((weak)) void __lsan_ignore_object(const void *block);
__attribute__((weak)) void __lsan_register_root_region(const void *begin, size_t size);
__attribute__((weak)) void __lsan_unregister_root_region(const void *begin, size_t size);
__attribute__((weak)) void __sanitizer_set_report_fd(void *descriptor);

static int
require_sanitizer(void)
{
    if (__lsan_do_recoverable_leak_check == NULL || __lsan_ignore_object == NULL || __lsan_register_root_region == NULL ||
        __lsan_unregister_root_region == NULL || __sanitizer_set_report_fd == NULL) {
        PyErr_SetString(PyExc_RuntimeError, "the leak sanitizer's runtime is not loaded");
        return -1;
    }
    return 0;
}

/* Its roots are globals, stacks and registers. The threads' stacks of frames are mapped (_PyObject_VirtualAlloc), and hold the locals of
   all functions that run. */
static void
for_each_chunk(void (*act)(const void *, size_t))
{
    for (PyInterpreterState *interp = PyInterpreterState_Head(); interp != NULL; interp = PyInterpreterState_Next(interp)) {
        for (PyThreadState *t = PyInterpreterState_ThreadHead(interp); t != NULL; t = PyThreadState_Next(t)) {
            for (_PyStackChunk *chunk = t->datastack_chunk; chunk != NULL; chunk = chunk->previous) {
                act(chunk, chunk->size);
            }
        }
    }
}

/* sanitizer_leaks(path): adds all that is lost by now and not ignored to that file, in the leak sanitizer's words. */
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
    for_each_chunk(__lsan_register_root_region);
    __sanitizer_set_report_fd((void *)(intptr_t)file);
    hide_all();
    (void)__lsan_do_recoverable_leak_check();
    show_all();
    __sanitizer_set_report_fd((void *)(intptr_t)STDERR_FILENO);
    for_each_chunk(__lsan_unregister_root_region);
    close(file);
    Py_RETURN_NONE;
}

/* block_words(blocks): what stands in all whole words of these blocks, one after another, less what owns nothing. */
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

/* ignore_blocks(blocks): from now on they count as living, with all that they point to. */
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
