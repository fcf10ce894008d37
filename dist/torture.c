/* Preloaded before the leak sanitizer's runtime: makes chosen allocations of one thread fail. CPython is built without its own allocator,
   so all allocations go through malloc, calloc and realloc: Python's three domains and those of C libraries.

   An allocation is identified by its site, the return addresses of the innermost functions that do not allocate for others, found by frame
   pointers. A site stays the same if earlier allocations are added or removed. */
#define _GNU_SOURCE
#include "torture-calls.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <ucontext.h>
#include <unistd.h>

#define MAX_SITES (1u << 16)
#define SITE_SLOTS (1u << 18)
#define TAG_SLOTS (1u << 20)

/* Search depth for spared or watched code. */
#define MAX_DEPTH 400

struct site {
    uint64_t hash;
    uint32_t counted_in;
    uintptr_t frames[TORTURE_SITE_FRAMES];
};

/* Addresses of blocks are inverted, and outside of the memory that the leak sanitizer searches: they keep nothing alive. */
struct tag {
    uintptr_t inverted;
    uint32_t number;
};

enum mode { STOPPED, COUNTING, WAITING, FAILING };

static struct {
    struct torture_range *ranges;
    size_t count;
} known[TORTURE_KINDS_OF_RANGES];

/* Whether malloc has extra work to do. */
static volatile int is_active;
static enum mode mode;
static int is_tagging;
static __thread int is_our_thread __attribute__((tls_model("initial-exec")));
static uintptr_t *stack_start, *stack_end;

static struct site *sites;
static uint32_t *slots, *seen;
static uint32_t site_count, seen_count, current_count;
static struct tag *tags;
static uint32_t tag_count;
static uint64_t target;
static enum torture_flavor target_flavor;
static struct torture_progress *progress;

/* ---- Stacks. ---- */

static int
is_in(enum torture_ranges kind, uintptr_t address)
{
    const struct torture_range *ranges = known[kind].ranges;
    size_t low = 0, high = known[kind].count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (address >= ranges[middle].end) {
            low = middle + 1;
        }
        else {
            high = middle;
        }
    }
    return low < known[kind].count && address >= ranges[low].start;
}

/* The return address that a frame holds, and the frame further out; 0 at the end. Code that was compiled without frame pointers may have
   anything in that register. */
static uintptr_t
next_frame(uintptr_t **frame)
{
    uintptr_t *at = *frame;
    if ((uintptr_t)at % sizeof(*at) != 0 || at < stack_start || at + 2 > stack_end) {
        return 0;
    }
    uintptr_t *outer = (uintptr_t *)at[0], address = at[1];
    *frame = outer > at ? outer : NULL;
    return is_in(TORTURE_CODE, address) ? address : 0;
}

static uint32_t
copy_stack(uintptr_t *frame, uintptr_t *to, uint32_t count)
{
    for (uintptr_t address; count < TORTURE_STACK_FRAMES && (address = next_frame(&frame)) != 0;) {
        to[count++] = address;
    }
    return count;
}

static int
is_spared(uintptr_t *frame)
{
    uintptr_t address;
    for (int depth = 0; depth < MAX_DEPTH && (address = next_frame(&frame)) != 0; depth++) {
        if (is_in(TORTURE_SPARED, address)) {
            return 1;
        }
    }
    return 0;
}

static int
is_among(const uintptr_t *frames, int count, uintptr_t address)
{
    for (int i = 0; i < count; i++) {
        if (frames[i] == address) {
            return 1;
        }
    }
    return 0;
}

/* A function that calls itself is in a site once for each place from which it does. Of a watched function that is further out, the frames
   next to it count: what its callees call in turn fails for it in the same way. */
static int
find_frames(uintptr_t *frame, uintptr_t frames[TORTURE_SITE_FRAMES])
{
    int count = 0, is_found = known[TORTURE_WATCHED].count == 0;
    uintptr_t address;
    for (int depth = 0; depth < MAX_DEPTH && (count < TORTURE_SITE_FRAMES || !is_found); depth++) {
        if ((address = next_frame(&frame)) == 0) {
            break;
        }
        if ((count == 0 && is_in(TORTURE_ALLOCATORS, address)) || is_among(frames, count, address)) {
            continue;
        }
        if (count == TORTURE_SITE_FRAMES) {
            memmove(frames, frames + 1, --count * sizeof(*frames));
        }
        frames[count++] = address;
        is_found |= is_in(TORTURE_WATCHED, address);
    }
    return is_found ? count : 0;
}

static uint64_t
find_site(uintptr_t *frame, uintptr_t frames[TORTURE_SITE_FRAMES])
{
    uint64_t hash = 0;
    memset(frames, 0, TORTURE_SITE_FRAMES * sizeof(*frames));
    int count = find_frames(frame, frames);
    for (int i = 0; i < count; i++) {
        hash = (hash ^ frames[i]) * 0x9E3779B97F4A7C15u;
        hash ^= hash >> 29;
    }
    return hash;
}

