/* ---- The leak check by memcheck. ---- */

/* With XML memcheck looks for leaks at exit whatever --leak-check says (mc_post_clo_init in mc_main.c): some tenths of a second for every
   process that a test forks, and everything written again. Before 3.18 an option could not be changed (its release notes). */
static PyObject *
no_leak_check_at_exit(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(ignored))
{
#ifdef VALGRIND_CLO_CHANGE
    VALGRIND_CLO_CHANGE("--leak-check=no");
#endif
    Py_RETURN_NONE;
}

/* Limit for one record, including owned blocks. */
#define MAX_BLOCKS "10000"

/* Beyond this limit, blocks have no description, and immortal strings among them count. */
#define MAX_LOG_BYTES (16 * 1024 * 1024)

static off_t
size_of(int file)
{
    struct stat now;
    return fstat(file, &now) == 0 ? now.st_size : 0;
}

/* memcheck gives the addresses of leaked blocks only in answer to a monitor command (valgrind manual, 4.6), which names the loss record.
   The numbers stand in the XML that memcheck just wrote. No function here allocates: memcheck forgets the blocks when one is freed. */
static void
list_lost_blocks(int xml, off_t from, int log)
{
    /* valgrind 3.19 writes "definitely lost in loss record 175 of 7,003", 3.27 "definitely lost in new loss record …". */
    static const char lost[] = "definitely lost in ", number[] = "loss record ";
    off_t size = size_of(xml), most = size_of(log) + MAX_LOG_BYTES;
    if (size <= from) {
        return;
    }
    char *text = mmap(NULL, (size_t)size, PROT_READ, MAP_PRIVATE, xml, 0);
    if (text == MAP_FAILED) {
        return;
    }
    const char *end = text + size;
    const char *at = text + from;
    while (size_of(log) < most && (at = memmem(at, (size_t)(end - at), lost, sizeof(lost) - 1)) != NULL) {
        at = memmem(at, (size_t)(end - at), number, sizeof(number) - 1);
        if (at == NULL) {
            break;
        }
        at += sizeof(number) - 1;
        char command[64];
        long record = 0;
        for (const char *digit = at; digit < end && (*digit == ',' || (*digit >= '0' && *digit <= '9')); digit++) {
            record = *digit == ',' ? record : record * 10 + (*digit - '0');
        }
        snprintf(command, sizeof(command), "block_list %ld limited " MAX_BLOCKS, record);
        (void)VALGRIND_MONITOR_COMMAND(command);
    }
    munmap(text, (size_t)size);
}

struct added_leaks {
    int xml;
    int log;
    off_t from;
};

static void
look_with_memcheck(void *request)
{
    struct added_leaks *added = request;
    VALGRIND_DO_ADDED_LEAK_CHECK;
    if (added->xml >= 0 && added->log >= 0) {
        list_lost_blocks(added->xml, added->from, added->log);
    }
}

/* added_leaks(xml, log): writes the leaks added since the last call into memcheck's report, and the addresses of their blocks into
   valgrind's log. Without the two the loss is not needed. */
static PyObject *
added_leaks(PyObject *Py_UNUSED(self), PyObject *args)
{
    const char *xml_path = NULL, *log_path = NULL;
    if (!PyArg_ParseTuple(args, "|ss", &xml_path, &log_path)) {
        return NULL;
    }
    int xml = xml_path == NULL ? -1 : open(xml_path, O_RDONLY | O_CLOEXEC);
    int log = log_path == NULL ? -1 : open(log_path, O_RDONLY | O_CLOEXEC);
    struct added_leaks added = {xml, log, xml < 0 ? 0 : size_of(xml)};
    while_hidden(look_with_memcheck, &added);
    if (xml >= 0) {
        close(xml);
    }
    if (log >= 0) {
        close(log);
    }
    Py_RETURN_NONE;
}
