/* ---- Stacks, walked by frame pointers, as offsets in object files. Nothing in here calls malloc. ---- */

#define MAX_FRAMES 30

static void *
map_zeros(size_t size)
{
    /* Calls the kernel directly: mmap() may be one of the watched functions. */
    long address = syscall(SYS_mmap, NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0L);
    return address == -1 ? NULL : (void *)address;
}

static uint64_t
mix_bits(uint64_t value)
{
    value = (value ^ (value >> 32)) * 0x9E3779B97F4A7C15u;
    return value ^ (value >> 29);
}

extern void *__libc_stack_end;

/* By frame pointers, which the whole build has (recipe.ts); the innermost frame is the caller of the function that `frame` belongs to. A
   library without them ends the stack, or adds a frame that belongs to no function. */
static uint32_t
walk_frames(const uintptr_t *frame, uintptr_t *frames)
{
    /* glibc keeps a thread's descriptor above its stack; that of the first thread is elsewhere, below. */
    uintptr_t end = (uintptr_t)pthread_self();
    if (end < (uintptr_t)frame) {
        end = (uintptr_t)__libc_stack_end;
    }
    uint32_t count = 0;
    while (count < MAX_FRAMES) {
        uintptr_t next = frame[0], caller = frame[1];
        if (caller < 4096) {
            break;
        }
        frames[count++] = caller;
        if (next <= (uintptr_t)frame || next >= end - 2 * sizeof(uintptr_t) || next % sizeof(uintptr_t) != 0) {
            break;
        }
        frame = (const uintptr_t *)next;
    }
    return count;
}

/* The place of a frame, in the leak sanitizer's format. */
struct frame_place {
    /* A path; NULL if unknown. */
    const char *object;
    size_t offset;
};

/* `self` is the path of the program, which has no name among the loaded objects. */
static struct frame_place
place_of_frame(uintptr_t frame, const char *self)
{
    /* The address of the call, not of the instruction after it. */
    uintptr_t address = frame - 1;
    Dl_info info;
    struct link_map *map = NULL;
    if (dladdr1((void *)address, &info, (void **)&map, RTLD_DL_LINKMAP) == 0 || map == NULL) {
        return (struct frame_place){NULL, address};
    }
    return (struct frame_place){map->l_name[0] == '\0' ? self : map->l_name, address - map->l_addr};
}
