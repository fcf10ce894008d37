/* ---- The functions of the leak sanitizer and of the marker. ---- */

/* Weak: they exist if marker.c is preloaded instead of the leak sanitizer's runtime. */
__attribute__((weak)) int cpython_memcheck_find_lost(void);
__attribute__((weak)) void cpython_memcheck_write_lost(int file);
__attribute__((weak)) void cpython_memcheck_ignore_lost(uintptr_t block);

static int
has_marker(void)
{
    return cpython_memcheck_find_lost != NULL && cpython_memcheck_write_lost != NULL && cpython_memcheck_ignore_lost != NULL;
}

/* Weak: they exist if the runtime is preloaded. */
__attribute__((weak)) int __lsan_do_recoverable_leak_check(void);
__attribute__((weak)) void __lsan_ignore_object(const void *block);
__attribute__((weak)) void __lsan_register_root_region(const void *begin, size_t size);
__attribute__((weak)) void __lsan_unregister_root_region(const void *begin, size_t size);
__attribute__((weak)) void __sanitizer_set_report_fd(void *descriptor);

/* In preload.c. */
__attribute__((weak)) extern int cpython_memcheck_is_looking;

static int
has_sanitizer(void)
{
    return __lsan_do_recoverable_leak_check != NULL && __lsan_ignore_object != NULL && __lsan_register_root_region != NULL &&
           __lsan_unregister_root_region != NULL && __sanitizer_set_report_fd != NULL;
}

/* Its roots are globals, stacks and registers. The threads' stacks of frames hold the locals of all functions that run, and may be mapped
   (_PyObject_VirtualAlloc). An interpreter that is running a thread changes its list meanwhile, and the leak sanitizer ends a process that
   withdraws a region that it does not know: so what was registered is kept. The addresses are inverted, as they are no references. */
#define MAX_ROOTS 16384

static struct {
    uintptr_t inverted;
    size_t size;
} roots[MAX_ROOTS];

static size_t root_count;

static void
register_chunks(void)
{
    root_count = 0;
    for (PyInterpreterState *interp = PyInterpreterState_Head(); interp != NULL; interp = PyInterpreterState_Next(interp)) {
        for (PyThreadState *t = interp->threads.head; t != NULL; t = t->next) {
            for (_PyStackChunk *chunk = t->datastack_chunk; chunk != NULL && root_count < MAX_ROOTS; chunk = chunk->previous) {
                roots[root_count].inverted = ~(uintptr_t)chunk;
                roots[root_count].size = chunk->size;
                __lsan_register_root_region(chunk, roots[root_count].size);
                root_count++;
            }
        }
    }
}

static void
withdraw_chunks(void)
{
    while (root_count > 0) {
        root_count--;
        __lsan_unregister_root_region((const void *)~roots[root_count].inverted, roots[root_count].size);
    }
}

static void
set_looking(int is_looking)
{
    if (&cpython_memcheck_is_looking != NULL) {
        cpython_memcheck_is_looking = is_looking;
    }
}

#define LOW_REGISTERS(act) \
    act(0) act(1) act(2) act(3) act(4) act(5) act(6) act(7) act(8) act(9) act(10) act(11) act(12) act(13) act(14) act(15)
#define HIGH_REGISTERS(act) \
    act(16) act(17) act(18) act(19) act(20) act(21) act(22) act(23) act(24) act(25) act(26) act(27) act(28) act(29) act(30) act(31)
#define CLEAR_LOW(number) __asm__ volatile("pxor %%xmm" #number ", %%xmm" #number : : : "xmm" #number);
#define CLEAR_HIGH(number) __asm__ volatile("vpxorq %zmm" #number ", %zmm" #number ", %zmm" #number);

/* Vector registers keep what was copied last, until something else uses them. They belong to no caller (System V ABI, 3.2.1), so that these
   words are no references. On x86-64 the leak sanitizer takes them for some, as the kernel gives it all registers. */
__attribute__((noinline)) static void
clear_vector_registers(void)
{
#ifdef __x86_64__
    LOW_REGISTERS(CLEAR_LOW)
    if (__builtin_cpu_supports("avx")) {
        /* Also what of them is beyond 128 bits. */
        __asm__ volatile("vzeroall");
    }
    if (__builtin_cpu_supports("avx512f")) {
        HIGH_REGISTERS(CLEAR_HIGH)
    }
#endif
}

static void
look_with_sanitizer(void *Py_UNUSED(ignored))
{
    register_chunks();
    set_looking(1);
    clear_vector_registers();
    (void)__lsan_do_recoverable_leak_check();
    set_looking(0);
    withdraw_chunks();
}

static void
look_with_marker(void *Py_UNUSED(ignored))
{
    /* If it fails, it finds nothing: the self-test notices, because the planted leak is missing, too. */
    (void)cpython_memcheck_find_lost();
}

/* Functions that returned may have left a lost object's address below the stack pointer. The frames of the check come to lie there, and
   what they do not write to would count as references. */
#define CLEARED_STACK (16 * 1024)

__attribute__((noinline)) static void
clear_unused_stack(void)
{
    char unused[CLEARED_STACK];
    memset(unused, 0, sizeof(unused));
    __asm__ volatile("" : : "r"(unused) : "memory");
}

/* Writes all current leaks that are not ignored, in the leak sanitizer's format. */
static void
write_leaks(int file)
{
    clear_unused_stack();
    if (has_marker()) {
        while_hidden(look_with_marker, NULL);
        cpython_memcheck_write_lost(file);
        return;
    }
    __sanitizer_set_report_fd((void *)(intptr_t)file);
    while_hidden(look_with_sanitizer, NULL);
    __sanitizer_set_report_fd((void *)(intptr_t)STDERR_FILENO);
}
