/* Preloaded before the leak sanitizer's runtime, to repair functions that it breaks. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <link.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <unistd.h>

/* The process that is scanned; 0 until the probe sets it. */
pid_t cpython_memcheck_scanned;

typedef int join_function(pthread_t, void **);

/* The runtime keeps a record of all threads and does not renew it in a forked child: older ones (gcc 12) then take a new thread for one of
   the parent's with the same number, and pthread_join waits forever. Forked children are not checked for leaks, so libc's own function is
   right there. */
int
pthread_join(pthread_t thread, void **result)
{
    join_function *join = NULL;
    if (cpython_memcheck_scanned != 0 && cpython_memcheck_scanned != getpid()) {
        void *libc = dlopen("libc.so.6", RTLD_LAZY | RTLD_NOLOAD);
        join = libc == NULL ? NULL : (join_function *)dlsym(libc, "pthread_join");
    }
    if (join == NULL) {
        join = (join_function *)dlsym(RTLD_NEXT, "pthread_join");
    }
    return join(thread, result);
}

/* Whether the runtime is looking for leaks now. Set by the probe. */
int cpython_memcheck_is_looking;

__attribute__((weak)) int __lsan_do_recoverable_leak_check(void);

typedef int object_function(struct dl_phdr_info *, size_t, void *);
typedef int iterate_function(object_function *, void *);

/* Other threads may be stopped in the dynamic linker while the runtime looks: both are found before. */
static iterate_function *next_iterate;
static uintptr_t runtime_base;

__attribute__((constructor)) static void
find_runtime(void)
{
    Dl_info info;
    next_iterate = (iterate_function *)dlsym(RTLD_NEXT, "dl_iterate_phdr");
    if (__lsan_do_recoverable_leak_check != NULL && dladdr((void *)__lsan_do_recoverable_leak_check, &info) != 0) {
        runtime_base = (uintptr_t)info.dli_fbase;
    }
}

struct iteration {
    object_function *act;
    void *data;
};

static int
act_unless_runtime(struct dl_phdr_info *object, size_t size, void *iteration)
{
    const struct iteration *all = iteration;
    return object->dlpi_addr == runtime_base ? 0 : all->act(object, size, all->data);
}

/* To the runtime, its own globals are roots like all others. Its table of stacks has small numbers, two to a word: 0x62f0 after an empty
   place looks like 0x62f000000000, the address of the first block of some size. That block would never be lost. */
int
dl_iterate_phdr(object_function *act, void *data)
{
    iterate_function *iterate = next_iterate;
    if (iterate == NULL) {
        iterate = (iterate_function *)dlsym(RTLD_NEXT, "dl_iterate_phdr");
    }
    return cpython_memcheck_is_looking ? iterate(act_unless_runtime, &(struct iteration){act, data}) : iterate(act, data);
}
