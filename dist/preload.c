/* Preloaded before the leak sanitizer's runtime, which keeps a record of all threads and does not renew it in a forked child: older ones (gcc 12)
   then take a new thread for one of the parent's with the same number, and pthread_join waits for ever. Nobody looks for leaks in what a test forks:
   there libc's own function does. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>
#include <sys/types.h>
#include <unistd.h>

/* The process that the scan looks at; 0 until the probe says which. */
pid_t cpython_memcheck_scanned;

typedef int join_function(pthread_t, void **);

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
