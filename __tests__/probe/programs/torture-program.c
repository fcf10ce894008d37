/* Plays a process whose allocations fail: each command is a way to allocate or to end. */
#define _GNU_SOURCE
#include "../../../src/probe/torture-calls.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOT_INLINED __attribute__((noinline, used))

static void *volatile block;

NOT_INLINED static void *make(void)
{
    return malloc(100);
}

NOT_INLINED static void *make_zeros(void)
{
    return calloc(10, 10);
}

NOT_INLINED static void *resize(void)
{
    return realloc(block, 200);
}

/* glibc frees the block and returns NULL. */
NOT_INLINED static void *release(void)
{
    return realloc(block, 0);
}

/* Counts the sites, then has the allocation at the first one fail. One call for both (the compiler must not unroll the loop), so that the
   stacks are the same. */
static void fail_at_its_site(const char *name, void *(*allocate)(void))
{
    const uint32_t *sites;
    size_t count = 0;
    void *volatile made = NULL;
    for (volatile int turn = 0; turn < 2; turn++) {
        block = malloc(50);
        if (turn == 0) {
            cpython_memcheck_torture_count();
        }
        else {
            count = cpython_memcheck_torture_seen(&sites);
            cpython_memcheck_torture_turn(1);
            cpython_memcheck_torture_fail(count == 0 ? UINT32_MAX : sites[0], TORTURE_ONCE);
        }
        errno = 0;
        made = allocate();
        cpython_memcheck_torture_stop();
    }
    int error = errno;
    printf(
        "%s %zu %s %s %u\n", name, count, made == NULL ? "NULL" : "block", error == ENOMEM ? "ENOMEM" : "-",
        cpython_memcheck_torture_progress()->failures
    );
}

/* The signal that is recorded of a child that crashes, or has a child that does. */
static void crash_in_child(int is_below)
{
    if (fork() == 0) {
        cpython_memcheck_torture_tag();
        cpython_memcheck_torture_watch_crashes();
        if (!is_below || fork() == 0) {
            abort();
        }
        wait(NULL);
        _exit(0);
    }
    wait(NULL);
    printf("%u\n", cpython_memcheck_torture_progress()->signal);
}

int main(int count, char **args)
{
    const char *what = count > 1 ? args[1] : "";
    struct torture_range all = {4096, UINTPTR_MAX};
    if (cpython_memcheck_torture_set(TORTURE_CODE, &all, 1) != 0) {
        return 1;
    }
    setvbuf(stdout, NULL, _IONBF, 0);
    if (strcmp(what, "fail") == 0) {
        fail_at_its_site("malloc", make);
        fail_at_its_site("calloc", make_zeros);
        fail_at_its_site("realloc", resize);
        fail_at_its_site("release", release);
    }
    else if (strcmp(what, "crash") == 0) {
        crash_in_child(0);
    }
    else if (strcmp(what, "crash below") == 0) {
        crash_in_child(1);
    }
    return 0;
}
