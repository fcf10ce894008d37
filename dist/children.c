/* Looks for what an interpreter that a test started has lost, before it ends: after all that its own code does at exit. Preloaded into it
   by follow.so, before that. No module is imported and no Python code runs, so that the child sees nothing of it. */
#define _GNU_SOURCE
#include "cpython.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <valgrind/memcheck.h>

#include "readable.h"
#include "gil.h"
#include "hide.h"
#include "hide-lists.h"
#include "sanitizer.h"
#include "objects.h"
#include "free-lists.h"

/* In follow.c. */
int cpython_memcheck_begin(void);
int cpython_memcheck_open_record(void);
void cpython_memcheck_end_record(const char *why);

#include "children-report.h"
#include "children-check.h"

__attribute__((constructor)) static void
begin(void)
{
    if (cpython_memcheck_begin() && has_sanitizer()) {
        look_before_end();
    }
}

/* A child that ends by exit() without a check: it ran no code, or cleared its exit functions. */
__attribute__((destructor)) static void
end(void)
{
    if (progress != LOOKED) {
        cpython_memcheck_end_record(progress == NOT_BEGUN ? "no-code" : "exit-functions");
    }
}
