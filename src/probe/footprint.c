/* Preloaded by a scan that records: which functions of the build a test file runs, and which files of the source it opens.

   Each function begins with a breakpoint, which its first call takes away: the build stays as it is, and later calls cost nothing. What a
   worker ran counts for all test files: its children and what they start have no breakpoints there. What is
   seen goes into a file that all processes of a test file have mapped: a crash loses nothing, and interpreters that a test starts are seen,
   too. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <link.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#ifdef __x86_64__

#  define VARIABLE "CPYTHON_MEMCHECK_FOOTPRINT"

/* The list of functions, and the record; footprint-files.ts writes the one and reads the other. */
#  define MAGIC 0x31504d43u

struct listed_object {
    uint32_t path, first, count;
};

struct list {
    uint32_t magic, objects, functions, tree;
    struct listed_object object[];
    /* Then the address of each function in its object, and the strings. */
};

enum { SEEN = 8192, LOG = 512 * 1024 };

enum flag { IS_FULL = 1, HAS_UNSEEN_PROGRAM = 2, HAS_UNSEEN_FUNCTION = 4 };

struct record {
    uint32_t magic, functions;
    atomic_uint flags, log_size;
    /* Hashes of the paths in the log. */
    atomic_ullong seen[SEEN];
    char log[LOG];
    /* By function: one of `enum hit`. */
    uint8_t hits[];
};

/* What a worker recorded is known to be run by all that it forks: there it needs no breakpoint, nor in what they start. */
enum hit { NOT_RUN, WAS_RUN, RUN_BEFORE };

static const struct list *list;
static const uint32_t *addresses;
static const char *strings;

static struct record *record;
static char list_path[PATH_MAX], record_path[PATH_MAX], own_path[PATH_MAX];

/* What stands where the breakpoints are, by function. */
static uint8_t *originals;

/* Whether a record has the function, of this process or of those that it was forked from. */
static uint8_t *known;

/* Of each object of the list: where it is, if it is loaded. */
struct place {
    bool is_loaded;
    uintptr_t base;
};

static struct place *places;

/* A child of vfork shares our memory, but not our signal handlers. */
static pid_t process;

#  define BREAKPOINT 0xCC

#  define REAL(name) \
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

/* ---- Breakpoints. ---- */

/* The function that begins there, or -1. */
static ptrdiff_t
function_at(uintptr_t address)
{
    for (uint32_t i = 0; i < list->objects; i++) {
        const struct listed_object *object = &list->object[i];
        if (!places[i].is_loaded || address < places[i].base || address - places[i].base > UINT32_MAX) {
            continue;
        }
        uint32_t offset = (uint32_t)(address - places[i].base), low = object->first, high = object->first + object->count;
        while (low < high) {
            uint32_t middle = low + (high - low) / 2;
            if (addresses[middle] < offset) {
                low = middle + 1;
            }
            else {
                high = middle;
            }
        }
        if (low < object->first + object->count && addresses[low] == offset) {
            return (ptrdiff_t)low;
        }
    }
    return -1;
}

static void
arm(uint32_t index)
{
    const struct listed_object *object = &list->object[index];
    for (uint32_t i = object->first; i < object->first + object->count; i++) {
        if (record->hits[i] != NOT_RUN) {
            continue;
        }
        volatile uint8_t *code = (volatile uint8_t *)(places[index].base + addresses[i]);
        if (*code != BREAKPOINT) {
            originals[i] = *code;
            *code = BREAKPOINT;
        }
    }
}

