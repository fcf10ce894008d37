/* ---- Breakpoints. ---- */

/* The function that begins at this address, or -1. */
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
        /* ld.so does not open it through libc's open(). */
        note_file(path, strlen(path));
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

/* The process's own handler of SIGTRAP, which we use. */
static struct sigaction wanted;
static __thread bool is_blocked;

static void
on_trap(int number, siginfo_t *info, void *context)
{
    greg_t *next = &((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];
    int error = errno;
    ptrdiff_t function = info->si_code == SI_KERNEL ? function_at((uintptr_t)*next - 1) : -1;
    if (function >= 0) {
        /* If another thread removed it meanwhile, the call is repeated all the same. */
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

/* libc's own function: the leak sanitizer replaces the other one, and may not be ready yet. */
int __sigaction(int number, const struct sigaction *action, struct sigaction *old);

/* A breakpoint kills a thread that blocks SIGTRAP, and a process that ignores it. So we only pretend to block or ignore it. */
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
