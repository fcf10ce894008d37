/* ---- The check before a child ends: after its own exit functions, while its interpreter is still intact. ---- */

static enum { NOT_BEGUN, RUNNING, LOOKED } progress;

__attribute__((weak)) const char *_PyMem_GetCurrentAllocatorName(void);
__attribute__((weak)) PyObject *PyInit_atexit(void);

/* The leak sanitizer can't stop a traced process, and then ends it. */
static int
is_traced(void)
{
    char text[4096];
    int file = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
    ssize_t size = file < 0 ? -1 : read(file, text, sizeof(text) - 1);
    if (file >= 0) {
        close(file);
    }
    if (size <= 0) {
        return 1;
    }
    text[size] = '\0';
    return prctl(PR_GET_DUMPABLE) != 1 || strstr(text, "\nTracerPid:\t0\n") == NULL;
}

/* The leak sanitizer ends the process with exit code 23 if it lacks memory, descriptors for files of /proc, or a process that shares
   memory with this one, to stop its threads. A test may limit each of these (test_threading limits processes). */
#define NEEDED_BYTES (64 * 1024 * 1024)
#define NEEDED_DESCRIPTORS 6

static int
can_map(void)
{
    void *memory = mmap(NULL, NEEDED_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return memory != MAP_FAILED && munmap(memory, NEEDED_BYTES) == 0;
}

static int
can_open(void)
{
    int opened[NEEDED_DESCRIPTORS], count = 0;
    while (count < NEEDED_DESCRIPTORS && (opened[count] = open("/", O_PATH | O_CLOEXEC)) >= 0) {
        count++;
    }
    for (int i = 0; i < count; i++) {
        close(opened[i]);
    }
    return count == NEEDED_DESCRIPTORS;
}

/* In another namespace of processes, this one's threads have no number. */
static int
sees_no_parent(void *Py_UNUSED(ignored))
{
    return getppid() == 0;
}

/* No signal tells the end of such a process, so the child's handlers do not run. */
static int
can_clone(void)
{
    static _Alignas(16) char stack[16 * 1024];
    pid_t pid = clone(sees_no_parent, stack + sizeof(stack), CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_UNTRACED, NULL), ended = -1;
    int status = 0;
    while (pid > 0 && (ended = waitpid(pid, &status, __WALL)) < 0 && errno == EINTR) {
    }
    return pid > 0 && ended == pid && status == 0;
}

/* 3.12 freezes objects made at its start. */
static uintptr_t
last_frozen(void)
{
    return PyInterpreterState_Get()->gc.permanent_generation.head._gc_prev;
}

static uintptr_t last_frozen_before;

/* A collection must be invisible, which is impossible if the child has changed how collections work. */
static int
has_own_collector(void)
{
    for (PyInterpreterState *interp = PyInterpreterState_Head(); interp != NULL; interp = PyInterpreterState_Next(interp)) {
        struct _gc_runtime_state *gc = &interp->gc;
        int has_callbacks = gc->callbacks != NULL && PyList_GET_SIZE(gc->callbacks) > 0;
        if (!gc->enabled || gc->debug != 0 || has_callbacks) {
            return 1;
        }
    }
    return last_frozen() != last_frozen_before;
}

/* The leak sanitizer does not see blocks of other allocators (`-X dev` and tracemalloc only wrap malloc). */
static int
has_own_allocator(void)
{
    const char *name = _PyMem_GetCurrentAllocatorName == NULL ? NULL : _PyMem_GetCurrentAllocatorName();
    return name != NULL && strncmp(name, "malloc", strlen("malloc")) != 0;
}

/* Why this child can't be checked; NULL if it can. */
static const char *
obstacle(void)
{
    if (has_own_collector()) {
        return "collector";
    }
    if (has_own_allocator()) {
        return "allocator";
    }
    return is_traced() || !can_map() || !can_open() || !can_clone() ? "traced" : NULL;
}

static void
look(void)
{
    int file = cpython_memcheck_open_record();
    struct stat before, after;
    if (file < 0 || fstat(file, &before) != 0) {
        return;
    }
    for (int i = 0; i < 3 && PyGC_Collect() > 0; i++) {
    }
    collect_elsewhere();
    write_leaks(file);
    if (fstat(file, &after) == 0 && after.st_size > before.st_size) {
        report_blocks(file, before.st_size, after.st_size);
    }
    close(file);
    cpython_memcheck_end_record("looked");
}

static PyObject *
look_at_exit(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(ignored))
{
    if (progress == RUNNING) {
        progress = LOOKED;
        const char *why = obstacle();
        if (why == NULL) {
            look();
        }
        else {
            cpython_memcheck_end_record(why);
        }
    }
    Py_RETURN_NONE;
}

static PyMethodDef exit_function = {"look_at_exit", look_at_exit, METH_NOARGS, NULL};

/* What is registered first runs last. By the module's own function, without the module, whose import would show in sys.modules and with
   -v. */
static int
register_exit_function(void)
{
    PyModuleDef *module = PyInit_atexit == NULL ? NULL : (PyModuleDef *)PyInit_atexit();
    PyMethodDef *method = module == NULL || Py_TYPE(module) != &PyModuleDef_Type ? NULL : module->m_methods;
    while (method != NULL && method->ml_name != NULL && strcmp(method->ml_name, "register") != 0) {
        method++;
    }
    if (method == NULL || method->ml_name == NULL ||
        (method->ml_flags & (METH_VARARGS | METH_KEYWORDS)) != (METH_VARARGS | METH_KEYWORDS)) {
        return -1;
    }
    PyObject *function = PyCFunction_New(&exit_function, NULL);
    PyObject *args = function == NULL ? NULL : PyTuple_Pack(1, function);
    PyObject *done = args == NULL ? NULL : ((PyCFunctionWithKeywords)(void (*)(void))method->ml_meth)(NULL, args, NULL);
    Py_XDECREF(done);
    Py_XDECREF(args);
    Py_XDECREF(function);
    return done == NULL ? -1 : 0;
}

static int on_event(const char *event, PyObject *args, void *data);

/* A hook would slow down each event, and -v has a line about it at the end. The list is being walked, so its entry stays intact. */
static void
remove_hook(void)
{
#if HAS_AUDIT_HOOKS || HAS_AUDIT_HOOK_HEAD
#  if HAS_AUDIT_HOOKS
    struct _Py_AuditHookEntry **entry = &_PyRuntime.audit_hooks.head;
#  else
    struct _Py_AuditHookEntry **entry = &_PyRuntime.audit_hook_head;
#  endif
    while (*entry != NULL && (*entry)->hookCFunction != on_event) {
        entry = &(*entry)->next;
    }
    if (*entry != NULL) {
        __lsan_ignore_object(*entry);
        *entry = (*entry)->next;
    }
#endif
}

/* `cpython.run_command`, `…_module`, `…_file`, `…_stdin`: the interpreter is up, and the test's code has not started. */
static int
on_event(const char *event, PyObject *Py_UNUSED(args), void *Py_UNUSED(data))
{
    if (progress == NOT_BEGUN && strncmp(event, "cpython.run_", strlen("cpython.run_")) == 0) {
        disable_free_lists();
        last_frozen_before = last_frozen();
        if (register_exit_function() == 0) {
            progress = RUNNING;
        }
        PyErr_Clear();
        remove_hook();
    }
    return 0;
}

/* Before the interpreter is initialized. */
static void
look_before_end(void)
{
    if (PySys_AddAuditHook(on_event, NULL) < 0) {
        cpython_memcheck_end_record("no-code");
    }
}
