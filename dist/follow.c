/* Follows the interpreters that a test starts. Preloaded before preload.so and the leak sanitizer's runtime: into the worker, where it
   hands all of them on to the checked interpreter alone (children-exec.h), and so into its children, together with children.so, which looks
   at them. It knows nothing of Python, since it is preloaded into what starts the worker, too.

   A child sees none of it: its variables are removed before its main() begins, and nothing is written but a file in the folder of the test
   file (children-record.h). */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "children-record.h"
#include "children-environment.h"
#include "children-exec.h"

/* Whether this process is a followed child. Called twice, since the order of constructors is unknown. */
int
cpython_memcheck_begin(void)
{
    static int has_begun;
    const char *folder = getenv(FOLDER);
    if (!has_begun) {
        has_begun = 1;
        find_real_functions();
        remember_interpreter();
        if (folder != NULL) {
            if (follow(folder)) {
                begin_record(folder);
            }
            /* Also in a child of another user, which can't be followed. */
            forget_own_variables();
        }
    }
    return record_of != 0;
}

__attribute__((constructor)) static void
begin(void)
{
    cpython_memcheck_begin();
}
