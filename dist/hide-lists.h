/* ---- Hiding with a GIL: the collector's lists lead to all containers. ---- */

/* A build has one of two collectors. 3.14.0 to 3.14.4 and 3.15 up to alpha 8 have the incremental one: one young generation, two old
   spaces. */
#if HAS_THREE_GENERATIONS
#  define GENERATIONS(gc) \
      {&(gc)->generations[0].head, &(gc)->generations[1].head, &(gc)->generations[2].head, &(gc)->permanent_generation.head}
_Static_assert(NUM_GENERATIONS == 3, "three generations, and the permanent one");
#elif HAS_YOUNG_AND_OLD
#  define GENERATIONS(gc) {&(gc)->young.head, &(gc)->old[0].head, &(gc)->old[1].head, &(gc)->permanent_generation.head}
#else
#  error "cpython-memcheck: the collector's lists are not where any known CPython has them."
#endif

/* Flags in the two low bits of the links: finalized and collecting (_PyGC_PREV_MASK), old space (_PyGC_NEXT_MASK_OLD_SPACE_1). */
#define LINK_FLAGS ((uintptr_t)3)

#include "hide-code.h"

/* An object comes right after its PyGC_Head. The head of the list itself has none. */
static void
hide_list(PyGC_Head *list)
{
    PyGC_Head *head = list;
    do {
        PyGC_Head *next = (PyGC_Head *)(head->_gc_next & ~LINK_FLAGS);
        invert(&head->_gc_next);
        invert(&head->_gc_prev);
        if (head != list) {
            hide_object((PyObject *)(head + 1));
        }
        head = next;
    } while (head != list);
}

static void
show_list(PyGC_Head *list)
{
    PyGC_Head *head = list;
    do {
        invert(&head->_gc_next);
        invert(&head->_gc_prev);
        if (head != list) {
            show_object((PyObject *)(head + 1));
        }
        head = (PyGC_Head *)(head->_gc_next & ~LINK_FLAGS);
    } while (head != list);
}

/* All other threads are stopped, since we hold their GIL. */
static int
stands_still(PyInterpreterState *interp)
{
    if (!has_own_gil(interp)) {
        return 1;
    }
    for (size_t i = 0; i < stopped_count; i++) {
        if (stopped[i] == interp) {
            return 1;
        }
    }
    return 0;
}

/* memcheck looks for pointers in registers, too: the last object of the list must not be left in one (gcc 11, clang 15). */
#ifdef __has_attribute
#  if __has_attribute(zero_call_used_regs)
__attribute__((zero_call_used_regs("all-gpr")))
#  endif
#endif
__attribute__((noinline)) static void
for_each_interpreter(void (*tables)(PyInterpreterState *), void (*list)(PyGC_Head *))
{
    for (PyInterpreterState *interp = PyInterpreterState_Head(); interp != NULL; interp = PyInterpreterState_Next(interp)) {
        if (stands_still(interp)) {
            PyGC_Head *generations[] = GENERATIONS(&interp->gc);
            tables(interp);
            for (size_t i = 0; is_collected(interp) && i < Py_ARRAY_LENGTH(generations); i++) {
                list(generations[i]);
            }
        }
    }
}

static void
clear_all_popped_frames(void)
{
    for (PyInterpreterState *interp = PyInterpreterState_Head(); interp != NULL; interp = PyInterpreterState_Next(interp)) {
        if (stands_still(interp)) {
            clear_popped_frames_of(interp);
        }
    }
}

static void
hide_all(void)
{
    PyType_ClearCache();
    stop_all();
    clear_all_popped_frames();
    hide_code();
    invert_traced_addresses();
    for_each_interpreter(invert_tables, hide_list);
}

static void
show_all(void)
{
    for_each_interpreter(invert_tables, show_list);
    invert_traced_addresses();
    show_code();
    resume_all();
}

/* Calls look(subject) while the pointers are hidden. */
static void
while_hidden(void (*look)(void *), void *subject)
{
    hide_all();
    look(subject);
    show_all();
}
