/* ---- The functions that lifecycle.c replaces to watch allocations. ---- */

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);

void *
malloc(size_t size)
{
    void *block = __libc_malloc(size);
    record_block(block, size, __builtin_frame_address(0));
    return block;
}

void *
calloc(size_t count, size_t size)
{
    void *block = __libc_calloc(count, size);
    record_block(block, count * size, __builtin_frame_address(0));
    return block;
}

void *
realloc(void *old, size_t size)
{
    void *block = __libc_realloc(old, size);
    if (block != NULL || size == 0) {
        forget_block(old);
        record_block(block, size, __builtin_frame_address(0));
    }
    return block;
}

void
free(void *block)
{
    forget_block(block);
    __libc_free(block);
}

void *
memalign(size_t alignment, size_t size)
{
    void *block = __libc_memalign(alignment, size);
    record_block(block, size, __builtin_frame_address(0));
    return block;
}

void *
aligned_alloc(size_t alignment, size_t size)
{
    void *block = __libc_memalign(alignment, size);
    record_block(block, size, __builtin_frame_address(0));
    return block;
}

int
posix_memalign(void **to, size_t alignment, size_t size)
{
    void *block = __libc_memalign(alignment, size);
    if (block == NULL) {
        return ENOMEM;
    }
    record_block(block, size, __builtin_frame_address(0));
    *to = block;
    return 0;
}

/* Pages, such as those for stacks of Python frames. CPython's headers call mmap64 instead, for us as for CPython. */
void *
mmap(void *wanted, size_t size, int protection, int flags, int file, off_t offset)
{
    void *pages = (void *)syscall(SYS_mmap, wanted, size, protection, flags, file, offset);
    if (pages != MAP_FAILED) {
        record_block(pages, size, __builtin_frame_address(0));
    }
    return pages;
}

int
munmap(void *pages, size_t size)
{
    forget_block(pages);
    return (int)syscall(SYS_munmap, pages, size);
}
