/* ---- The record and its files. ---- */

#define VARIABLE "CPYTHON_MEMCHECK_FOOTPRINT"

/* The list of functions, and the record; footprint-files.ts writes the former and reads the latter. */
#define MAGIC 0x33504d43u

struct listed_object {
    uint32_t path, first, count;
};

struct list {
    uint32_t magic, objects, functions, roots;
    /* Whether every other program that a test file starts leaves a gap in the record, because it may read files of the project unseen. */
    uint32_t is_strict;
    struct listed_object object[];
    /* Followed by the folders whose files are recorded, innermost first, the address of each function in its object, and the strings. */
};

enum { SEEN = 8192, LOG = 512 * 1024 };

/* A line of the log begins with the folder as two digits of this base, which are printable characters from `0` on. */
enum { BASE = 64, DIGITS = 2 };

/* Gaps, and whether the record is that of a test file, not of the worker that test files are forked from. */
enum flag { IS_FULL = 1, HAS_UNSEEN_PROGRAM = 2, HAS_UNSEEN_FUNCTION = 4, IS_OF_TEST = 8 };

struct record {
    uint32_t magic, functions;
    atomic_uint flags, log_size;
    /* Hashes of the paths in the log. */
    atomic_ullong seen[SEEN];
    char log[LOG];
    /* By function: one of `enum hit`. */
    uint8_t hits[];
};

/* Functions that a worker ran count for all its forks: there and in interpreters that they start, they need no breakpoint. */
enum hit { NOT_RUN, WAS_RUN, RUN_BEFORE };

static const struct list *list;
static const uint32_t *addresses, *roots;
static const char *strings;

static struct record *record;
static char list_path[PATH_MAX], record_path[PATH_MAX], own_path[PATH_MAX];

/* The original code at the breakpoints, by function. */
static uint8_t *originals;

/* Whether a record has the function, of this process or of those that it was forked from. */
static uint8_t *known;

/* For each object of the list: its address, if it is loaded. */
struct place {
    bool is_loaded;
    uintptr_t base;
};

static struct place *places;

/* A child of vfork shares our memory, but not our signal handlers. */
static pid_t process;

#define BREAKPOINT 0xCC

#define REAL(name) \
    static __typeof__(&name) real; \
    if (real == NULL) { \
        real = (__typeof__(&name))dlsym(RTLD_NEXT, #name); \
    }

static const char *
string_at(uint32_t offset)
{
    return strings + offset;
}

static void
flag(enum flag one)
{
    if (record != NULL) {
        atomic_fetch_or(&record->flags, (unsigned)one);
    }
}

/* Whether a program that starts now leaves a gap in the record. */
static bool
is_strict(void)
{
    return list->is_strict && record != NULL && (atomic_load(&record->flags) & IS_OF_TEST) != 0;
}

static void *
map_file(const char *path, int flags, size_t size)
{
    int file = (int)syscall(SYS_openat, AT_FDCWD, path, flags | O_CLOEXEC, 0600);
    struct stat status;
    void *mapped = MAP_FAILED;
    bool is_new = (flags & O_CREAT) != 0;
    if (file >= 0 && (is_new ? posix_fallocate(file, 0, (off_t)size) == 0 : fstat(file, &status) == 0)) {
        int protection = (flags & O_ACCMODE) == O_RDONLY ? PROT_READ : PROT_READ | PROT_WRITE;
        mapped = mmap(NULL, is_new ? size : (size_t)status.st_size, protection, MAP_SHARED, file, 0);
    }
    if (file >= 0) {
        close(file);
    }
    return mapped == MAP_FAILED ? NULL : mapped;
}

static void *
map_private(size_t size)
{
    void *mapped = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return mapped == MAP_FAILED ? NULL : mapped;
}

static size_t
record_size(void)
{
    return sizeof(struct record) + list->functions;
}

static struct record *
open_record(const char *path)
{
    struct record *opened = map_file(path, O_RDWR | O_CREAT, record_size());
    if (opened != NULL) {
        opened->magic = MAGIC;
        opened->functions = list->functions;
    }
    return opened;
}

/* Copies a path to the log. A line break in it becomes a zero byte, which is written for nothing else: the record is then unreadable. */
static void
copy_path(char *to, const char *path, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        to[i] = path[i] == '\n' ? '\0' : path[i];
    }
}

/* Writes a line to the log: the folder, and the path relative to it. */
static bool
write_line(uint32_t root, const char *path, size_t length)
{
    unsigned size = DIGITS + (unsigned)length + 1;
    unsigned at = atomic_fetch_add(&record->log_size, size);
    if (at + size > LOG) {
        return false;
    }
    char *line = record->log + at;
    line[0] = (char)('0' + root / BASE);
    line[1] = (char)('0' + root % BASE);
    copy_path(line + DIGITS, path, length);
    line[size - 1] = '\n';
    return true;
}

/* Writes a path to the log if it is not there yet. */
static void
note_path(uint32_t root, const char *path, size_t length)
{
    unsigned long long hash = 14695981039346656037u + root;
    for (size_t i = 0; i < length; i++) {
        hash = (hash ^ (unsigned char)path[i]) * 1099511628211u;
    }
    hash |= 1;
    for (unsigned i = 0; i < SEEN && root < BASE * BASE; i++) {
        unsigned long long empty = 0;
        atomic_ullong *slot = &record->seen[(hash + i) % SEEN];
        if (atomic_compare_exchange_strong(slot, &empty, hash)) {
            if (!write_line(root, path, length)) {
                break;
            }
            return;
        }
        if (empty == hash) {
            return;
        }
    }
    flag(IS_FULL);
}

/* Records a file if it is in one of the watched folders. */
static void
note_file(const char *path, size_t length)
{
    for (uint32_t i = 0; i < list->roots; i++) {
        const char *root = string_at(roots[i]);
        size_t root_length = strlen(root);
        if (length > root_length + 1 && memcmp(path, root, root_length) == 0 && path[root_length] == '/') {
            note_path(i, path + root_length + 1, length - root_length - 1);
            return;
        }
    }
}

static bool
is_same_file(const char *path, const char *other)
{
    struct stat a, b;
    return stat(path, &a) == 0 && stat(other, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}