/* ---- Sites. ---- */

static void *
map(size_t size, int sharing)
{
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, sharing | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

static void
count_allocation(uintptr_t *frame)
{
    uintptr_t frames[TORTURE_SITE_FRAMES];
    uint64_t hash = find_site(frame, frames);
    if (hash == 0) {
        return;
    }
    uint32_t slot = (uint32_t)(hash >> 40) % SITE_SLOTS;
    while (slots[slot] != 0 && sites[slots[slot] - 1].hash != hash) {
        slot = (slot + 1) % SITE_SLOTS;
    }
    if (slots[slot] != 0 && sites[slots[slot] - 1].counted_in == current_count) {
        return;
    }
    /* Determined at each allocation until one may fail. */
    if (is_spared(frame) || (slots[slot] == 0 && site_count == MAX_SITES)) {
        return;
    }
    if (slots[slot] == 0) {
        sites[site_count].hash = hash;
        memcpy(sites[site_count].frames, frames, sizeof(frames));
        slots[slot] = ++site_count;
    }
    sites[slots[slot] - 1].counted_in = current_count;
    seen[seen_count++] = slots[slot] - 1;
}

static int
is_to_fail(uintptr_t *frame)
{
    if (mode == FAILING) {
        return !is_spared(frame);
    }
    uintptr_t frames[TORTURE_SITE_FRAMES];
    if (find_site(frame, frames) != target || is_spared(frame)) {
        return 0;
    }
    progress->failed_frames = copy_stack(frame, progress->failed, 0);
    mode = target_flavor == TORTURE_ONCE ? STOPPED : FAILING;
    return 1;
}

/* Whether malloc must return NULL to the function that called it in this frame. */
static int
refuses(uintptr_t *frame)
{
    if (!is_our_thread || mode == STOPPED) {
        return 0;
    }
    if (mode == COUNTING) {
        count_allocation(frame);
        return 0;
    }
    if (!is_to_fail(frame)) {
        return 0;
    }
    progress->failures++;
    errno = ENOMEM;
    return 1;
}

/* ---- Tags. ---- */

static struct tag *
slot_of(uintptr_t block)
{
    uint32_t slot = (uint32_t)((block >> 4) * 0x9E3779B1u) % TAG_SLOTS;
    while (tags[slot].inverted != 0 && tags[slot].inverted != ~block) {
        slot = (slot + 1) % TAG_SLOTS;
    }
    return &tags[slot];
}

static void *
tagged(void *block)
{
    if (is_tagging && is_our_thread && block != NULL) {
        struct tag *tag = slot_of((uintptr_t)block);
        if (tag->inverted != 0 || tag_count < TAG_SLOTS / 4 * 3) {
            tag_count += tag->inverted == 0;
            tag->inverted = ~(uintptr_t)block;
            tag->number = progress->number;
        }
    }
    return block;
}

/* ---- Replacements of malloc. Either the leak sanitizer's runtime or only the C library is below them. ---- */

#define OPTIONAL __attribute__((weak))
OPTIONAL void *__interceptor_malloc(size_t size);
OPTIONAL void *__interceptor_calloc(size_t count, size_t size);
OPTIONAL void *__interceptor_realloc(void *block, size_t size);
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);

#define REAL(name, ...) (__interceptor_##name != NULL ? __interceptor_##name(__VA_ARGS__) : __libc_##name(__VA_ARGS__))

/* For a function that is never inlined: the first word of its frame is the caller's frame. */
#define OWN_FRAME ((uintptr_t *)__builtin_frame_address(0))

void *
malloc(size_t size)
{
    return is_active && refuses(OWN_FRAME) ? NULL : tagged(REAL(malloc, size));
}

void *
calloc(size_t count, size_t size)
{
    return is_active && refuses(OWN_FRAME) ? NULL : tagged(REAL(calloc, count, size));
}

void *
realloc(void *block, size_t size)
{
    /* With a size of 0 it releases the block, which can't fail. */
    int is_release = block != NULL && size == 0;
    return is_active && !is_release && refuses(OWN_FRAME) ? NULL : tagged(REAL(realloc, block, size));
}

/* ---- Crashes. ---- */

/* Its crash is recorded, not that of a process that it forked: a test may have one crash on purpose. */
static pid_t watched;

static void
record_crash(int signal, uintptr_t address, uintptr_t *frame)
{
    if (progress == NULL || progress->signal != 0 || getpid() != watched) {
        return;
    }
    progress->signal = (uint32_t)signal;
    uint32_t count = 0;
    if (address != 0) {
        /* Like a return address, since one is expected. */
        progress->crash[count++] = address + 1;
    }
    progress->crash_frames = copy_stack(frame, progress->crash, count);
}