static bool
is_same_file(const char *path, const char *other)
{
    struct stat a, b;
    return stat(path, &a) == 0 && stat(other, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

static const char *
base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

static int
take_object(struct dl_phdr_info *info, size_t size, void *first)
{
    (void)size;
    bool is_program = *(bool *)first;
    *(bool *)first = false;
    for (uint32_t i = is_program ? 0 : 1; i < (is_program ? 1 : list->objects); i++) {
        const char *path = string_at(list->object[i].path);
        bool has_name = is_program || strcmp(base_name(path), base_name(info->dlpi_name)) == 0;
        if (places[i].is_loaded || !has_name || (!is_program && !is_same_file(path, info->dlpi_name))) {
            continue;
        }
        for (int j = 0; j < info->dlpi_phnum; j++) {
            const ElfW(Phdr) *part = &info->dlpi_phdr[j];
            uintptr_t from = (info->dlpi_addr + part->p_vaddr) & ~(uintptr_t)4095;
            if (part->p_type == PT_LOAD && (part->p_flags & PF_X) != 0 &&
                mprotect((void *)from, info->dlpi_addr + part->p_vaddr + part->p_memsz - from, PROT_READ | PROT_WRITE | PROT_EXEC) != 0) {
                flag(HAS_UNSEEN_FUNCTION);
                return 0;
            }
        }
        places[i] = (struct place){true, info->dlpi_addr};
        arm(i);
    }
    return 0;
}

static pthread_mutex_t loading = PTHREAD_MUTEX_INITIALIZER;

static void
take_objects(void)
{
    bool first = true;
    pthread_mutex_lock(&loading);
    dl_iterate_phdr(take_object, &first);
    pthread_mutex_unlock(&loading);
}

/* What the process itself wants of SIGTRAP, which is ours. */
static struct sigaction wanted;
static __thread bool is_blocked;

static void
on_trap(int number, siginfo_t *info, void *context)
{
    greg_t *next = &((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];
    int error = errno;
    ptrdiff_t function = info->si_code == SI_KERNEL ? function_at((uintptr_t)*next - 1) : -1;
    if (function >= 0) {
        /* Another thread may have been here meanwhile: then the call is made again, all the same. */
        record->hits[function] = WAS_RUN;
        *(volatile uint8_t *)(*next - 1) = originals[function];
        *next -= 1;
    }
    else if (wanted.sa_handler == SIG_DFL) {
        struct sigaction action = {.sa_handler = SIG_DFL};
        syscall(SYS_rt_sigaction, number, &action, NULL, 8);
        syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), number);
    }
    else if (wanted.sa_handler != SIG_IGN) {
        if ((wanted.sa_flags & SA_SIGINFO) != 0) {
            wanted.sa_sigaction(number, info, context);
        }
        else {
            wanted.sa_handler(number);
        }
    }
    errno = error;
}

/* libc's own: the leak sanitizer stands in for the other one, and may not be ready yet. */
int __sigaction(int number, const struct sigaction *action, struct sigaction *old);

/* A breakpoint kills a thread that blocks SIGTRAP, and a process that ignores it. So neither is done, and both are said to be done. */
int
sigaction(int number, const struct sigaction *action, struct sigaction *old)
{
    REAL(sigaction)
    if (record == NULL) {
        return real(number, action, old);
    }
    if (number == SIGTRAP) {
        if (old != NULL) {
            *old = wanted;
        }
        if (action != NULL && getpid() == process) {
            wanted = *action;
        }
        return 0;
    }
    if (action == NULL) {
        return real(number, NULL, old);
    }
    struct sigaction without = *action;
    sigdelset(&without.sa_mask, SIGTRAP);
    return real(number, &without, old);
}

sighandler_t
signal(int number, sighandler_t handler)
{
    REAL(signal)
    if (record == NULL || number != SIGTRAP) {
        return real(number, handler);
    }
    sighandler_t before = wanted.sa_handler;
    wanted = (struct sigaction){.sa_handler = handler, .sa_flags = SA_RESTART};
    return before;
}

typedef int mask_function(int, const sigset_t *, sigset_t *);

static int
set_mask(mask_function *real, int how, const sigset_t *set, sigset_t *old)
{
    if (record == NULL) {
        return real(how, set, old);
    }
    bool was_blocked = is_blocked;
    sigset_t without;
    if (set != NULL) {
        without = *set;
        sigdelset(&without, SIGTRAP);
    }
    int result = real(how, set == NULL ? NULL : &without, old);
    if (result == 0 && set != NULL && getpid() == process) {
        bool is_meant = sigismember(set, SIGTRAP) == 1;
        is_blocked = how == SIG_SETMASK ? is_meant : how == SIG_BLOCK ? is_blocked || is_meant : is_blocked && !is_meant;
    }
    if (result == 0 && old != NULL && was_blocked) {
        sigaddset(old, SIGTRAP);
    }
    return result;
}

int
pthread_sigmask(int how, const sigset_t *set, sigset_t *old)
{
    REAL(pthread_sigmask)
    return set_mask(real, how, set, old);
}

int
sigprocmask(int how, const sigset_t *set, sigset_t *old)
{
    REAL(sigprocmask)
    return set_mask(real, how, set, old);
}

void *
dlopen(const char *file, int flags)
{
    REAL(dlopen)
    void *handle = real(file, flags);
    if (handle != NULL && record != NULL) {
        int error = errno;
        take_objects();
        errno = error;
    }
    return handle;
}

/* ---- Files. ---- */

static void
note_path(const char *path, size_t length)
{
    unsigned long long hash = 14695981039346656037u;
    for (size_t i = 0; i < length; i++) {
        hash = (hash ^ (unsigned char)path[i]) * 1099511628211u;
    }
    hash |= 1;
    for (unsigned i = 0; i < SEEN; i++) {
        unsigned long long empty = 0;
        atomic_ullong *slot = &record->seen[(hash + i) % SEEN];
        if (atomic_compare_exchange_strong(slot, &empty, hash)) {
            unsigned at = atomic_fetch_add(&record->log_size, (unsigned)length + 1);
            if (at + length + 1 > LOG) {
                break;
            }
            memcpy(record->log + at, path, length);
            record->log[at + length] = '\n';
            return;
        }
        if (empty == hash) {
            return;
        }
    }
    flag(IS_FULL);
}

/* The path of an open file, whatever it was called when it was opened. */
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
    const char *tree = string_at(list->tree);
    size_t tree_length = strlen(tree);
    if (length > (ssize_t)tree_length && memcmp(path, tree, tree_length) == 0 && path[tree_length] == '/') {
        note_path(path + tree_length + 1, (size_t)length - tree_length - 1);
    }
    errno = error;
    return file;
}

