/* ---- Blocks that outlive the round in which they were allocated. ----

   A round is whatever is done again and again: an interpreter's life, or a run of the same tests. A block is kept in a table from its
   allocation to its release, with its round and its stack; what is left of each round says what grows. The table is mapped, not allocated:
   nothing in here may call malloc. */

#include "frames.h"

/* Powers of two. Three million live blocks, on a hundred thousand stacks. */
#define SURVIVOR_SLOTS (1u << 22)
#define SURVIVOR_STACKS (1u << 17)

struct survivor {
    uintptr_t address;
    size_t size;
    uint32_t stack;
    uint32_t round;
};

struct survivor_stack {
    uint64_t hash;
    uint32_t count;
    uintptr_t frames[MAX_FRAMES];
};

static struct survivor *survivors;
static struct survivor_stack *survivor_stacks;
static size_t survivor_count, survivor_stack_count;

/* Whether the tables were full. */
static int survivors_overflowed;

/* 0 while not recording. */
static uint32_t survivor_round;

static atomic_flag survivors_lock = ATOMIC_FLAG_INIT;

static void
lock_survivors(void)
{
    while (atomic_flag_test_and_set_explicit(&survivors_lock, memory_order_acquire)) {
        sched_yield();
    }
}

static void
unlock_survivors(void)
{
    atomic_flag_clear_explicit(&survivors_lock, memory_order_release);
}

/* A forked child has no rounds: it must not wait for a lock that a thread of its parent held. */
static void
stop_recording(void)
{
    survivor_round = 0;
    survivors = NULL;
}

static int
map_survivors(void)
{
    survivors = map_zeros(SURVIVOR_SLOTS * sizeof(*survivors));
    survivor_stacks = map_zeros(SURVIVOR_STACKS * sizeof(*survivor_stacks));
    return survivors == NULL || survivor_stacks == NULL || pthread_atfork(NULL, NULL, stop_recording) != 0 ? -1 : 0;
}

/* The number of this stack; SURVIVOR_STACKS if the table is full. */
static uint32_t
number_of_stack(const uintptr_t *frames, uint32_t count)
{
    uint64_t hash = count;
    for (uint32_t i = 0; i < count; i++) {
        hash = mix_bits(hash + frames[i]);
    }
    for (uint32_t i = (uint32_t)hash % SURVIVOR_STACKS;; i = (i + 1) % SURVIVOR_STACKS) {
        struct survivor_stack *stack = &survivor_stacks[i];
        if (stack->count == 0) {
            if (survivor_stack_count >= SURVIVOR_STACKS / 4 * 3) {
                return SURVIVOR_STACKS;
            }
            survivor_stack_count++;
            stack->hash = hash;
            stack->count = count;
            memcpy(stack->frames, frames, count * sizeof(*frames));
            return i;
        }
        if (stack->hash == hash && stack->count == count && memcmp(stack->frames, frames, count * sizeof(*frames)) == 0) {
            return i;
        }
    }
}

static uint32_t
slot_of(uintptr_t address)
{
    return (uint32_t)mix_bits(address >> 4) % SURVIVOR_SLOTS;
}

static void
record_block(const void *block, size_t size, const void *frame)
{
    if (survivor_round == 0 || block == NULL) {
        return;
    }
    uintptr_t frames[MAX_FRAMES];
    uint32_t count = walk_frames(frame, frames);
    if (count == 0) {
        return;
    }
    lock_survivors();
    uint32_t stack = number_of_stack(frames, count);
    if (stack == SURVIVOR_STACKS || survivor_count >= SURVIVOR_SLOTS / 4 * 3) {
        survivors_overflowed = 1;
    }
    else {
        uint32_t i = slot_of((uintptr_t)block);
        while (survivors[i].address != 0 && survivors[i].address != (uintptr_t)block) {
            i = (i + 1) % SURVIVOR_SLOTS;
        }
        survivor_count += survivors[i].address == 0;
        survivors[i] = (struct survivor){(uintptr_t)block, size, stack, survivor_round};
    }
    unlock_survivors();
}

/* Also between rounds: a freed block must be removed before another one gets its address. */
static void
forget_block(const void *block)
{
    if (survivors == NULL || block == NULL || survivor_count == 0) {
        return;
    }
    lock_survivors();
    uint32_t i = slot_of((uintptr_t)block);
    while (survivors[i].address != 0 && survivors[i].address != (uintptr_t)block) {
        i = (i + 1) % SURVIVOR_SLOTS;
    }
    if (survivors[i].address != 0) {
        survivor_count--;
        /* Later entries move up, so that no search ends too early. */
        for (uint32_t hole = i, j = i;;) {
            j = (j + 1) % SURVIVOR_SLOTS;
            if (survivors[j].address == 0) {
                survivors[hole].address = 0;
                break;
            }
            uint32_t home = slot_of(survivors[j].address);
            if ((j - home) % SURVIVOR_SLOTS >= (j - hole) % SURVIVOR_SLOTS) {
                survivors[hole] = survivors[j];
                hole = j;
            }
        }
    }
    unlock_survivors();
}
