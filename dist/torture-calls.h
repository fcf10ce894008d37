/* Functions of torture.c, which is preloaded, for the probe. Frames are return addresses, innermost first. */
#include <stddef.h>
#include <stdint.h>

/* Of an allocation site: the innermost frames that are no allocator's; where functions are watched, those that end with the innermost call
   in one of these if it is further out. */
#define TORTURE_SITE_FRAMES 5

/* Maximum frames of a stack for display. */
#define TORTURE_STACK_FRAMES 40

struct torture_range {
    uintptr_t start, end;
};

enum torture_ranges {
    /* Code that allocates for its caller: not part of a site. */
    TORTURE_ALLOCATORS,
    /* Code that can't work without memory: nothing fails while it is on the stack. */
    TORTURE_SPARED,
    /* All code: addresses outside of it are not frames. */
    TORTURE_CODE,
    /* If set, only allocations with one of these functions on their stack have a site. */
    TORTURE_WATCHED,
    TORTURE_KINDS_OF_RANGES,
};

/* Information about a crashed process, in memory that it shares with the watching one. */
struct torture_progress {
    /* Number of the current injection. */
    uint32_t number;
    /* Number of allocations that failed in it. */
    uint32_t failures;
    /* Stack of the crash; 0 if there was none. */
    uint32_t signal;
    uint32_t failed_frames, crash_frames;
    uintptr_t failed[TORTURE_STACK_FRAMES], crash[TORTURE_STACK_FRAMES];
};

enum torture_flavor { TORTURE_ONCE, TORTURE_FROM_THEN_ON };

#define TORTURE_CALL __attribute__((weak, visibility("default")))

/* Returns 0, or an errno. The sorted ranges are copied. */
TORTURE_CALL int cpython_memcheck_torture_set(enum torture_ranges kind, const struct torture_range *ranges, size_t count);
/* From now on, allocations of this thread are counted by site. */
TORTURE_CALL void cpython_memcheck_torture_count(void);
/* The injection of that number begins. */
TORTURE_CALL void cpython_memcheck_torture_turn(uint32_t number);
/* From now on, the next allocation of this thread at that site fails and, depending on the flavor, all later ones. */
TORTURE_CALL void cpython_memcheck_torture_fail(uint32_t site, enum torture_flavor flavor);
/* Stops counting and failing. */
TORTURE_CALL void cpython_memcheck_torture_stop(void);
/* The numbers of the sites counted last. */
TORTURE_CALL size_t cpython_memcheck_torture_seen(const uint32_t **sites);
/* NULL if there is no such site. Missing frames are 0. */
TORTURE_CALL const uintptr_t *cpython_memcheck_torture_site(uint32_t site);
/* From now on, each block stores the injection in which this thread allocated it. */
TORTURE_CALL void cpython_memcheck_torture_tag(void);
/* The injection in which a block was allocated; 0 for none. */
TORTURE_CALL uint32_t cpython_memcheck_torture_tag_of(uintptr_t block);
/* From now on, a crash of this process is recorded before it ends. */
TORTURE_CALL void cpython_memcheck_torture_watch_crashes(void);
TORTURE_CALL struct torture_progress *cpython_memcheck_torture_progress(void);
