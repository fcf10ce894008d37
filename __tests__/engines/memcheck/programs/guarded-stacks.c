/* Stacks of threads, with a guard page each: a leak check must pass over the pages, and there may be many of them. */
#include <pthread.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include <valgrind/memcheck.h>

#define MOST 450

static pthread_barrier_t started, ending;
static void *volatile sink;

static void *hold(void *unused)
{
    void *volatile block = malloc(24);
    pthread_barrier_wait(&started);
    pthread_barrier_wait(&ending);
    free(block);
    return unused;
}

static void count_lost(const char *when)
{
    unsigned long lost, dubious, reachable, suppressed;
    VALGRIND_DO_LEAK_CHECK;
    VALGRIND_COUNT_LEAK_BLOCKS(lost, dubious, reachable, suppressed);
    VALGRIND_PRINTF("%s: %lu of %lu\n", when, lost, lost + reachable);
}

static void look(void)
{
    count_lost("alive");
    if (fork() == 0) {
        count_lost("forked");
        _exit(0);
    }
    wait(NULL);
}

static void run_threads(int count, size_t stack_size, void (*meanwhile)(void))
{
    pthread_t threads[MOST];
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, stack_size);
    pthread_barrier_init(&started, NULL, count + 1);
    pthread_barrier_init(&ending, NULL, count + 1);
    for (int i = 0; i < count; i++)
        pthread_create(&threads[i], &attributes, hold, NULL);
    pthread_barrier_wait(&started);
    if (meanwhile != NULL)
        meanwhile();
    pthread_barrier_wait(&ending);
    for (int i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
}

int main(void)
{
    sink = malloc(100);
    sink = NULL;
    run_threads(10, 1 << 20, look);
    /* The C library keeps stacks of each size: more guard pages than threads. */
    for (size_t size = 1 << 16; size <= 1 << 18; size += 1 << 16)
        run_threads(MOST, size, NULL);
    count_lost("joined");
    return 0;
}
