/* Repeatedly starts and ends interpreters in one process, as a program that embeds Python does, and reports the stacks that leave blocks
   behind each time. Preloaded into the checked interpreter, where it replaces main(): so the checked interpreter itself runs, however it is
   linked.

       env LD_PRELOAD=lifecycle.so python KIND JOURNAL SCRIPT

   KIND is `interpreter` (Py_InitializeFromConfig … Py_FinalizeEx), `subinterpreter` (Py_NewInterpreter … Py_EndInterpreter) or `own-gil`
   (the same with its own GIL). SCRIPT runs in each of the interpreters. The journal gets a line for each stack, and one at its end
   (journal.ts). */
#define _GNU_SOURCE
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <link.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "survivors.h"
#include "watched-functions.h"

/* ---- Rounds. ---- */

/* The first round fills caches; blocks that the last one leaves may be replaced by the next. */
enum { WARM_UP = 1, MEASURED = 3, ROUNDS = WARM_UP + MEASURED + 1 };

static int is_own_gil;

static const char *program;
static char *script;

static void
fail(const char *what, const char *why)
{
    fprintf(stderr, "%s: %s\n", what, why == NULL ? "failed" : why);
    _exit(70);
}

static void
require(PyStatus status, const char *what)
{
    if (PyStatus_Exception(status)) {
        fail(what, status.err_msg);
    }
}

static void
initialize(void)
{
    PyConfig config;
    PyConfig_InitPythonConfig(&config);
    config.install_signal_handlers = 0;
    config.write_bytecode = 0;
    require(PyConfig_SetBytesString(&config, &config.program_name, program), "PyConfig_SetBytesString");
    require(Py_InitializeFromConfig(&config), "Py_InitializeFromConfig");
    PyConfig_Clear(&config);
}

static void
run_script(void)
{
    if (PyRun_SimpleString(script) != 0) {
        fail("the script", NULL);
    }
}

static void
live_as_interpreter(void)
{
    initialize();
    run_script();
    if (Py_FinalizeEx() != 0) {
        fail("Py_FinalizeEx", NULL);
    }
}

static void
live_as_subinterpreter(void)
{
    PyThreadState *main_thread = PyThreadState_Get(), *thread = NULL;
    if (is_own_gil) {
#if PY_VERSION_HEX >= 0x030C0000
        PyInterpreterConfig config = {
            .allow_threads = 1,
            .check_multi_interp_extensions = 1,
            .gil = PyInterpreterConfig_OWN_GIL,
        };
        require(Py_NewInterpreterFromConfig(&thread, &config), "Py_NewInterpreterFromConfig");
#endif
    }
    else {
        thread = Py_NewInterpreter();
    }
    if (thread == NULL) {
        fail("Py_NewInterpreter", NULL);
    }
    run_script();
    Py_EndInterpreter(thread);
    PyThreadState_Swap(main_thread);
}

/* A leak planted in each round, to prove that it was watched. */
__attribute__((noinline)) static void
cpython_memcheck_planted_leak(void)
{
    void *volatile block = malloc(24);
    block = NULL;
    (void)block;
}

__attribute__((noinline)) static void
live_again(void (*live)(void))
{
    for (uint32_t round = 1; round <= ROUNDS; round++) {
        survivor_round = round;
        cpython_memcheck_planted_leak();
        live();
    }
    survivor_round = 0;
}

/* ---- Remaining blocks. ---- */

struct left {
    size_t blocks[ROUNDS + 1];
    size_t bytes[ROUNDS + 1];
};

/* Since 3.12 interned strings are immortal, and a release build leaves them behind with their interpreter by design. */
static int
is_immortal_string(const struct survivor *block)
{
#if PY_VERSION_HEX >= 0x030C0000
    PyObject *object = (PyObject *)block->address;
    return block->size >= sizeof(PyASCIIObject) && Py_TYPE(object) == &PyUnicode_Type && _Py_IsImmortal(object);
#else
    (void)block;
    return 0;
#endif
}