static void
on_crash(int signal, siginfo_t *info, void *context)
{
    (void)info;
    ucontext_t *state = context;
#if defined(__x86_64__)
    record_crash(signal, (uintptr_t)state->uc_mcontext.gregs[REG_RIP], (uintptr_t *)state->uc_mcontext.gregs[REG_RBP]);
#elif defined(__aarch64__)
    record_crash(signal, (uintptr_t)state->uc_mcontext.pc, (uintptr_t *)state->uc_mcontext.regs[29]);
#else
    (void)state;
    record_crash(signal, 0, NULL);
#endif
    raise(signal);
}

static const int crash_signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP};

void
cpython_memcheck_torture_watch_crashes(void)
{
    watched = getpid();
    stack_t other = {.ss_sp = map(1 << 16, MAP_PRIVATE), .ss_size = 1 << 16};
    sigaltstack(&other, NULL);
    for (size_t i = 0; i < sizeof(crash_signals) / sizeof(*crash_signals); i++) {
        struct sigaction action = {.sa_sigaction = on_crash, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESETHAND};
        sigaction(crash_signals[i], &action, NULL);
    }
}

/* The C library's own frames have no frame pointers. */
void
abort(void)
{
    record_crash(SIGABRT, 0, OWN_FRAME);
    void (*next)(void) = (void (*)(void))dlsym(RTLD_NEXT, "abort");
    if (next != NULL) {
        next();
    }
    _exit(134);
}

void
__assert_fail(const char *text, const char *file, unsigned line, const char *function)
{
    record_crash(SIGABRT, 0, OWN_FRAME);
    void (*next)(const char *, const char *, unsigned, const char *) =
        (void (*)(const char *, const char *, unsigned, const char *))dlsym(RTLD_NEXT, "__assert_fail");
    if (next != NULL) {
        next(text, file, line, function);
    }
    _exit(134);
}

/* ---- Functions for the probe. ---- */

static void
become(enum mode next)
{
    mode = next;
    is_active = mode != STOPPED || is_tagging;
}

static void
in_child(void)
{
    is_tagging = 0;
    become(STOPPED);
}

static int
is_prepared(void)
{
    if (progress != NULL) {
        return 1;
    }
    pthread_attr_t attributes;
    void *start;
    size_t size;
    if (pthread_getattr_np(pthread_self(), &attributes) != 0) {
        return 0;
    }
    pthread_attr_getstack(&attributes, &start, &size);
    pthread_attr_destroy(&attributes);
    stack_start = start;
    stack_end = (uintptr_t *)((char *)start + size);
    sites = map(MAX_SITES * sizeof(*sites), MAP_PRIVATE);
    slots = map(SITE_SLOTS * sizeof(*slots), MAP_PRIVATE);
    seen = map(MAX_SITES * sizeof(*seen), MAP_PRIVATE);
    tags = map(TAG_SLOTS * sizeof(*tags), MAP_PRIVATE);
    if (sites == NULL || slots == NULL || seen == NULL || tags == NULL || pthread_atfork(NULL, NULL, in_child) != 0) {
        return 0;
    }
    progress = map(sizeof(*progress), MAP_SHARED);
    is_our_thread = 1;
    return progress != NULL;
}

int
cpython_memcheck_torture_set(enum torture_ranges kind, const struct torture_range *ranges, size_t count)
{
    struct torture_range *copy = is_prepared() ? map((count + 1) * sizeof(*ranges), MAP_PRIVATE) : NULL;
    if (copy == NULL) {
        return ENOMEM;
    }
    memcpy(copy, ranges, count * sizeof(*ranges));
    if (known[kind].ranges != NULL) {
        munmap(known[kind].ranges, (known[kind].count + 1) * sizeof(*ranges));
    }
    known[kind].ranges = copy;
    known[kind].count = count;
    return 0;
}

void
cpython_memcheck_torture_count(void)
{
    seen_count = 0;
    current_count++;
    become(COUNTING);
}

void
cpython_memcheck_torture_turn(uint32_t number)
{
    progress->number = number;
    /* The stack of the latest failure stays: it may be the cause of a crash in a later turn. */
    progress->failures = 0;
}

void
cpython_memcheck_torture_fail(uint32_t site, enum torture_flavor flavor)
{
    target = site < site_count ? sites[site].hash : 0;
    target_flavor = flavor;
    become(target == 0 ? STOPPED : WAITING);
}

void
cpython_memcheck_torture_stop(void)
{
    become(STOPPED);
}

size_t
cpython_memcheck_torture_seen(const uint32_t **numbers)
{
    *numbers = seen;
    return seen_count;
}

const uintptr_t *
cpython_memcheck_torture_site(uint32_t site)
{
    return site < site_count ? sites[site].frames : NULL;
}

void
cpython_memcheck_torture_tag(void)
{
    progress->number = progress->failures = progress->signal = progress->failed_frames = progress->crash_frames = 0;
    is_tagging = 1;
    become(mode);
}

uint32_t
cpython_memcheck_torture_tag_of(uintptr_t block)
{
    struct tag *tag = slot_of(block);
    return tag->inverted == 0 ? 0 : tag->number;
}

struct torture_progress *
cpython_memcheck_torture_progress(void)
{
    return progress;
}
