/* Blocks come from Python as pairs of words, address and size. */
struct block {
    uintptr_t address;
    uintptr_t size;
};

static int
get_blocks(PyObject *packed, const struct block **blocks, size_t *count)
{
    char *bytes;
    Py_ssize_t size;
    if (PyBytes_AsStringAndSize(packed, &bytes, &size) != 0) {
        return -1;
    }
    *blocks = (const struct block *)bytes;
    *count = (size_t)size / sizeof(struct block);
    return 0;
}
