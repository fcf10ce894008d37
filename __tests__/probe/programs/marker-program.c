/* Plays an interpreter whose blocks are watched. Each way to lose or keep a block is a separate command. Its allocator plays
   mimalloc: it hands out blocks of one aligned segment, and leaves the content of freed ones as it is. */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

extern int cpython_memcheck_find_lost(void);
extern void cpython_memcheck_write_lost(int file);
extern void cpython_memcheck_ignore_lost(uintptr_t block);

#define NOT_INLINED __attribute__((noinline, used))
#define SEGMENT ((size_t)32 << 20)
/* The place of the pool, which the kernel leaves to a program that asks for it. mimalloc's heaps begin close to it. */
#define POOL ((void *)0x20002000000)

struct allocator {
    void *ctx;
    void *(*malloc)(void *ctx, size_t size);
    void *(*calloc)(void *ctx, size_t count, size_t size);
    void *(*realloc)(void *ctx, void *block, size_t size);
    void (*free)(void *ctx, void *block);
};

static char *segment, *next_block;

static void *pool_malloc(void *ctx, size_t size)
{
    (void)ctx;
    if (segment == NULL) {
        char *all = mmap(POOL, 2 * SEGMENT, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        segment = (char *)(((uintptr_t)all + SEGMENT - 1) & ~(SEGMENT - 1));
        /* The first bytes play the allocator's record of the segment. */
        next_block = segment + 256;
    }
    char *block = next_block;
    next_block += (size + 15) & ~(size_t)15;
    return block;
}

static void *pool_calloc(void *ctx, size_t count, size_t size)
{
    return pool_malloc(ctx, count * size);
}

static void *pool_realloc(void *ctx, void *old, size_t size)
{
    void *block = pool_malloc(ctx, size);
    if (old != NULL) {
        memcpy(block, old, size);
    }
    return block;
}

static void pool_free(void *ctx, void *block)
{
    (void)ctx;
    (void)block;
}

/* Plays the debug hooks on malloc, which put two words before what they return. */
#define HOOK_BYTES ((size_t)16)

static void *hook_malloc(void *ctx, size_t size)
{
    (void)ctx;
    return (char *)malloc(size + HOOK_BYTES) + HOOK_BYTES;
}

static void *hook_calloc(void *ctx, size_t count, size_t size)
{
    return memset(hook_malloc(ctx, count * size), 0, count * size);
}

static void *hook_realloc(void *ctx, void *old, size_t size)
{
    (void)ctx;
    return (char *)realloc(old == NULL ? NULL : (char *)old - HOOK_BYTES, size + HOOK_BYTES) + HOOK_BYTES;
}

static void hook_free(void *ctx, void *block)
{
    (void)ctx;
    free((char *)block - HOOK_BYTES);
}

static struct allocator domains[3];

void PyMem_GetAllocator(int domain, struct allocator *to)
{
    *to = domain == 0 ? (struct allocator){NULL, hook_malloc, hook_calloc, hook_realloc, hook_free}
                      : (struct allocator){NULL, pool_malloc, pool_calloc, pool_realloc, pool_free};
}

void PyMem_SetAllocator(int domain, struct allocator *from)
{
    domains[domain] = *from;
}

NOT_INLINED static void *take(size_t size)
{
    return domains[2].malloc(domains[2].ctx, size);
}

static void give_back(void *block)
{
    domains[2].free(domains[2].ctx, block);
}

/* A lost block of the pool with the only reference to a block of malloc. */
NOT_INLINED static void lose_chain(void)
{
    void **outer = take(48), **inner = malloc(32);
    memset(outer, 0, 48);
    memset(inner, 0, 32);
    outer[2] = inner;
}

static void *volatile kept;

NOT_INLINED static void keep_chain(void)
{
    void **outer = take(48);
    memset(outer, 0, 48);
    outer[2] = memset(malloc(32), 0, 32);
    kept = (char *)outer + 8;
}

static void *volatile empty[2];

NOT_INLINED static void keep_empty(void)
{
    empty[0] = malloc(0);
    empty[1] = take(0);
}

/* A released block: its plain data stays readable, its pointers do not. */
NOT_INLINED static void read_released(void)
{
    uintptr_t *released = take(64);
    memset(released, 0, 64);
    released[2] = 1234567;
    released[3] = (uintptr_t)kept;
    give_back(released);
    printf("left %d %d\n", (int)released[2], released[3] != 0);
}

NOT_INLINED static void lose_in_freed(void)
{
    void **freed = take(64);
    freed[1] = memset(take(80), 0, 80);
    give_back(freed);
}

NOT_INLINED static void lose_cycle(void)
{
    void **one = take(16), **other = take(16);
    one[0] = other;
    other[0] = one;
    one[1] = other[1] = NULL;
}

NOT_INLINED static void lose_large(void)
{
    *(volatile char *)malloc(3 << 20) = 1;
}

/* A page that a library has mapped points to a large block of malloc, which points to a block of the pool. */
NOT_INLINED static void keep_in_mapping(void)
{
    void **page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    page[7] = memset(malloc(3 << 20), 0, 3 << 20);
    ((void **)page[7])[1000] = memset(take(24), 0, 24);
}

/* A guard page within a mapping, as glibc 2.42 makes them. Older kernels refuse that. */
static void map_guard(void)
{
    char *pages = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    pages[0] = pages[2 * 4096] = 1;
    madvise(pages + 4096, 4096, 102 /* MADV_GUARD_INSTALL */);
}

static void *take_at(size_t offset, size_t size)
{
    next_block = segment + offset;
    return memset(take(size), 0, size);
}

static void *volatile hooked;

NOT_INLINED static void keep_and_lose_hooked(void)
{
    hooked = domains[0].calloc(domains[0].ctx, 1, 8);
    hooked = domains[0].realloc(domains[0].ctx, hooked, 200);
    void **lost = domains[0].calloc(domains[0].ctx, 1, 48);
    lost[1] = domains[0].calloc(domains[0].ctx, 1, 32);
    domains[0].free(domains[0].ctx, domains[0].malloc(domains[0].ctx, 64));
}

static void *volatile spaced[3];

/* Marks have a bit for each 16 bytes. Those of these three blocks, which are alive, are the address of the lost one. */
NOT_INLINED static void lose_where_marks_point(void)
{
    give_back(take(16));
    spaced[0] = take_at(1024 + 20 * 16, 16);
    spaced[1] = take_at(1024 + 25 * 16, 16);
    spaced[2] = take_at(1024 + 41 * 16, 16);
    take_at((size_t)1 << 20, 64);
}

NOT_INLINED static void lose_grown(void)
{
    void *block = memset(take(16), 0, 16);
    block = domains[2].realloc(domains[2].ctx, block, 100);
    *(volatile char *)block = 1;
    block = realloc(malloc(10), 1000);
    *(volatile char *)block = 1;
}

/* A block that is never written to reuses the memory of one that had the only reference to another. */
NOT_INLINED static void lose_by_reuse(void)
{
    void **old = malloc(600);
    old[50] = malloc(40);
    *(volatile char *)old[50] = 1;
    free(old);
    kept = malloc(600);
}

static pthread_barrier_t both;

static void *hold(void *ignored)
{
    (void)ignored;
    void *volatile block = memset(malloc(72), 0, 72);
    pthread_barrier_wait(&both);
    pthread_barrier_wait(&both);
    return block;
}

static void *lose_on_thread(void *ignored)
{
    (void)ignored;
    *(volatile char *)malloc(56) = 1;
    return memset(take(88), 0, 88);
}

static atomic_int is_over;

static void *allocate_all_the_time(void *ignored)
{
    while (!is_over) {
        domains[0].free(domains[0].ctx, domains[0].malloc(domains[0].ctx, 100));
    }
    return ignored;
}

/* Overwrites pointers that are left on the stack and in registers. */
NOT_INLINED static void clear_stack(void)
{
    volatile char unused[16384];
    for (size_t i = 0; i < sizeof(unused); i++) {
        unused[i] = 0;
    }
}

static void report(void)
{
    clear_stack();
    printf("result %d\n", cpython_memcheck_find_lost());
    fflush(stdout);
    cpython_memcheck_write_lost(1);
}

int main(int count, char **args)
{
    const char *what = count > 1 ? args[1] : "";
    pthread_t thread;
    cpython_memcheck_find_lost();
    if (strcmp(what, "empty") == 0) {
        keep_empty();
    }
    else if (strcmp(what, "released") == 0) {
        keep_chain();
        read_released();
    }
    else if (strcmp(what, "chain") == 0) {
        lose_chain();
        keep_chain();
    }
    else if (strcmp(what, "freed") == 0) {
        lose_in_freed();
    }
    else if (strcmp(what, "cycle") == 0) {
        lose_cycle();
    }
    else if (strcmp(what, "large") == 0) {
        lose_large();
        keep_in_mapping();
    }
    else if (strcmp(what, "reused") == 0) {
        lose_by_reuse();
    }
    else if (strcmp(what, "guard") == 0) {
        map_guard();
        lose_cycle();
    }
    else if (strcmp(what, "marks") == 0) {
        lose_where_marks_point();
    }
    else if (strcmp(what, "hooks") == 0) {
        keep_and_lose_hooked();
    }
    else if (strcmp(what, "grown") == 0) {
        lose_grown();
    }
    else if (strcmp(what, "thread") == 0) {
        pthread_barrier_init(&both, NULL, 2);
        pthread_create(&thread, NULL, hold, NULL);
        pthread_barrier_wait(&both);
        report();
        pthread_barrier_wait(&both);
        pthread_join(thread, NULL);
        return 0;
    }
    else if (strcmp(what, "ended thread") == 0) {
        pthread_create(&thread, NULL, lose_on_thread, NULL);
        pthread_join(thread, NULL);
    }
    else if (strcmp(what, "busy threads") == 0) {
        pthread_t others[3];
        for (int i = 0; i < 3; i++) {
            pthread_create(&others[i], NULL, allocate_all_the_time, NULL);
        }
        for (int i = 0; i < 200; i++) {
            cpython_memcheck_find_lost();
        }
        is_over = 1;
        for (int i = 0; i < 3; i++) {
            pthread_join(others[i], NULL);
        }
        return 0;
    }
    else if (strcmp(what, "ignored") == 0) {
        lose_chain();
        cpython_memcheck_ignore_lost((uintptr_t)next_block - 48);
    }
    else if (strcmp(what, "child") == 0) {
        lose_cycle();
        if (fork() == 0) {
            lose_large();
            report();
            _exit(0);
        }
        wait(NULL);
        return 0;
    }
    report();
    return 0;
}
