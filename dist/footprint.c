/* Preloaded by a scan that records: which functions of the build a test file runs, and which files of the source it opens.

   Each function begins with a breakpoint, which its first call removes: the build is unchanged, and later calls cost nothing. Functions
   that a worker ran count for all test files, so its children and programs that they start have no breakpoints there. The record is a file
   mapped by all processes of a test file, so a crash loses nothing, and interpreters that a test starts are recorded, too. */
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

/* The record comes first: the others write to it. */
#  include "footprint-record.h"

#  include "footprint-breakpoints.h"
#  include "footprint-opens.h"
#  include "footprint-programs.h"

/* ---- Beginning and end. ---- */

static void
remember(void)
{
    for (uint32_t i = 0; record_path[0] != '\0' && i < list->functions; i++) {
        known[i] |= record->hits[i];
    }
}

/* From now on this process writes to a separate record. */
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
    flag(IS_OF_TEST);
    snprintf(record_path, sizeof(record_path), "%s", path);
    for (uint32_t i = 0; i < list->objects; i++) {
        if (places[i].is_loaded) {
            arm(i);
        }
    }
}

/* From here on nothing is recorded. */
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
    /* Another thread of the parent may have held it. */
    loading = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
}

static bool
read_list(void)
{
    list = map_file(list_path, O_RDONLY, 0);
    if (list == NULL || list->magic != MAGIC) {
        return false;
    }
    roots = (const uint32_t *)&list->object[list->objects];
    addresses = roots + list->roots;
    strings = (const char *)&addresses[list->functions];
    originals = map_private(list->functions + 1);
    known = map_private(list->functions + 1);
    places = map_private((list->objects + 1) * sizeof(places[0]));
    return originals != NULL && known != NULL && places != NULL;
}

/* Removes what `extend` added. */
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
