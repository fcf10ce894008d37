/* ---- libc's allocator, under glibc's internal names: dlsym() would allocate. ---- */

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *block);

/* A flag in the word before each of glibc's blocks: the block is not in the main heap. The other heaps have this size and alignment. */
#define NON_MAIN_ARENA 4u
#define ARENA_HEAP_BYTES ((uintptr_t)64 << 20)

static void
own_arena(uintptr_t block)
{
    if ((((const uintptr_t *)block)[-1] & NON_MAIN_ARENA) == 0) {
        return;
    }
    uintptr_t heap = block & ~(ARENA_HEAP_BYTES - 1);
    for (uintptr_t at = heap; at < heap + ARENA_HEAP_BYTES; at += CHUNK_BYTES) {
        struct chunk *chunk = make_chunk(at);
        if (chunk != NULL) {
            chunk->is_of_allocator = 1;
        }
    }
}

/* glibc may let a block extend eight bytes into the header of the next one, where the heap's own pointers point. Padding prevents that. */
static size_t
padded_size(size_t size)
{
    return size < PTRDIFF_MAX && size % 16 >= 1 && size % 16 <= 8 ? size + 8 : size;
}

static void *
record_malloc(void *block, size_t size, const void *frame)
{
    if (block != NULL && has_table()) {
        record_block((uintptr_t)block, size, outer_frame == NULL ? frame : outer_frame, 0);
        own_arena((uintptr_t)block);
    }
    return block;
}

/* Removes references from a block that is freed, which would seem to belong to the next block at this address. The rest stays: without a
   GIL, CPython may read a freed object, for example the mutex of an object whose lock it holds. */
static void
wipe(void *block, size_t size)
{
    uintptr_t *words = block;
    for (size_t i = 0; i < size / sizeof(*words); i++) {
        if (block_around(words[i]) != 0) {
            words[i] = 0;
        }
    }
}

#define MOVED_BY_LIBC ((size_t)1 << 16)

/* Like realloc(), but wipes the old block. libc moves the pages of a large block, so nothing remains of it. */
static void *
grow(void *old, size_t old_size, size_t size)
{
    if (size <= old_size || size > MOVED_BY_LIBC) {
        return __libc_realloc(old, padded_size(size));
    }
    void *block = __libc_malloc(padded_size(size));
    if (block != NULL) {
        memcpy(block, old, old_size);
        wipe(old, old_size);
        __libc_free(old);
    }
    return block;
}

#define OWN_FRAME __builtin_frame_address(0)

void *
malloc(size_t size)
{
    begin_change();
    void *block = record_malloc(__libc_malloc(padded_size(size)), size, OWN_FRAME);
    end_change();
    return block;
}

void *
calloc(size_t count, size_t size)
{
    size_t whole;
    int is_too_much = __builtin_mul_overflow(count, size, &whole);
    begin_change();
    void *made = is_too_much ? __libc_calloc(count, size) : __libc_calloc(1, padded_size(whole));
    void *block = record_malloc(made, whole, OWN_FRAME);
    end_change();
    return block;
}

void *
realloc(void *old, size_t size)
{
    begin_change();
    /* First, because another thread may get the old address right after the call. */
    uint64_t known = old != NULL && has_table() ? forget_block((uintptr_t)old) : 0;
    void *block = known == 0 ? __libc_realloc(old, padded_size(size)) : grow(old, known & MAX_SIZE, size);
    if (block == NULL && size != 0 && known != 0) {
        record_malloc(old, known & MAX_SIZE, OWN_FRAME);
    }
    record_malloc(block, size, OWN_FRAME);
    end_change();
    return block;
}

void
free(void *block)
{
    if (block == NULL) {
        return;
    }
    begin_change();
    if (has_table()) {
        wipe(block, forget_block((uintptr_t)block) & MAX_SIZE);
    }
    __libc_free(block);
    end_change();
}

static void *
aligned(size_t alignment, size_t size, const void *frame)
{
    begin_change();
    void *block = record_malloc(__libc_memalign(alignment, padded_size(size)), size, frame);
    end_change();
    return block;
}

void *
memalign(size_t alignment, size_t size)
{
    return aligned(alignment, size, OWN_FRAME);
}

void *
aligned_alloc(size_t alignment, size_t size)
{
    return aligned(alignment, size, OWN_FRAME);
}

void *
valloc(size_t size)
{
    return aligned((size_t)sysconf(_SC_PAGESIZE), size, OWN_FRAME);
}

int
posix_memalign(void **to, size_t alignment, size_t size)
{
    if (alignment % sizeof(void *) != 0 || (alignment & (alignment - 1)) != 0 || alignment == 0) {
        return EINVAL;
    }
    void *block = aligned(alignment, size, OWN_FRAME);
    if (block == NULL) {
        return ENOMEM;
    }
    *to = block;
    return 0;
}
