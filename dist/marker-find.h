/* ---- Finding lost blocks: those that cannot be reached from a root. ---- */

struct marks {
    uint64_t of_chunk[MAX_CHUNKS][GRANULES / 64];
};

/* Mapped during a check. */
static struct marks *marks;
static uintptr_t *queue;
static size_t queue_length, queue_room;

static uint64_t *
mark_of(uintptr_t block, uint64_t *bit)
{
    uintptr_t granule = granule_of(block);
    *bit = (uint64_t)1 << granule % 64;
    return &marks->of_chunk[chunk_at(block) - table->chunks][granule / 64];
}

static int
is_marked(uintptr_t block)
{
    uint64_t bit, *mark = mark_of(block, &bit);
    return (*mark & bit) != 0;
}

static void
mark_block(uintptr_t block)
{
    uint64_t bit, *mark = mark_of(block, &bit);
    if ((*mark & bit) == 0 && queue_length < queue_room) {
        *mark |= bit;
        queue[queue_length++] = block;
    }
}

/* A pointer into the middle of a block counts, as in the leak sanitizer. */
static void
follow_words(uintptr_t start, uintptr_t end)
{
    for (uintptr_t at = (start + 7) & ~(uintptr_t)7; at + sizeof(uintptr_t) <= end; at += sizeof(uintptr_t)) {
        uintptr_t block = block_around(*(const volatile uintptr_t *)at);
        if (block != 0) {
            mark_block(block);
        }
    }
}

static void
follow_queue(void)
{
    while (queue_length > 0) {
        uintptr_t block = queue[--queue_length];
        follow_words(block, block + size_of_block(block));
    }
}

static void
for_each_block(void (*act)(uintptr_t block, uint64_t facts))
{
    for (uint32_t i = 0; i < chunk_count && i < MAX_CHUNKS; i++) {
        struct chunk *chunk = &table->chunks[i];
        for (uintptr_t word = 0; chunk->base != 0 && word < GRANULES / 64; word++) {
            for (uint64_t bits = chunk->starts[word]; bits != 0; bits &= bits - 1) {
                uintptr_t granule = word * 64 + (uintptr_t)__builtin_ctzll(bits);
                act(chunk->base + (granule << GRANULE_BITS), chunk->facts[granule]);
            }
        }
    }
}

static void
count_block(uintptr_t block, uint64_t facts)
{
    (void)block;
    (void)facts;
    queue_room++;
}

static void
mark_ignored(uintptr_t block, uint64_t facts)
{
    if ((facts & IS_IGNORED) != 0) {
        mark_block(block);
    }
}

static void
list_lost(uintptr_t block, uint64_t facts)
{
    if (!is_marked(block) && lost_count < lost_room) {
        lost[lost_count++] = (struct lost){(uint32_t)(facts >> SIZE_BITS & (STACK_WORDS - 1)), 0, block, facts & MAX_SIZE};
    }
}

static void
unmap(void *memory, size_t size)
{
    if (memory != NULL) {
        syscall(SYS_munmap, memory, size);
    }
}

static void
forget_lost(void)
{
    unmap(lost, lost_room * sizeof(*lost));
    lost = NULL;
    lost_count = lost_room = 0;
}

static struct range
range_of(const void *memory, size_t size)
{
    return (struct range){(uintptr_t)memory, (uintptr_t)memory + size};
}

static void
look_for_lost(void)
{
    for_each_block(mark_ignored);
    follow_roots();
    follow_queue();
    for_each_block(list_lost);
    sort_lost(by_address);
    find_owned();
    sort_lost(comes_before);
}

/* Fills `lost`. The caller has stopped the interpreter's other threads and hidden pointers that own nothing. Returns -1 without memory. */
int
cpython_memcheck_find_lost(void)
{
    if (!has_table()) {
        return -1;
    }
    freeze_blocks();
    forget_lost();
    queue_room = queue_length = 0;
    for_each_block(count_block);
    lost_room = queue_room;
    marks = map_zeros(sizeof(*marks));
    queue = map_zeros(queue_room * sizeof(*queue));
    lost = map_zeros(lost_room * sizeof(*lost));
    own_memory[0] = range_of(table, sizeof(*table));
    own_memory[1] = range_of(marks, sizeof(*marks));
    own_memory[2] = range_of(queue, queue_room * sizeof(*queue));
    own_memory[3] = range_of(lost, lost_room * sizeof(*lost));
    int result = marks == NULL || queue == NULL || lost == NULL ? -1 : 0;
    if (result == 0) {
        look_for_lost();
    }
    unmap(marks, sizeof(*marks));
    unmap(queue, queue_room * sizeof(*queue));
    thaw_blocks();
    return result;
}

/* Whether the address is in a live block. */
int
cpython_memcheck_has_block(uintptr_t address)
{
    return has_table() && block_around(address) != 0;
}

/* From now on the block and all blocks that it points to count as live. */
void
cpython_memcheck_ignore_lost(uintptr_t block)
{
    _Atomic uint64_t *facts = has_table() ? facts_of(block) : NULL;
    if (facts != NULL) {
        atomic_fetch_or(facts, IS_IGNORED);
    }
}
