/* ---- The table of live blocks: address, size and allocation stack of each. ----

   Memory is divided into chunks of 32 MiB. For every 16 bytes, a chunk has a bit that says whether a block starts there, and a word with
   facts about that block. The block around an address is found without a search over all blocks. No lock is needed, because a block is
   allocated and freed by one thread at a time. The table is reserved as one mapping, of which only touched pages take memory. */

/* Also the size of mimalloc's segments, so a chunk with one of its blocks belongs to mimalloc alone. */
#define CHUNK_BITS 25
#define CHUNK_BYTES ((uintptr_t)1 << CHUNK_BITS)
#define GRANULE_BITS 4
#define GRANULES (CHUNK_BYTES >> GRANULE_BITS)

/* For addresses of 48 bits. */
#define DIRECTORY_SIZE ((size_t)1 << (48 - CHUNK_BITS))

/* 64 GiB of live memory, four million stacks. Blocks beyond that are not in the table, so they are never reported as lost. */
#define MAX_CHUNKS 2048u
#define STACK_SLOTS (1u << 22)
#define STACK_WORDS (1u << 27)

/* Facts about a block, from the lowest bit: size, stack, whether Python's allocator made it, and whether it always counts as live. */
#define SIZE_BITS 35
#define STACK_BITS 27
#define MAX_SIZE (((uint64_t)1 << SIZE_BITS) - 1)
#define OF_PYTHON ((uint64_t)1 << 62)
#define IS_IGNORED ((uint64_t)1 << 63)

struct chunk {
    _Atomic uint64_t starts[GRANULES / 64];
    _Atomic uint64_t facts[GRANULES];
    /* The block that starts in an earlier chunk and extends into this one. */
    _Atomic uintptr_t reaching;
    uintptr_t base;
    /* Whether the whole chunk belongs to one allocator: then memory outside of blocks is free, or the allocator's own data. */
    _Atomic int is_of_allocator;
};

struct table {
    struct chunk *_Atomic directory[DIRECTORY_SIZE];
    _Atomic uint32_t stack_slots[STACK_SLOTS];
    /* For each stack the number of frames, then the frames. The index of the first word identifies the stack; 0: none. */
    uintptr_t stack_words[STACK_WORDS];
    struct chunk chunks[MAX_CHUNKS];
};

static struct table *table;
static _Atomic uint32_t chunk_count, stack_word_count = 1;

_Static_assert(STACK_WORDS <= 1u << STACK_BITS, "a stack's index fits into its bits");

static struct chunk *
chunk_at(uintptr_t address)
{
    uintptr_t index = address >> CHUNK_BITS;
    return index < DIRECTORY_SIZE ? atomic_load_explicit(&table->directory[index], memory_order_acquire) : NULL;
}

static struct chunk *
make_chunk(uintptr_t address)
{
    struct chunk *chunk = chunk_at(address);
    if (chunk != NULL || address >> CHUNK_BITS >= DIRECTORY_SIZE) {
        return chunk;
    }
    uint32_t index = atomic_fetch_add(&chunk_count, 1);
    if (index >= MAX_CHUNKS) {
        atomic_fetch_sub(&chunk_count, 1);
        return NULL;
    }
    struct chunk *made = &table->chunks[index], *there = NULL;
    made->base = address & ~(CHUNK_BYTES - 1);
    /* If two threads make the same chunk, one of the two stays unused. */
    return atomic_compare_exchange_strong(&table->directory[address >> CHUNK_BITS], &there, made) ? made : there;
}

static uintptr_t
granule_of(uintptr_t address)
{
    return (address & (CHUNK_BYTES - 1)) >> GRANULE_BITS;
}

/* The facts about the block that starts at this address; NULL if there is none. */
static _Atomic uint64_t *
facts_of(uintptr_t block)
{
    struct chunk *chunk = chunk_at(block);
    uintptr_t granule = granule_of(block);
    return chunk == NULL || (chunk->starts[granule / 64] >> granule % 64 & 1) == 0 ? NULL : &chunk->facts[granule];
}

