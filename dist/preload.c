/* Preloaded before the leak sanitizer's runtime, to repair functions that it breaks. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>
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
