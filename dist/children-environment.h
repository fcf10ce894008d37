/* ---- The environment of an interpreter that is followed. It does not remain in an environment that tests see. ---- */

#define FOLDER "CPYTHON_MEMCHECK_CHILDREN"
static const char *const own_names[] = {"LD_PRELOAD=", "LSAN_OPTIONS=", FOLDER "="};
enum { PRELOADS, OPTIONS, FOLDER_OF_CHILDREN, OWN_VARIABLES };

/* Complete entries of an environment, with their names. */
static char own_variables[OWN_VARIABLES][2 * PATH_MAX];
static struct stat interpreter;

/* The library that checks children is beside this one. */
static void
remember_preloads(void)
{
    Dl_info own;
    const char *all = getenv("LD_PRELOAD");
    char path[PATH_MAX] = "";
    if (dladdr(&interpreter, &own) != 0 && strlen(own.dli_fname) + sizeof("children.so") < sizeof(path)) {
        strcpy(path, own.dli_fname);
        char *slash = strrchr(path, '/');
        strcpy(slash == NULL ? path : slash + 1, "children.so:");
    }
    /* In a child it is already there. */
    int has_path = all != NULL && strstr(all, path) != NULL;
    snprintf(
        own_variables[PRELOADS], sizeof(own_variables[0]), "%s%s%s", own_names[PRELOADS], has_path ? "" : path, all == NULL ? "" : all
    );
}

static void
remember_interpreter(void)
{
    const char *options = getenv("LSAN_OPTIONS");
    remember_preloads();
    snprintf(own_variables[OPTIONS], sizeof(own_variables[0]), "%s%s", own_names[OPTIONS], options == NULL ? "" : options);
    if (stat("/proc/self/exe", &interpreter) != 0) {
        interpreter.st_ino = 0;
    }
}

/* Before main(): Python copies the environment there. What a test preloads itself comes after ours (add_ours). */
static void
forget_own_variables(void)
{
    const char *all = getenv("LD_PRELOAD"), *theirs = all == NULL ? NULL : strstr(all, "::");
    if (theirs == NULL) {
        unsetenv("LD_PRELOAD");
    }
    else {
        own_variables[PRELOADS][strlen(own_names[PRELOADS]) + (size_t)(theirs - all)] = '\0';
        setenv("LD_PRELOAD", theirs + 2, 1);
    }
    unsetenv("LSAN_OPTIONS");
    unsetenv(FOLDER);
}

static int
is_named(const char *variable, int own)
{
    return strncmp(variable, own_names[own], strlen(own_names[own])) == 0;
}

/* The number of pointers in the environment with ours. */
static size_t
room_for(char *const envp[])
{
    size_t count = 0;
    while (envp != NULL && envp[count] != NULL) {
        count++;
    }
    return count + OWN_VARIABLES + 1;
}

/* Copies an environment into the caller's memory, which has space for it and for one LD_PRELOAD. */
static void
add_ours(char *const envp[], char **room, char preloads[2 * PATH_MAX])
{
    size_t count = 0;
    const char *theirs = NULL;
    for (; envp != NULL && *envp != NULL; envp++) {
        if (is_named(*envp, PRELOADS)) {
            theirs = *envp + strlen(own_names[PRELOADS]);
        }
        else if (!is_named(*envp, OPTIONS) && !is_named(*envp, FOLDER_OF_CHILDREN)) {
            room[count++] = *envp;
        }
    }
    room[count++] = own_variables[PRELOADS];
    room[count++] = own_variables[OPTIONS];
    room[count++] = own_variables[FOLDER_OF_CHILDREN];
    room[count] = NULL;
    size_t own = strlen(own_variables[PRELOADS]);
    if (theirs != NULL && *theirs != '\0' && own + strlen(theirs) + 3 < 2 * PATH_MAX) {
        memcpy(preloads, own_variables[PRELOADS], own);
        memcpy(preloads + own, "::", 2);
        strcpy(preloads + own + 2, theirs);
        room[count - OWN_VARIABLES] = preloads;
    }
}
