/* ---- Roots: memory whose references keep blocks alive. ----

   These are all writable mappings that belong to no allocator: globals of every library, the used parts of stacks, and mappings that
   libraries made themselves. They are listed by system calls only, because nothing may allocate during the check. */

static void follow_words(uintptr_t start, uintptr_t end);

#define PAGE_BYTES ((uintptr_t)4096)
#define MAX_STACKS 1024
#define MAPS_BYTES ((size_t)16 << 20)

/* The stack pointers of all other threads that are waiting in the kernel. */
static uintptr_t stack_pointers[MAX_STACKS];
static size_t stack_pointer_count;

/* The marker's own memory keeps nothing alive: words of marks may look like addresses. */
struct range {
    uintptr_t start, end;
};
static struct range own_memory[4];

static int pagemap = -1;

static size_t
read_file(const char *path, char *to, size_t room)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    size_t length = 0;
    for (ssize_t part = 1; file >= 0 && part > 0 && length < room - 1; length += part > 0 ? (size_t)part : 0) {
        part = read(file, to + length, room - 1 - length);
    }
    if (file >= 0) {
        close(file);
    }
    to[length] = '\0';
    return length;
}

/* The file `syscall` of a waiting thread ends with its stack pointer and program counter (proc(5)). */
static void
add_stack_pointer(long thread)
{
    char path[64], text[256];
    snprintf(path, sizeof(path), "/proc/self/task/%ld/syscall", thread);
    read_file(path, text, sizeof(text));
    char *last = strrchr(text, ' ');
    if (last == NULL || stack_pointer_count == MAX_STACKS) {
        return;
    }
    *last = '\0';
    char *before = strrchr(text, ' ');
    if (before != NULL) {
        stack_pointers[stack_pointer_count++] = strtoul(before + 1, NULL, 16);
    }
}

