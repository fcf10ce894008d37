/* What torture.c, which is preloaded, offers to the probe. Frames are return addresses, innermost first. */
#include <stddef.h>
#include <stdint.h>

/* Of an allocation site: the innermost frames that are no allocator's; where functions are watched, those that end with the innermost call
   in one of these if it is further out. */
#define TORTURE_SITE_FRAMES 5

/* Of a stack that is shown. */
#define TORTURE_STACK_FRAMES 40

struct torture_range {
    uintptr_t start, end;
};

enum torture_ranges {
    /* Code that allocates for its caller: no part of a site. */
    TORTURE_ALLOCATORS,
    /* Code that does not work without memory by design: nothing fails while it is on the stack. */
    TORTURE_SPARED,
    /* All code: what a frame pointer leads to elsewhere is no frame. */
    TORTURE_CODE,
    /* Functions that alone are looked at: an allocation without one of them on its stack has no site. None for all code. */
    TORTURE_WATCHED,
    TORTURE_KINDS_OF_RANGES,
};

/* What the process that watches must know of one that crashed: in memory that both share. */
struct torture_progress {
    /* Number of the injection that runs. */
    uint32_t number;
    /* Allocations that failed in it. */
    uint32_t failures;
    /* Of the crash; 0 if there was none. */
    uint32_t signal;
    uint32_t failed_frames, crash_frames;
    uintptr_t failed[TORTURE_STACK_FRAMES], crash[TORTURE_STACK_FRAMES];
};

enum torture_flavor { TORTURE_ONCE, TORTURE_FROM_THEN_ON };

#define TORTURE_CALL __attribute__((weak, visibility("default")))

/* Returns 0, or an errno. The sorted ranges are copied. */
TORTURE_CALL int cpython_memcheck_torture_set(enum torture_ranges kind, const struct torture_range *ranges, size_t count);
/* From now on the allocations of this thread are counted by site. */
TORTURE_CALL void cpython_memcheck_torture_count(void);
/* The injection of that number begins. */
TORTURE_CALL void cpython_memcheck_torture_turn(uint32_t number);
/* From now on the next allocation of this thread at that site fails, and, as the flavor says, those that follow. */
TORTURE_CALL void cpython_memcheck_torture_fail(uint32_t site, enum torture_flavor flavor);
/* Nothing is counted and nothing fails. */
TORTURE_CALL void cpython_memcheck_torture_stop(void);
/* The numbers of the sites that were counted last. */
TORTURE_CALL size_t cpython_memcheck_torture_seen(const uint32_t **sites);
/* NULL if there is no such site. Frames that it does not have are 0. */
TORTURE_CALL const uintptr_t *cpython_memcheck_torture_site(uint32_t site);
/* From now on each block remembers the injection that ran when this thread allocated it. */
TORTURE_CALL void cpython_memcheck_torture_tag(void);
/* The injection in which a block was allocated; 0 for none. */
TORTURE_CALL uint32_t cpython_memcheck_torture_tag_of(uintptr_t block);
/* From now on a crash of this process is recorded before it ends. */
TORTURE_CALL void cpython_memcheck_torture_watch_crashes(void);
TORTURE_CALL struct torture_progress *cpython_memcheck_torture_progress(void);
