/* The only code of ours inside the checked interpreter: an extension module that talks to memcheck by client requests (valgrind manual, 3.1
   and 4.6), which do nothing outside valgrind, and to the leak sanitizer by its functions (sanitizer/lsan_interface.h), which exist if its
   runtime is preloaded. Each topic has a separate header.

   With NO_LIVE_CHECK only the part that uses CPython's public API is compiled: enough to plant errors and to mark what runs. */
#define _GNU_SOURCE
#include "cpython.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <link.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <valgrind/memcheck.h>

#include "planted.h"

#include "footprint.h"
#include "marks.h"

#ifndef NO_LIVE_CHECK
#  include "readable.h"
#  include "gil.h"
#  include "hide.h"
#  ifdef Py_GIL_DISABLED
#    include "hide-heaps.h"
#  else
#    include "hide-lists.h"
#  endif
#  include "leaks-memcheck.h"

#  include "blocks.h"
#  include "sanitizer.h"
#  include "leaks-sanitizer.h"
#  include "objects.h"
#  include "lost-objects.h"

#  include "free-lists.h"
#  include "survivors.h"
#  include "growth.h"
#  include "method-cache.h"
#  include "self-test-leaks.h"
#  include "torture.h"
#  include "worker.h"
#endif

static PyMethodDef methods[] = {
    {"plant_errors", plant_errors, METH_O, "Make one leak and one invalid read, which must both be reported: proof that somebody looked."},
    {"mark", mark, METH_O, "Write text into memcheck's report, in order with the errors, or into the journal."},
    {"begin_footprint", begin_footprint, METH_O, "Record from now on what this process runs and opens."},
    {"end_footprint", end_footprint, METH_NOARGS, "Record no more."},
    {"start_journal", start_journal, METH_O, "Write the marks of this process to a file."},
#ifndef NO_LIVE_CHECK
    {"added_leaks", added_leaks, METH_VARARGS, "Write the leaks added since the last call into memcheck's report."},
    {"no_leak_check_at_exit", no_leak_check_at_exit, METH_NOARGS, "Skip memcheck's own leak check when a process ends."},
    {"sanitizer_leaks", sanitizer_leaks, METH_O, "Append everything lost so far to a file, in the leak sanitizer's words."},
    {"block_words", block_words, METH_O, "The words in blocks of memory."},
    {"ignore_blocks", ignore_blocks, METH_O, "Make the leak sanitizer treat these blocks as living."},
    {"immortals", immortals, METH_O, "Which leaked blocks are objects that are never freed by design."},
    {"lost_object", lost_object, METH_VARARGS, "The Python object in a leaked block."},
    {"begin_check", begin_check, METH_NOARGS, "Forget whether the last check could collect garbage in other interpreters."},
    {"running_interpreters", running_interpreters, METH_NOARGS, "How many interpreters the last check could not stop."},
    {"collect_other_garbage", collect_other_garbage, METH_NOARGS, "Collect garbage in other interpreters."},
    {"report_errors", report_errors, METH_O, "Switch memcheck's errors of this thread off and on."},
    {"without_free_lists", without_free_lists, METH_NOARGS, "Disable the free lists; False if this build has some that stay."},
    {"clear_method_cache", clear_method_cache, METH_NOARGS, "Release the references to names that were looked up on types."},
    {"watch_growth", watch_growth, METH_NOARGS, "Record allocations in rounds."},
    {"growth_round", growth_round, METH_O, "Begin a round of allocations; 0 for none."},
    {"survivors", get_survivors, METH_NOARGS, "The living blocks of all rounds."},
    {"survivor_stack", get_survivor_stack, METH_O, "The stack of that number."},
    {"string_keys", get_string_keys, METH_O, "The keys of a dict that the collector does not visit."},
    {"leak", leak, METH_O, "Take a reference that is never released."},
    {"leak_malloc", leak_malloc, METH_NOARGS, "Leak a block of malloc; returns ~address."},
    {"leak_pymem", leak_pymem, METH_NOARGS, "Leak a block of PyMem_Malloc; returns ~address."},
    {"leak_buffer", leak_buffer, METH_O, "Leak a Py_buffer of this object; returns ~address."},
    {"torture_set", torture_set, METH_VARARGS, "Say where code of some kind is."},
    {"torture_count", torture_count, METH_O, "Call, and count the sites at which it allocates."},
    {"torture_seen", torture_seen, METH_NOARGS, "The sites that were counted last."},
    {"torture_site", torture_site, METH_O, "The frames of a site."},
    {"torture_turn", torture_turn, METH_O, "Begin an injection."},
    {"torture_fail", torture_fail, METH_VARARGS, "Call, and make allocations at a site fail."},
    {"torture_begin", torture_begin, METH_NOARGS, "Tag what is allocated, and record a crash."},
    {"torture_clear_stack", torture_clear_stack, METH_NOARGS, "Clear what calls that have returned left on the stack."},
    {"torture_tags", torture_tags, METH_O, "The injections in which blocks were allocated."},
    {"torture_progress", torture_progress, METH_NOARGS, "The injection that runs, or ran last, here or in a child."},
    {"unfreeze_on_demand", unfreeze_on_demand, METH_O, "Unfreeze frozen objects as soon as gc is asked about objects."},
    {"call_depth", call_depth, METH_NOARGS, "How many calls the recursion limit counts so far."},
    {"call_at_depth", call_at_depth, METH_VARARGS, "Call, as if at this depth."},
    {"adopt_orphans", adopt_orphans, METH_NOARGS, "Become the parent of descendants that lose theirs."},
    {"follow_children", follow_children, METH_O, "Look at the interpreters that this process starts."},
    {"die_with_parent", die_with_parent, METH_NOARGS, "Be killed when the parent ends."},
#endif
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {
    .m_base = PyModuleDef_HEAD_INIT,
    .m_name = "cpython_memcheck_probe",
    .m_size = -1,
    .m_methods = methods,
};

PyMODINIT_FUNC
PyInit_cpython_memcheck_probe(void)
{
    PyObject *self = PyModule_Create(&module);
#ifdef Py_GIL_DISABLED
    /* Otherwise the import would turn the GIL on for the tests. */
    if (self != NULL && PyUnstable_Module_SetGIL(self, Py_MOD_GIL_NOT_USED) != 0) {
        Py_CLEAR(self);
    }
#endif
    return self;
}
