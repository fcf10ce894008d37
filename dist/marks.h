/* ---- Marks: lines of text in the report, in order with the errors. ---- */

/* For the scan; empty under memcheck, whose report has the marks. A test can't close it, nor write to it by mocking functions of os. */
static char journal[PATH_MAX];
static pid_t journal_of;

/* In preload.c, for the scan. */
__attribute__((weak)) extern pid_t cpython_memcheck_scanned;

/* start_journal(path): from now on, marks of this process go there. Forks of it write nothing. */
static PyObject *
start_journal(PyObject *Py_UNUSED(self), PyObject *path)
{
    Py_ssize_t length;
    const char *utf8 = PyUnicode_AsUTF8AndSize(path, &length);
    if (utf8 == NULL) {
        return NULL;
    }
    if (length >= (Py_ssize_t)sizeof(journal)) {
        PyErr_SetString(PyExc_ValueError, "the journal's path is too long");
        return NULL;
    }
    memcpy(journal, utf8, (size_t)length + 1);
    journal_of = getpid();
    if (&cpython_memcheck_scanned != NULL) {
        cpython_memcheck_scanned = journal_of;
    }
    Py_RETURN_NONE;
}

/* The reader of the journal notices a missing entry: each has a beginning and an end. */
static void
write_journal(const char *text, size_t left)
{
    int file = open(journal, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    while (file >= 0 && left > 0) {
        ssize_t written = write(file, text, left);
        if (written <= 0) {
            break;
        }
        text += written;
        left -= (size_t)written;
    }
    if (file >= 0) {
        close(file);
    }
}

static PyObject *
mark(PyObject *Py_UNUSED(self), PyObject *text)
{
    Py_ssize_t length;
    const char *utf8 = PyUnicode_AsUTF8AndSize(text, &length);
    if (utf8 == NULL) {
        return NULL;
    }
    if (journal[0] == '\0') {
        VALGRIND_PRINTF("%s", utf8);
    }
    else if (journal_of == getpid()) {
        write_journal(utf8, (size_t)length);
    }
    Py_RETURN_NONE;
}
