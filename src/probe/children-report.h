/* ---- What is known of each lost block, as lines behind the leak sanitizer's words. The analysis is the worker's, in Python. ----

     string ADDRESS                                             it is immortal by design
     object ADDRESS REFERENCES IMMORTAL OBJECT LENGTH TYPE REPR  separated by tabs; LENGTH is -1, REPR is empty where there is none
     words ADDRESS WORD…                                        less what owns nothing */

/* Limit of memory in the reported blocks: with more, only the number is reported. */
#define MAX_REPORTED_BYTES (4 * 1024 * 1024)
#define MAX_REPORTED_BLOCKS 100000

struct lost_block {
    uintptr_t address;
    size_t size;
};

/* `0x602000000010 (56 bytes)` */
static size_t
read_blocks(const char *text, const char *end, struct lost_block *blocks)
{
    size_t count = 0;
    while (text < end && count < MAX_REPORTED_BLOCKS) {
        const char *next = memchr(text, '\n', (size_t)(end - text));
        if (next == NULL) {
            break;
        }
        char line[64];
        size_t length = (size_t)(next - text) < sizeof(line) ? (size_t)(next - text) : sizeof(line) - 1;
        memcpy(line, text, length);
        line[length] = '\0';
        unsigned long long address;
        size_t size;
        if (sscanf(line, "0x%llx (%zu bytes)", &address, &size) == 2) {
            blocks[count++] = (struct lost_block){(uintptr_t)address, size};
        }
        text = next + 1;
    }
    return count;
}

/* Like cpython_memcheck_objects.py: all classes by their addresses. NULL on failure. */
static PyObject *
living_types(void)
{
    PyObject *found = PyDict_New(), *left = PyList_New(0);
    if (found == NULL || left == NULL || PyList_Append(left, (PyObject *)&PyBaseObject_Type) < 0) {
        Py_CLEAR(found);
    }
    for (Py_ssize_t i = 0; found != NULL && i < PyList_GET_SIZE(left); i++) {
        PyObject *cls = PyList_GET_ITEM(left, i), *key = PyLong_FromVoidPtr(cls);
        int known = key == NULL ? -1 : PyDict_Contains(found, key);
        if (known == 0 && PyDict_SetItem(found, key, cls) == 0) {
            PyObject *more = PyObject_CallMethod((PyObject *)&PyType_Type, "__subclasses__", "O", cls);
            known = more == NULL ? -1 : PyList_SetSlice(left, PyList_GET_SIZE(left), PyList_GET_SIZE(left), more);
            Py_XDECREF(more);
        }
        Py_XDECREF(key);
        if (known < 0) {
            Py_CLEAR(found);
        }
    }
    Py_XDECREF(left);
    return found;
}

/* Our own text, in one line. */
static void
print_text(FILE *to, PyObject *text)
{
    const char *utf8 = text == NULL ? NULL : PyUnicode_AsUTF8(text);
    if (utf8 == NULL) {
        PyErr_Clear();
        return;
    }
    for (; *utf8 != '\0'; utf8++) {
        fputc((unsigned char)*utf8 < ' ' ? '?' : *utf8, to);
    }
}

/* Uses only built-in types' methods, which run none of the child's code. */
static void
print_value(FILE *to, PyObject *object)
{
    int is_text = PyUnicode_CheckExact(object) || PyBytes_CheckExact(object);
    int has_length = is_text || PyList_CheckExact(object) || PyTuple_CheckExact(object) || PyDict_CheckExact(object) ||
                     PySet_CheckExact(object) || PyFrozenSet_CheckExact(object) || PyByteArray_CheckExact(object);
    Py_ssize_t length = has_length ? PyObject_Size(object) : -1;
    fprintf(to, "%zd\t", length);
    PyObject *name = PyType_GetQualName(Py_TYPE(object)), *repr = NULL;
    print_text(to, name);
    fputc('\t', to);
    if (is_text) {
        PyObject *head = PySequence_GetSlice(object, 0, 60);
        repr = head == NULL ? NULL : PyObject_Repr(head);
        Py_XDECREF(head);
    }
    else if (PyFloat_CheckExact(object) || PyLong_CheckExact(object)) {
        repr = PyObject_Repr(object);
    }
    print_text(to, repr);
    Py_XDECREF(repr);
    Py_XDECREF(name);
    PyErr_Clear();
}

static void
print_objects(FILE *to, const struct lost_block *blocks, size_t count)
{
    PyObject *types = living_types();
    for (size_t i = 0; types != NULL && i < count; i++) {
        if (is_immortal_by_design(blocks[i].address, blocks[i].size)) {
            fprintf(to, "string 0x%zx\n", (size_t)blocks[i].address);
        }
        PyObject *object = object_in(blocks[i].address, (Py_ssize_t)blocks[i].size, types);
        if (object != NULL) {
            Py_ssize_t references = references_to(object);
            fprintf(to, "object\t0x%zx\t%zd\t%d\t0x%zx\t", (size_t)blocks[i].address, references, is_immortal(object), (size_t)object);
            print_value(to, object);
            fputc('\n', to);
        }
    }
    Py_XDECREF(types);
    PyErr_Clear();
}

static void
print_words(FILE *to, const struct lost_block *blocks, size_t count)
{
    size_t size = 0;
    for (size_t i = 0; i < count; i++) {
        size += blocks[i].size;
    }
    void *copy =
        size == 0 || size > MAX_REPORTED_BYTES ? MAP_FAILED : mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (copy == MAP_FAILED) {
        return;
    }
    uintptr_t *at = copy;
    /* While pointers are hidden, nothing may be allocated. */
    hide_all();
    for (size_t i = 0; i < count; i++) {
        size_t words = blocks[i].size / sizeof(uintptr_t);
        memcpy(at, (const void *)blocks[i].address, words * sizeof(uintptr_t));
        at += words;
    }
    show_all();
    at = copy;
    for (size_t i = 0; i < count; i++) {
        fprintf(to, "words 0x%zx", (size_t)blocks[i].address);
        for (size_t left = blocks[i].size / sizeof(uintptr_t); left > 0; left--) {
            fprintf(to, " %zx", (size_t)*at++);
        }
        fputc('\n', to);
    }
    munmap(copy, size);
}

/* From here on, `file` has the leak sanitizer's output. */
static void
report_blocks(int file, off_t from, off_t to)
{
    char *text = mmap(NULL, (size_t)to, PROT_READ, MAP_PRIVATE, file, 0);
    struct lost_block *blocks = malloc(MAX_REPORTED_BLOCKS * sizeof(*blocks));
    FILE *out = fdopen(dup(file), "a");
    if (text != MAP_FAILED && blocks != NULL && out != NULL) {
        size_t count = read_blocks(text + from, text + to, blocks);
        print_words(out, blocks, count);
        print_objects(out, blocks, count);
    }
    if (out != NULL) {
        fclose(out);
    }
    free(blocks);
    if (text != MAP_FAILED) {
        munmap(text, (size_t)to);
    }
}
