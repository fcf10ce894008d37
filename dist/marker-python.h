/* ---- Python's allocators. They are wrapped, which the documentation allows even in a free-threaded build. Blocks that a domain takes from
   malloc are recorded there. ---- */

/* PyMemAllocatorEx and PyMemAllocatorDomain, as documented. Without CPython's headers, one library fits every version. */
struct python_allocator {
    void *ctx;
    void *(*malloc)(void *ctx, size_t size);
    void *(*calloc)(void *ctx, size_t count, size_t size);
    void *(*realloc)(void *ctx, void *block, size_t size);
    void (*free)(void *ctx, void *block);
};

enum python_domain { DOMAIN_RAW, DOMAIN_MEM, DOMAIN_OBJ, DOMAINS };

static struct python_allocator under[DOMAINS];

/* mimalloc aligns blocks of eight bytes to only eight bytes, so every block is made larger. */
#define MIN_SIZE (((size_t)1 << GRANULE_BITS) - 7)

static size_t
placed_size(size_t size)
{
    return size < MIN_SIZE ? MIN_SIZE : size;
}

static void
record_python(void *block, size_t size, const void *frame)
{
    /* The debug hooks, which a debug build has, return the middle of a block of malloc. */
    if (block == NULL || !has_table() || block_around((uintptr_t)block) != 0) {
        return;
    }
    record_block((uintptr_t)block, size, frame, OF_PYTHON);
    struct chunk *chunk = chunk_at((uintptr_t)block);
    /* A large block has its own segment, which is freed with it. */
    if (chunk != NULL && size <= CHUNK_BYTES / 2) {
        chunk->is_of_allocator = 1;
    }
}

static uint64_t
forget_python(void *block)
{
    _Atomic uint64_t *facts = block == NULL || !has_table() ? NULL : facts_of((uintptr_t)block);
    return facts == NULL || (*facts & OF_PYTHON) == 0 ? 0 : forget_block((uintptr_t)block);
}

static void *
python_malloc(void *context, size_t size)
{
    struct python_allocator *allocator = context;
    begin_change();
    outer_frame = OWN_FRAME;
    void *block = allocator->malloc(allocator->ctx, placed_size(size));
    outer_frame = NULL;
    record_python(block, size, OWN_FRAME);
    end_change();
    return block;
}

static void *
python_calloc(void *context, size_t count, size_t size)
{
    struct python_allocator *allocator = context;
    begin_change();
    outer_frame = OWN_FRAME;
    void *block = count * size < MIN_SIZE ? allocator->calloc(allocator->ctx, 1, MIN_SIZE) : allocator->calloc(allocator->ctx, count, size);
    outer_frame = NULL;
    record_python(block, count * size, OWN_FRAME);
    end_change();
    return block;
}

static void *
python_grow(struct python_allocator *allocator, void *old, size_t old_size, size_t size)
{
    if (size <= old_size || size > MOVED_BY_LIBC) {
        return allocator->realloc(allocator->ctx, old, size);
    }
    void *block = allocator->malloc(allocator->ctx, size);
    if (block != NULL) {
        memcpy(block, old, old_size);
        wipe(old, old_size);
        allocator->free(allocator->ctx, old);
    }
    return block;
}

static void *
python_realloc(void *context, void *old, size_t size)
{
    struct python_allocator *allocator = context;
    begin_change();
    uint64_t known = forget_python(old);
    outer_frame = OWN_FRAME;
    void *block = known == 0 ? allocator->realloc(allocator->ctx, old, placed_size(size))
                             : python_grow(allocator, old, known & MAX_SIZE, placed_size(size));
    outer_frame = NULL;
    if (block == NULL && known != 0) {
        record_python(old, known & MAX_SIZE, OWN_FRAME);
    }
    record_python(block, size, OWN_FRAME);
    end_change();
    return block;
}

static void
python_free(void *context, void *block)
{
    struct python_allocator *allocator = context;
    begin_change();
    wipe(block, forget_python(block) & MAX_SIZE);
    allocator->free(allocator->ctx, block);
    end_change();
}

/* Functions of the interpreter. Weak: this library may be loaded into other programs. */
__attribute__((weak)) void PyMem_GetAllocator(enum python_domain domain, struct python_allocator *allocator);
__attribute__((weak)) void PyMem_SetAllocator(enum python_domain domain, struct python_allocator *allocator);

__attribute__((constructor)) static void
watch_blocks(void)
{
    const char *unwind = getenv("CPYTHON_MEMCHECK_UNWIND");
    has_no_frame_pointers = unwind != NULL && strcmp(unwind, "tables") == 0;
    pthread_atfork(NULL, NULL, reset_in_child);
    for (enum python_domain i = 0; i < DOMAINS && PyMem_SetAllocator != NULL && has_table(); i++) {
        PyMem_GetAllocator(i, &under[i]);
        struct python_allocator own = {&under[i], python_malloc, python_calloc, python_realloc, python_free};
        PyMem_SetAllocator(i, &own);
    }
}
