/* ---- Programs. ---- */

static bool
is_interpreter(const char *path)
{
    return is_same_file(path, string_at(list->object[0].path));
}

/* Bytes at the beginning of a script that are searched. */
enum { HEAD = 4096 };

/* Whether a word is about the interpreter, or the path of a script that is, if only in its first line. */
static bool
mentions_interpreter(const char *word)
{
    char head[HEAD];
    struct stat status;
    if (strstr(word, "python") != NULL) {
        return true;
    }
    /* Opening a pipe or a device may change it. */
    bool is_file = stat(word, &status) == 0 && S_ISREG(status.st_mode);
    int file = is_file ? (int)syscall(SYS_openat, AT_FDCWD, word, O_RDONLY | O_CLOEXEC | O_NONBLOCK) : -1;
    ssize_t size = file >= 0 ? read(file, head, sizeof(head)) : 0;
    if (file >= 0) {
        close(file);
    }
    bool is_program = size >= 4 && memcmp(head, "\177ELF", 4) == 0;
    return size > 0 && !is_program && memmem(head, (size_t)size, "python", strlen("python")) != NULL;
}

/* Whether such a program may start the interpreter where we do not see it: a copy of it, a shell, a script. */
static void
note_program(const char *path, char *const *args)
{
    int error = errno;
    bool may_start = is_strict() || mentions_interpreter(path);
    note_file(path, strlen(path));
    for (char *const *arg = args; arg != NULL && *arg != NULL; arg++) {
        may_start = may_start || mentions_interpreter(*arg);
        /* It may be a script or another file in the watched folders. */
        note_file(*arg, strlen(*arg));
    }
    errno = error;
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

/* Adds variables for recording a started interpreter, which removes them before anything reads them; `result` has space for two more. */
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

/* An interpreter that runs as another user may not be able to write to the record. */
static void
check_access(void)
{
    int error = errno;
    if (faccessat(AT_FDCWD, record_path, W_OK, AT_EACCESS) != 0) {
        flag(HAS_UNSEEN_PROGRAM);
    }
    errno = error;
}

/* In a child of vfork, only the stack may be allocated on. */
#define WITH_ENVIRONMENT(path, args, env, call) \
    if (record_path[0] == '\0') { \
        return call; \
    } \
    if (!is_interpreter(path)) { \
        note_program(path, args); \
        return call; \
    } \
    check_access(); \
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
    if (command != NULL && (strstr(command, "python") != NULL || is_strict())) {
        flag(HAS_UNSEEN_PROGRAM);
    }
    return real(command);
}