static uintptr_t
size_of_block(uintptr_t block)
{
    return chunk_at(block)->facts[granule_of(block)] & MAX_SIZE;
}

/* The last block of this chunk that starts at or before this address; 0: none. */
static uintptr_t
last_start(const struct chunk *chunk, uintptr_t address)
{
    uintptr_t granule = granule_of(address), word = granule / 64;
    uint64_t bits = chunk->starts[word] & (~(uint64_t)0 >> (63 - granule % 64));
    while (bits == 0 && word > 0) {
        bits = chunk->starts[--word];
    }
    return bits == 0 ? 0 : chunk->base + ((word * 64 + 63 - (uintptr_t)__builtin_clzll(bits)) << GRANULE_BITS);
}

/* The block that contains this address; 0: none. */
static uintptr_t
block_around(uintptr_t address)
{
    struct chunk *chunk = chunk_at(address);
    if (chunk == NULL) {
        return 0;
    }
    uintptr_t block = last_start(chunk, address);
    block = block == 0 ? chunk->reaching : block;
    return block != 0 && address - block < size_of_block(block) ? block : 0;
}

static int
is_stack(uint32_t stack, const uintptr_t *frames, uint32_t count)
{
    return table->stack_words[stack] == count && memcmp(&table->stack_words[stack + 1], frames, count * sizeof(*frames)) == 0;
}

/* The index of this stack, which is added if it is new; 0 if the table is full. */
static uint32_t
name_of_stack(const uintptr_t *frames, uint32_t count)
{
    uint64_t hash = count;
    for (uint32_t i = 0; i < count; i++) {
        hash = mix_bits(hash + frames[i]);
    }
    uint32_t made = 0;
    for (uint32_t i = 0; i < STACK_SLOTS / 2; i++) {
        _Atomic uint32_t *slot = &table->stack_slots[(hash + i) % STACK_SLOTS];
        uint32_t there = *slot;
        if (there == 0 && made == 0) {
            made = atomic_fetch_add(&stack_word_count, count + 1);
            if (made > STACK_WORDS - MAX_FRAMES - 1) {
                atomic_fetch_sub(&stack_word_count, count + 1);
                return 0;
            }
            table->stack_words[made] = count;
            memcpy(&table->stack_words[made + 1], frames, count * sizeof(*frames));
        }
        if (there == 0 && atomic_compare_exchange_strong(slot, &there, made)) {
            return made;
        }
        if (is_stack(there, frames, count)) {
            return there;
        }
    }
    return 0;
}

/* Registers a block in the chunks after its first that it extends into. */
static void
set_reaching(uintptr_t block, size_t size, uintptr_t reaching)
{
    for (uintptr_t base = (block & ~(CHUNK_BYTES - 1)) + CHUNK_BYTES; base < block + size; base += CHUNK_BYTES) {
        struct chunk *chunk = make_chunk(base);
        if (chunk != NULL) {
            chunk->reaching = reaching;
        }
    }
}

static void
record_block(uintptr_t block, size_t size, const void *frame, uint64_t flags)
{
    struct chunk *chunk = make_chunk(block);
    if (chunk == NULL) {
        return;
    }
    uintptr_t frames[MAX_FRAMES], granule = granule_of(block);
    uint64_t stack = name_of_stack(frames, find_frames(frame, frames));
    /* Even an empty block must contain its own address. */
    size = size > MAX_SIZE ? MAX_SIZE : size < 1 ? 1 : size;
    chunk->facts[granule] = size | stack << SIZE_BITS | flags;
    set_reaching(block, size, block);
    atomic_fetch_or(&chunk->starts[granule / 64], (uint64_t)1 << granule % 64);
}

/* Returns the facts about the block; 0 if it is not in the table. */
static uint64_t
forget_block(uintptr_t block)
{
    _Atomic uint64_t *facts = facts_of(block);
    if (facts == NULL) {
        return 0;
    }
    uint64_t known = *facts;
    uintptr_t granule = granule_of(block);
    atomic_fetch_and(&chunk_at(block)->starts[granule / 64], ~((uint64_t)1 << granule % 64));
    set_reaching(block, known & MAX_SIZE, 0);
    return known;
}
