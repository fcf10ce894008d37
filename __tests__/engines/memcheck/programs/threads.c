/* A thread whose name is no XML, as Python 3.14 gives them: "Thread-1 (<lambda>)". Errors in inlined functions. */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdlib.h>
#include <valgrind/valgrind.h>

static volatile int sink;

static inline __attribute__((always_inline)) int innermost(volatile char *block)
{
    int sum = 0;
    for (int i = 0; i < 4; i++)
        sum += block[i];
    return sum;
}

static inline __attribute__((always_inline)) int middle(volatile char *block)
{
    return innermost(block) + 1;
}

static void *work(void *unused)
{
    pthread_setname_np(pthread_self(), "T&1 (<lamb\"');");
    VALGRIND_PRINTF("from the thread\n");
    char *block = malloc(1);
    sink = middle(block);
    free(block);
    return unused;
}

int main(void)
{
    pthread_t thread;
    pthread_create(&thread, NULL, work, NULL);
    pthread_join(thread, NULL);
    return 0;
}
