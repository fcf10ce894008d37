/* ---- Programs that are started: the checked interpreter gets what it needs to be followed, all others stay as they are. ----

   An environment that a test makes for its child is carried on so, and no other program has to live with the leak sanitizer. After vfork()
   memory is shared with the parent, so that nothing here may allocate. */

static int is_following;

/* Shared by all processes of a test file, so that children that could not write a file are counted, too. */
struct counts {
    _Atomic uint32_t interpreters;
    _Atomic uint32_t others;
};

static struct counts *counts;

static struct counts *
map_counts(const char *folder)
{
    char path[PATH_MAX];
    if (snprintf(path, sizeof(path), "%s/counts", folder) >= (int)sizeof(path)) {
        return NULL;
    }
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0 || ftruncate(file, sizeof(struct counts)) != 0) {
        return NULL;
    }
    void *mapped = mmap(NULL, sizeof(struct counts), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    return mapped == MAP_FAILED ? NULL : mapped;
}

/* From now on, interpreters that this process starts are followed, and write their leaks to that folder. */
static int
follow(const char *folder)
{
    counts = map_counts(folder);
    int length = snprintf(own_variables[FOLDER_OF_CHILDREN], sizeof(own_variables[0]), "%s=%s", FOLDER, folder);
    is_following = counts != NULL && length < PATH_MAX;
    return is_following;
}

/* For the probe: the worker's process that runs a test file. An empty name ends it. Returns whether interpreters are followed. */
int
cpython_memcheck_follow(const char *folder)
{
    is_following = 0;
    return *folder != '\0' && follow(folder);
}

/* The leak sanitizer's runtime reserves terabytes of address space. */
static int
is_memory_limited(void)
{
    struct rlimit limit;
    return getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
}

enum start { UNKNOWN, OTHER, LEFT_ALONE, FOLLOWED };

/* Counts the program to start, before it starts, since this process is gone afterwards. */
static enum start
count_start(const struct stat *program)
{
    if (program == NULL || !is_following) {
        return UNKNOWN;
    }
    if (program->st_ino != interpreter.st_ino || program->st_dev != interpreter.st_dev) {
        atomic_fetch_add(&counts->others, 1);
        return OTHER;
    }
    atomic_fetch_add(&counts->interpreters, 1);
    return is_memory_limited() ? LEFT_ALONE : FOLLOWED;
}

static void
uncount(enum start start)
{
    if (start != UNKNOWN) {
        atomic_fetch_sub(start == OTHER ? &counts->others : &counts->interpreters, 1);
    }
}

/* The functions that ours replace, looked up before any fork: after one, another thread may hold the linker's lock. */
#define REAL(name) real_##name
#define FOR_EACH_STAND_IN(act) act(execve) act(fexecve) act(posix_spawn) act(posix_spawnp) act(_exit)
#define DECLARE(name) static __typeof__(&name) real_##name;
FOR_EACH_STAND_IN(DECLARE)

static void
find_real_functions(void)
{
#define FIND(name) real_##name = (__typeof__(&name))dlsym(RTLD_NEXT, #name);
    FOR_EACH_STAND_IN(FIND)
}

/* Calls the original function with the new environment. Returns only on failure. */
#define WITH_ENVIRONMENT(program, envp, call) \
    do { \
        enum start start = count_start(program); \
        char *room[start == FOLLOWED ? room_for(envp) : 1]; \
        char preloads[start == FOLLOWED ? 2 * PATH_MAX : 1]; \
        char *const *environment = envp; \
        if (start == FOLLOWED) { \
            add_ours(envp, room, preloads); \
            environment = room; \
        } \
        result = call; \
        if (result != 0) { \
            uncount(start); \
        } \
    } while (0)

int
execve(const char *path, char *const argv[], char *const envp[])
{
    struct stat status;
    int result, is_there = stat(path, &status) == 0;
    if (is_there) {
        cpython_memcheck_end_record("exec");
    }
    WITH_ENVIRONMENT(is_there ? &status : NULL, envp, REAL(execve)(path, argv, environment));
    return result;
}

int
execv(const char *path, char *const argv[])
{
    return execve(path, argv, environ);
}

int
fexecve(int file, char *const argv[], char *const envp[])
{
    struct stat status;
    int result, is_there = fstat(file, &status) == 0;
    if (is_there) {
        cpython_memcheck_end_record("exec");
    }
    WITH_ENVIRONMENT(is_there ? &status : NULL, envp, REAL(fexecve)(file, argv, environment));
    return result;
}

int
posix_spawn(
    pid_t *pid, const char *path, const posix_spawn_file_actions_t *actions, const posix_spawnattr_t *attributes, char *const argv[],
    char *const envp[]
)
{
    struct stat status;
    int result, is_there = stat(path, &status) == 0;
    WITH_ENVIRONMENT(is_there ? &status : NULL, envp, REAL(posix_spawn)(pid, path, actions, attributes, argv, environment));
    return result;
}

int
posix_spawnp(
    pid_t *pid, const char *file, const posix_spawn_file_actions_t *actions, const posix_spawnattr_t *attributes, char *const argv[],
    char *const envp[]
)
{
    /* libc looks up a bare name in PATH. */
    struct stat status;
    int result, is_there = strchr(file, '/') != NULL && stat(file, &status) == 0;
    WITH_ENVIRONMENT(is_there ? &status : NULL, envp, REAL(posix_spawnp)(pid, file, actions, attributes, argv, environment));
    return result;
}

/* Python's os._exit(). */
void
_exit(int code)
{
    cpython_memcheck_end_record("exit");
    REAL(_exit)(code);
    __builtin_unreachable();
}