static void
find_stack_pointers(void)
{
    char entries[4096];
    stack_pointer_count = 0;
    int folder = open("/proc/self/task", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    for (long length; folder >= 0 && (length = syscall(SYS_getdents64, folder, entries, sizeof(entries))) > 0;) {
        for (long at = 0; at < length;) {
            /* getdents64(2): two words, the length of the entry, a byte, its name. */
            unsigned short size;
            memcpy(&size, entries + at + 16, sizeof(size));
            long thread = strtol(entries + at + 19, NULL, 10);
            if (thread > 0 && thread != own_thread()) {
                add_stack_pointer(thread);
            }
            at += size;
        }
    }
    if (folder >= 0) {
        close(folder);
    }
}

/* Skips live blocks, which are followed only if they are reachable, and free memory of allocators. */
static void
follow_outside_blocks(uintptr_t start, uintptr_t end)
{
    while (start < end) {
        struct chunk *chunk = chunk_at(start);
        uintptr_t next = (start & ~(CHUNK_BYTES - 1)) + CHUNK_BYTES;
        next = next < end ? next : end;
        if (chunk == NULL) {
            follow_words(start, next);
        }
        for (uintptr_t at = start; chunk != NULL && !chunk->is_of_allocator && at < next;) {
            uintptr_t block = block_around(at);
            if (block != 0) {
                at = (block + size_of_block(block) + 7) & ~(uintptr_t)7;
                continue;
            }
            uintptr_t until = at;
            while (until < next && block_around(until) == 0) {
                until += (uintptr_t)1 << GRANULE_BITS;
            }
            follow_words(at, until < next ? until : next);
            at = until;
        }
        start = next;
    }
}

#define PAGES_AT_ONCE 512
#define IS_PRESENT ((uint64_t)1 << 63)
#define IS_SWAPPED ((uint64_t)1 << 62)

/* Linux reads the set of signals before it rejects the first argument. */
static int
is_readable(uintptr_t page)
{
    return syscall(SYS_rt_sigprocmask, -1, page, NULL, sizeof(uint64_t)) != 0 && errno != EFAULT;
}

/* Skips pages that were never touched, which are empty, and guard pages, which look as if they were swapped out: since Linux 6.13, a
   mapping may contain some (MADV_GUARD_INSTALL). Threads' stacks have them since glibc 2.42. */

static void
follow_range(uintptr_t start, uintptr_t end)
{
    uint64_t pages[PAGES_AT_ONCE];
    while (start < end) {
        uintptr_t page = start & ~(PAGE_BYTES - 1), count = (end - page + PAGE_BYTES - 1) / PAGE_BYTES;
        count = count < PAGES_AT_ONCE ? count : PAGES_AT_ONCE;
        ssize_t known = pagemap < 0 ? -1 : pread(pagemap, pages, count * sizeof(*pages), (off_t)(page / PAGE_BYTES * sizeof(*pages)));
        for (uintptr_t i = 0; i < count; i++, page += PAGE_BYTES) {
            uintptr_t from = page < start ? start : page, to = page + PAGE_BYTES < end ? page + PAGE_BYTES : end;
            uint64_t state = known < 0 ? IS_SWAPPED : pages[i];
            if ((state & IS_PRESENT) != 0 || ((state & IS_SWAPPED) != 0 && is_readable(page))) {
                follow_outside_blocks(from, to);
            }
        }
        start = page;
    }
}

/* The start of a stack's used part: the lowest stack pointer in it, minus the 128 bytes (red zone) that a leaf function may use. Below are
   leftovers of calls that have returned. */
static uintptr_t
used_from(uintptr_t start, uintptr_t end, uintptr_t own)
{
    uintptr_t from = own >= start && own < end ? own : end;
    for (size_t i = 0; i < stack_pointer_count; i++) {
        uintptr_t pointer = stack_pointers[i] - 128;
        from = pointer >= start && pointer < from ? pointer : from;
    }
    return from == end ? start : from;
}

/* Skips the first `count` ranges of our own memory. */
static void
follow_others(uintptr_t start, uintptr_t end, size_t count)
{
    while (count > 0 && (end <= own_memory[count - 1].start || start >= own_memory[count - 1].end)) {
        count--;
    }
    if (count == 0) {
        follow_range(start, end);
        return;
    }
    struct range own = own_memory[--count];
    if (start < own.start) {
        follow_others(start, own.start, count);
    }
    if (end > own.end) {
        follow_others(own.end, end, count);
    }
}

static void
follow_mapping(uintptr_t start, uintptr_t end, uintptr_t own_stack)
{
    follow_others(used_from(start, end, own_stack), end, sizeof(own_memory) / sizeof(*own_memory));
}

/* A line of /proc/self/maps: START-END rw-p OFFSET DEVICE INODE NAME */
static void
follow_line(const char *line, uintptr_t own_stack)
{
    char *at;
    uintptr_t start = strtoul(line, &at, 16), end = strtoul(at + 1, &at, 16);
    const char *line_end = strchr(line, '\n');
    static const char heap[] = "[heap]";
    int is_heap = line_end != NULL && line_end - line > 6 && memcmp(line_end - 6, heap, 6) == 0;
    if (strncmp(at, " rw-p", 5) == 0 && !is_heap) {
        follow_mapping(start, end, own_stack);
    }
}

__attribute__((noinline)) static void
follow_mappings(void)
{
    uintptr_t own_stack = (uintptr_t)__builtin_frame_address(0);
    char *maps = map_zeros(MAPS_BYTES);
    if (maps == NULL) {
        return;
    }
    read_file("/proc/self/maps", maps, MAPS_BYTES);
    pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
    find_stack_pointers();
    for (const char *line = maps; *line != '\0'; line = strchr(line, '\n') + 1) {
        follow_line(line, own_stack);
        if (strchr(line, '\n') == NULL) {
            break;
        }
    }
    if (pagemap >= 0) {
        close(pagemap);
    }
    syscall(SYS_munmap, maps, MAPS_BYTES);
}

__attribute__((noinline)) static void
follow_roots(void)
{
    /* Saves the registers to the stack, because a caller may keep a reference in one. */
    __builtin_unwind_init();
    follow_mappings();
}
