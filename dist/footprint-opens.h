/* ---- Files. ---- */

/* The real path of an open file, whatever name was used to open it. */
static int
note_open(int file)
{
    if (file < 0 || record == NULL) {
        return file;
    }
    int error = errno;
    char link[40], path[PATH_MAX];
    snprintf(link, sizeof(link), "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof(path));
    if (length > 0) {
        note_file(path, (size_t)length);
    }
    errno = error;
    return file;
}

#define OPEN(name) \
    int name(const char *path, int flags, ...) \
    { \
        REAL(name) \
        va_list rest; \
        va_start(rest, flags); \
        mode_t mode = (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(rest, mode_t) : 0; \
        va_end(rest); \
        return note_open(real(path, flags, mode)); \
    }
#define OPEN_AT(name) \
    int name(int folder, const char *path, int flags, ...) \
    { \
        REAL(name) \
        va_list rest; \
        va_start(rest, flags); \
        mode_t mode = (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(rest, mode_t) : 0; \
        va_end(rest); \
        return note_open(real(folder, path, flags, mode)); \
    }
#define OPEN_STREAM(name) \
    FILE *name(const char *path, const char *mode) \
    { \
        REAL(name) \
        FILE *stream = real(path, mode); \
        if (stream != NULL) { \
            note_open(fileno(stream)); \
        } \
        return stream; \
    }

OPEN(open)
OPEN(open64)
OPEN_AT(openat)
OPEN_AT(openat64)
OPEN_STREAM(fopen)
OPEN_STREAM(fopen64)

/* open() as compiled with _FORTIFY_SOURCE. */
int __open_2(const char *path, int flags);
int __open64_2(const char *path, int flags);
int __openat_2(int folder, const char *path, int flags);
int __openat64_2(int folder, const char *path, int flags);

int
__open_2(const char *path, int flags)
{
    return open(path, flags);
}

int
__open64_2(const char *path, int flags)
{
    return open64(path, flags);
}

int
__openat_2(int folder, const char *path, int flags)
{
    return openat(folder, path, flags);
}

int
__openat64_2(int folder, const char *path, int flags)
{
    return openat64(folder, path, flags);
}
