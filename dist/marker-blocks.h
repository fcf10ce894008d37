/* ---- Allocation and release. ---- */

/* Threads that allocate or release, and the one for which all others wait; 0 for none. */
static atomic_int allocating;
static _Atomic pid_t frozen_by;

static pid_t
own_thread(void)
{
    return (pid_t)syscall(SYS_gettid);
}

static void
begin_change(void)
{
    for (;;) {
        atomic_fetch_add(&allocating, 1);
        if (frozen_by == 0 || frozen_by == own_thread()) {
            return;
        }
        atomic_fetch_sub(&allocating, 1);
        sched_yield();
    }
}

static void
end_change(void)
{
    atomic_fetch_sub(&allocating, 1);
}

#define PATIENCE 1000000

/* From now on every other thread waits when it wants to allocate or to release something. One that takes long is not waited for. */
static void
freeze_blocks(void)
{
    frozen_by = own_thread();
    for (int i = 0; i < PATIENCE && allocating > 0; i++) {
        sched_yield();
    }
}

static void
thaw_blocks(void)
{
    frozen_by = 0;
}

/* Only one thread lives on in a forked child. */
static void
start_child(void)
{
    allocating = 0;
    frozen_by = 0;
}

/* The frame of the outermost of our functions: what it calls allocates for its caller. */
static __thread const void *outer_frame __attribute__((tls_model("initial-exec")));

/* Whatever is called first. */
static int
has_table(void)
{
    static atomic_flag is_made = ATOMIC_FLAG_INIT;
    if (table == NULL && !atomic_flag_test_and_set(&is_made)) {
        table = map_zeros(sizeof(*table));
    }
    return table != NULL;
}

/* ---- libc's. glibc's own names for them: dlsym() would allocate. ---- */

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *block);

/* A flag in glibc's word before each block: it lies in another heap than the main one. Each is this large, and so aligned. */
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

/* A block of glibc may reach eight bytes into the record of the next one, to which the heap's own pointers lead. No block gets that far. */
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

/* What a released block held would be taken for references once it is a part of another. */
static void
wipe(void *block, size_t size)
{
    memset(block, 0, size);
}

#define MOVED_BY_LIBC ((size_t)1 << 16)

/* As realloc() does it, but nothing is left at the old place. Of a large block libc moves the pages. */
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
    /* Before: another thread may get the old address at once. */
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

/* ---- Python's: wrapped, which its documentation allows also where the allocator is fixed. A domain that takes its blocks from malloc
   needs no more. ---- */

/* PyMemAllocatorEx and PyMemAllocatorDomain, as they are documented. Without the headers of CPython this suits every version. */
struct python_allocator {
    void *ctx;
    void *(*malloc)(void *ctx, size_t size);
    void *(*calloc)(void *ctx, size_t count, size_t size);
    void *(*realloc)(void *ctx, void *block, size_t size);
    void (*free)(void *ctx, void *block);
};

enum python_domain { DOMAIN_RAW, DOMAIN_MEM, DOMAIN_OBJ, DOMAINS };

static struct python_allocator under[DOMAINS];

/* mimalloc places blocks of eight bytes at eight bytes: none is as small. */
#define MIN_SIZE (((size_t)1 << GRANULE_BITS) - 7)

static size_t
placed_size(size_t size)
{
    return size < MIN_SIZE ? MIN_SIZE : size;
}

static void
record_python(void *block, size_t size, const void *frame)
{
    if (block == NULL || !has_table() || facts_of((uintptr_t)block) != NULL) {
        return;
    }
    record_block((uintptr_t)block, size, frame, OF_PYTHON);
    struct chunk *chunk = chunk_at((uintptr_t)block);
    /* A large block has a segment for itself, which ends with it. */
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

/* The interpreter's: they are there when this is loaded into one. */
__attribute__((weak)) void PyMem_GetAllocator(enum python_domain domain, struct python_allocator *allocator);
__attribute__((weak)) void PyMem_SetAllocator(enum python_domain domain, struct python_allocator *allocator);

__attribute__((constructor)) static void
watch_blocks(void)
{
    const char *unwind = getenv("CPYTHON_MEMCHECK_UNWIND");
    has_no_frame_pointers = unwind != NULL && strcmp(unwind, "tables") == 0;
    pthread_atfork(NULL, NULL, start_child);
    for (enum python_domain i = 0; i < DOMAINS && PyMem_SetAllocator != NULL && has_table(); i++) {
        PyMem_GetAllocator(i, &under[i]);
        struct python_allocator own = {&under[i], python_malloc, python_calloc, python_realloc, python_free};
        PyMem_SetAllocator(i, &own);
    }
}
