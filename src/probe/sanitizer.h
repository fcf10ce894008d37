/* ---- The leak sanitizer's functions. ---- */

/* Weak: they exist if the runtime is preloaded. */
__attribute__((weak)) int __lsan_do_recoverable_leak_check(void);
__attribute__((weak)) void __lsan_ignore_object(const void *block);
__attribute__((weak)) void __lsan_register_root_region(const void *begin, size_t size);
__attribute__((weak)) void __lsan_unregister_root_region(const void *begin, size_t size);
__attribute__((weak)) void __sanitizer_set_report_fd(void *descriptor);

static int
has_sanitizer(void)
{
    return __lsan_do_recoverable_leak_check != NULL && __lsan_ignore_object != NULL && __lsan_register_root_region != NULL &&
           __lsan_unregister_root_region != NULL && __sanitizer_set_report_fd != NULL;
}

/* Its roots are globals, stacks and registers. The threads' stacks of frames are mapped (_PyObject_VirtualAlloc), and hold the locals of
   all functions that run. */
static void
for_each_chunk(void (*act)(const void *, size_t))
{
    for (PyInterpreterState *interp = PyInterpreterState_Head(); interp != NULL; interp = PyInterpreterState_Next(interp)) {
        for (PyThreadState *t = PyInterpreterState_ThreadHead(interp); t != NULL; t = PyThreadState_Next(t)) {
            for (_PyStackChunk *chunk = t->datastack_chunk; chunk != NULL; chunk = chunk->previous) {
                act(chunk, chunk->size);
            }
        }
    }
}

/* Writes all current leaks that are not ignored, in the leak sanitizer's format. */
static void
write_leaks(int file)
{
    for_each_chunk(__lsan_register_root_region);
    __sanitizer_set_report_fd((void *)(intptr_t)file);
    hide_all();
    (void)__lsan_do_recoverable_leak_check();
    show_all();
    __sanitizer_set_report_fd((void *)(intptr_t)STDERR_FILENO);
    for_each_chunk(__lsan_unregister_root_region);
}