#  define OPEN(name) \
      int name(const char *path, int flags, ...) \
      { \
          REAL(name) \
          va_list rest; \
          va_start(rest, flags); \
          mode_t mode = (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(rest, mode_t) : 0; \
          va_end(rest); \
          return note_open(real(path, flags, mode)); \
      }
#  define OPEN_AT(name) \
      int name(int folder, const char *path, int flags, ...) \
      { \
          REAL(name) \
          va_list rest; \
          va_start(rest, flags); \
          mode_t mode = (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(rest, mode_t) : 0; \
          va_end(rest); \
          return note_open(real(folder, path, flags, mode)); \
      }
#  define OPEN_STREAM(name) \
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

/* What the compiler makes of open() by _FORTIFY_SOURCE. */
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

/* ---- Programs. ---- */

static bool
is_interpreter(const char *path)
{
    return is_same_file(path, string_at(list->object[0].path));
}

/* A script of the source, or a file of it that is another program's. */
static void
note_word(const char *word)
{
    const char *tree = string_at(list->tree);
    size_t length = strlen(tree);
    if (strncmp(word, tree, length) == 0 && word[length] == '/') {
        note_path(word + length + 1, strlen(word + length + 1));
    }
}

/* Whether such a program may start the interpreter where we do not see it: a copy of it, a shell. */
static void
note_program(const char *path, char *const *args)
{
    bool may_start = strstr(path, "python") != NULL;
    note_word(path);
    for (char *const *arg = args; arg != NULL && *arg != NULL; arg++) {
        may_start = may_start || strstr(*arg, "python") != NULL;
        note_word(*arg);
    }
    if (may_start) {
        flag(HAS_UNSEEN_PROGRAM);
    }
}

static size_t
count(char *const *words)
{
    size_t n = 0;
    while (words != NULL && words[n] != NULL) {
        n++;
    }
    return n;
}

enum { WORDS = 2 * PATH_MAX + 100 };

static const char *
value_of(const char *word, const char *name)
{
    size_t length = strlen(name);
    return strncmp(word, name, length) == 0 && word[length] == '=' ? word + length + 1 : NULL;
}

/* Adds what a started interpreter needs to be seen; `result` has room for two more. It takes both away before anything reads them. */
static void
extend(char *const *env, char **result, char *preload, char *variable)
{
    size_t n = 0;
    const char *others = NULL;
    for (char *const *word = env; word != NULL && *word != NULL; word++) {
        const char *value = value_of(*word, "LD_PRELOAD");
        if (value != NULL) {
            others = value;
        }
        else if (value_of(*word, VARIABLE) == NULL) {
            result[n++] = *word;
        }
    }
    snprintf(preload, WORDS, "LD_PRELOAD=%s%s%s", own_path, others == NULL ? "" : ":", others == NULL ? "" : others);
    snprintf(variable, WORDS, "%s=%s:%s", VARIABLE, list_path, record_path);
    result[n++] = preload;
    result[n++] = variable;
    result[n] = NULL;
}

/* In a child of vfork nothing may be allocated but on the stack. */
#  define WITH_ENVIRONMENT(path, args, env, call) \
      if (record_path[0] == '\0') { \
          return call; \
      } \
      if (!is_interpreter(path)) { \
          note_program(path, args); \
          return call; \
      } \
      char *extended[count(env) + 3], preload[WORDS], variable[WORDS]; \
      extend(env, extended, preload, variable); \
      env = extended; \
      return call;

int
execve(const char *path, char *const args[], char *const env[])
{
    REAL(execve)
    WITH_ENVIRONMENT(path, args, env, real(path, args, env))
}

int
execv(const char *path, char *const args[])
{
    return execve(path, args, environ);
}

int
fexecve(int file, char *const args[], char *const env[])
{
    REAL(fexecve)
    flag(HAS_UNSEEN_PROGRAM);
    return real(file, args, env);
}

int
posix_spawn(
    pid_t *pid, const char *path, const posix_spawn_file_actions_t *actions, const posix_spawnattr_t *attributes, char *const args[],
    char *const env[]
)
{
    REAL(posix_spawn)
    WITH_ENVIRONMENT(path, args, env, real(pid, path, actions, attributes, args, env))
}

int
posix_spawnp(
    pid_t *pid, const char *path, const posix_spawn_file_actions_t *actions, const posix_spawnattr_t *attributes, char *const args[],
    char *const env[]
)
{
    REAL(posix_spawnp)
    note_program(path, args);
    return real(pid, path, actions, attributes, args, env);
}

int
system(const char *command)
{
    REAL(system)
    if (command != NULL && strstr(command, "python") != NULL) {
        flag(HAS_UNSEEN_PROGRAM);
    }
    return real(command);
}

/* ---- Beginning and end. ---- */

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

static void
remember(void)
{
    for (uint32_t i = 0; record_path[0] != '\0' && i < list->functions; i++) {
        known[i] |= record->hits[i];
    }
}

/* From now on what this process does goes into a record of its own. */
void
cpython_memcheck_begin_footprint(const char *path)
{
    if (record == NULL) {
        return;
    }
    struct record *opened = open_record(path);
    if (opened == NULL) {
        return;
    }
    remember();
    for (uint32_t i = 0; i < list->functions; i++) {
        if (known[i] && opened->hits[i] == NOT_RUN) {
            opened->hits[i] = RUN_BEFORE;
        }
    }
    record = opened;
    snprintf(record_path, sizeof(record_path), "%s", path);
    for (uint32_t i = 0; i < list->objects; i++) {
        if (places[i].is_loaded) {
            arm(i);
        }
    }
}

/* What comes now is not recorded. */
void
cpython_memcheck_end_footprint(void)
{
    struct record *unused = record == NULL ? NULL : map_private(record_size());
    if (unused != NULL) {
        remember();
        record_path[0] = '\0';
        record = unused;
    }
}

static void
renew_process(void)
{
    process = getpid();
    /* Another thread of the parent may have had it. */
    loading = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
}

static bool
read_list(void)
{
    list = map_file(list_path, O_RDONLY, 0);
    if (list == NULL || list->magic != MAGIC) {
        return false;
    }
    addresses = (const uint32_t *)&list->object[list->objects];
    strings = (const char *)&addresses[list->functions];
    originals = map_private(list->functions + 1);
    known = map_private(list->functions + 1);
    places = map_private((list->objects + 1) * sizeof(places[0]));
    return originals != NULL && known != NULL && places != NULL;
}

/* Takes away what `extend` added. */
static void
restore_environment(void)
{
    char **to = environ;
    for (char **from = environ; *from != NULL; from++) {
        char *preloads = (char *)value_of(*from, "LD_PRELOAD");
        size_t length = strlen(own_path);
        bool is_ours = preloads != NULL && strncmp(preloads, own_path, length) == 0;
        if (is_ours && preloads[length] == ':') {
            memmove(preloads, preloads + length + 1, strlen(preloads + length + 1) + 1);
        }
        if (value_of(*from, VARIABLE) == NULL && !(is_ours && preloads[length] == '\0')) {
            *to++ = *from;
        }
    }
    *to = NULL;
}

__attribute__((constructor)) static void
start(void)
{
    const char *value = getenv(VARIABLE);
    const char *colon = value == NULL ? NULL : strchr(value, ':');
    Dl_info own;
    if (colon == NULL || colon - value >= PATH_MAX || dladdr((void *)start, &own) == 0) {
        return;
    }
    snprintf(list_path, sizeof(list_path), "%.*s", (int)(colon - value), value);
    snprintf(record_path, sizeof(record_path), "%s", colon + 1);
    snprintf(own_path, sizeof(own_path), "%s", own.dli_fname);
    /* A program that only starts the interpreter passes its environment on. */
    if (!read_list() || !is_interpreter("/proc/self/exe")) {
        return;
    }
    restore_environment();
    struct record *opened = open_record(record_path);
    if (opened == NULL) {
        return;
    }
    renew_process();
    pthread_atfork(NULL, NULL, renew_process);
    uint64_t trap = 1u << (SIGTRAP - 1);
    syscall(SYS_rt_sigprocmask, SIG_UNBLOCK, &trap, NULL, sizeof(trap));
    struct sigaction action = {.sa_flags = SA_SIGINFO | SA_NODEFER | SA_RESTART};
    action.sa_sigaction = on_trap;
    sigemptyset(&action.sa_mask);
    if (__sigaction(SIGTRAP, &action, NULL) == 0) {
        record = opened;
        take_objects();
    }
}

#endif
