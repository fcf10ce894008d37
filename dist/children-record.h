/* ---- A child's record, in a file with a beginning and an end (cpython_memcheck_children.py). ---- */

static char record[PATH_MAX];
/* The process that it belongs to: forks of it write nothing. */
static pid_t record_of;

/* In preload.c: only that process is checked. */
__attribute__((weak)) extern pid_t cpython_memcheck_scanned;

static int
open_with(int flags)
{
    return open(record, O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW | flags, 0600);
}

/* A write beyond the limit raises a signal. */
static int
is_size_limited(void)
{
    struct rlimit limit;
    return getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
}

/* -1 in a process that this one forked, and where nothing may be written. */
int
cpython_memcheck_open_record(void)
{
    return record_of == getpid() && !is_size_limited() ? open_with(0) : -1;
}

/* Only write(2): it is called when a process is about to execute another program. */
static void
add_to_record(const char *text)
{
    int file = cpython_memcheck_open_record();
    if (file >= 0) {
        ssize_t written = write(file, text, strlen(text));
        (void)written;
        close(file);
    }
}

/* Process numbers can be reused, and a process can become an interpreter twice. */
static void
begin_record(const char *folder)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    int length = snprintf(record, sizeof(record), "%s/%ld-%lld%09ld.child", folder, (long)getpid(), (long long)now.tv_sec, now.tv_nsec);
    if (length >= (int)sizeof(record)) {
        return;
    }
    /* A child of another user can't write here. It was counted by the process that started it. */
    int file = open_with(O_CREAT | O_EXCL);
    if (file < 0) {
        return;
    }
    close(file);
    record_of = getpid();
    if (&cpython_memcheck_scanned != NULL) {
        cpython_memcheck_scanned = record_of;
    }
}

/* The last of these lines counts: a call of exec() may fail. */
void
cpython_memcheck_end_record(const char *why)
{
    char line[64];
    snprintf(line, sizeof(line), "end %s\n", why);
    add_to_record(line);
}