static void
add_up(struct left *left)
{
    for (uint32_t i = 0; i < SURVIVOR_SLOTS; i++) {
        if (survivors[i].address != 0 && !is_immortal_string(&survivors[i])) {
            left[survivors[i].stack].blocks[survivors[i].round]++;
            left[survivors[i].stack].bytes[survivors[i].round] += survivors[i].size;
        }
    }
}

static size_t
least(const size_t *by_round)
{
    size_t found = SIZE_MAX;
    for (uint32_t round = WARM_UP + 1; round <= WARM_UP + MEASURED; round++) {
        found = by_round[round] < found ? by_round[round] : found;
    }
    return found;
}

static void
print_frames(FILE *journal, const struct survivor_stack *stack)
{
    char self[PATH_MAX] = "";
    ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);
    self[length < 0 ? 0 : length] = '\0';
    for (uint32_t i = 0; i < stack->count; i++) {
        struct frame_place place = place_of_frame(stack->frames[i], self);
        fputs(i == 0 ? "[" : ", [", journal);
        if (place.object == NULL || strpbrk(place.object, "\"\\\n") != NULL) {
            fprintf(journal, "null, %zu]", place.offset);
        }
        else {
            fprintf(journal, "\"%s\", %zu]", place.object, place.offset);
        }
    }
}

static void
report(const char *path)
{
    struct left *left = map_zeros(SURVIVOR_STACKS * sizeof(*left));
    FILE *journal = fopen(path, "w");
    if (left == NULL || journal == NULL) {
        fail(path, "cannot be written");
    }
    add_up(left);
    if (survivors_overflowed) {
        fputs("cpython-memcheck {\"event\": \"watch-failed\", \"why\": {\"code\": \"too-many-survivors\"}}\n", journal);
    }
    for (uint32_t i = 0; i < SURVIVOR_STACKS; i++) {
        size_t blocks = least(left[i].blocks);
        if (blocks > 0) {
            fprintf(
                journal, "cpython-memcheck {\"event\": \"left\", \"blocks\": %zu, \"bytes\": %zu, \"frames\": [", blocks,
                least(left[i].bytes)
            );
            print_frames(journal, &survivor_stacks[i]);
            fputs("]}\n", journal);
        }
    }
    fprintf(journal, "cpython-memcheck {\"event\": \"rounds\", \"measured\": %d}\n", MEASURED);
    if (fclose(journal) != 0) {
        fail(path, "cannot be written");
    }
}

static char *
read_all(const char *path)
{
    FILE *file = fopen(path, "r");
    char *text = calloc(1, 65536);
    if (file == NULL || text == NULL || fread(text, 1, 65535, file) == 0) {
        fail(path, "cannot be read");
    }
    fclose(file);
    return text;
}

static int
lifecycle_main(int argc, char **argv, char **env)
{
    (void)env;
    if (argc != 4 || map_survivors() != 0) {
        fail("usage", "python KIND JOURNAL SCRIPT");
    }
    /* Not for programs that the script might start. */
    unsetenv("LD_PRELOAD");
    program = argv[0];
    script = read_all(argv[3]);
    if (strcmp(argv[1], "interpreter") == 0) {
        live_again(live_as_interpreter);
    }
    else {
        is_own_gil = strcmp(argv[1], "own-gil") == 0;
        initialize();
        live_again(live_as_subinterpreter);
    }
    report(argv[2]);
    fflush(NULL);
    _exit(0);
}

/* A glibc function that its startup code calls with the program's main(). */
typedef int main_function(int, char **, char **);
typedef int start_function(main_function *, int, char **, main_function *, void (*)(void), void (*)(void), void *);

int
__libc_start_main(
    main_function *main, int argc, char **argv, main_function *init, void (*fini)(void), void (*rtld_fini)(void), void *stack_end
)
{
    (void)main;
    start_function *start = (start_function *)dlsym(RTLD_NEXT, "__libc_start_main");
    return start(lifecycle_main, argc, argv, init, fini, rtld_fini, stack_end);
}
