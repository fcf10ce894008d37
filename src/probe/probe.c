/* The only code of ours inside the checked interpreter. It talks to memcheck by client requests (valgrind manual, 3.1 and 4.6), which do nothing
   outside valgrind, and to the leak sanitizer by its functions (sanitizer/lsan_interface.h), which are there when its runtime is preloaded.

   The leak check while the interpreter lives. Both call a block leaked when no pointer to it is left. CPython keeps pointers that own
   nothing, and behind each of them a leaked object would look alive. They are put out of sight for the moment of the check:

     what                                          where it is declared
     the collector's lists of all containers       PyGC_Head; struct _gc_runtime_state in pycore_gc.h (3.14: pycore_interp_structs.h)
     a weak reference's referent and neighbours    PyWeakReference in cpython/weakrefobject.h
     the hashes of ints, which may be addresses    PyDictKeyEntry in pycore_dict.h
     the versions of dicts, which look like them   PyDictObject in cpython/dictobject.h (up to 3.13)
     tracemalloc's addresses of blocks             _Py_hashtable_entry_t in pycore_hashtable.h (3.12)
     versions of functions and types               func_version_cache (3.13) and type_version_cache (3.14), same headers
     the method cache                              emptied by PyType_ClearCache()
     what popped frames and list items left behind PyThreadState.datastack_*, _PyStackChunk in cpython/pystate.h; PyListObject

   A live object is still pointed at by its owners, though into its middle, behind its PyGC_Head: memcheck calls it "possibly lost", and only
   what is "definitely lost" counts. Everything is read through CPython's own headers, so the compiler knows the offsets. What the headers
   cannot say is asserted below, and a version that nobody has read is refused. */
#define PY_SSIZE_T_CLEAN
#define Py_BUILD_CORE_MODULE 1
#include <Python.h>

#if PY_VERSION_HEX < 0x030B0000 || PY_VERSION_HEX >= 0x03100000
#  error "cpython-memcheck: the live leak check knows CPython 3.11 to 3.15. For another version use `leak-check: exit`."
#endif
#ifdef Py_GIL_DISABLED
#  error "cpython-memcheck: a free-threaded build has no collector lists and no malloc to check. Configure without --disable-gil."
#endif
#ifdef Py_TRACE_REFS
#  error "cpython-memcheck: --with-trace-refs keeps every object, leaked or not, in a list. Configure without it."
#endif

#include <internal/pycore_dict.h>
#include <internal/pycore_gc.h>
#if PY_VERSION_HEX >= 0x030C0000
#  include <internal/pycore_hashtable.h>
#endif
#include <internal/pycore_interp.h>
#include <internal/pycore_object.h>
#include <internal/pycore_runtime.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <valgrind/memcheck.h>

/* ---- What we rely on. ---- */

_Static_assert(sizeof(PyGC_Head) == 2 * sizeof(void *), "PyGC_Head is two words, next and previous");
_Static_assert(offsetof(PyGC_Head, _gc_next) == 0 && offsetof(PyGC_Head, _gc_prev) == sizeof(void *), "in this order");
_Static_assert(sizeof(((PyGC_Head *)0)->_gc_next) == sizeof(void *), "the links are integers as wide as pointers");
_Static_assert(offsetof(struct gc_generation, head) == 0, "a generation begins with the head of its list");
_Static_assert(sizeof(((struct _gc_runtime_state *)0)->permanent_generation) == sizeof(struct gc_generation), "gc.freeze()'s list");
_Static_assert(offsetof(_PyStackChunk, data) >= 3 * sizeof(void *), "a chunk of frames: previous, size, top, then the frames");
#if PY_VERSION_HEX >= 0x030C0000
_Static_assert(offsetof(_Py_hashtable_entry_t, _Py_slist_item) == 0, "an entry of a hash table begins with its link");
#endif
_Static_assert(sizeof(((PyListObject *)0)->ob_item[0]) == sizeof(void *), "a list's items are pointers");

/* 3.14.0 to 3.14.4 had the incremental collector: one young generation and two old spaces. 3.14.5 went back to three generations, as in all
   other versions (gh-142516). */
#if PY_VERSION_HEX >= 0x030E0000 && PY_VERSION_HEX < 0x030E0500
#  define GENERATIONS(gc) {&(gc)->young.head, &(gc)->old[0].head, &(gc)->old[1].head, &(gc)->permanent_generation.head}
#else
_Static_assert(NUM_GENERATIONS == 3, "three generations, and the permanent one");
#  define GENERATIONS(gc) \
      {&(gc)->generations[0].head, &(gc)->generations[1].head, &(gc)->generations[2].head, &(gc)->permanent_generation.head}
#endif

/* gh-142183 keeps one popped chunk of frames for later. */
#define HAS_CACHED_CHUNK ((PY_VERSION_HEX >= 0x030D0D00 && PY_VERSION_HEX < 0x030E0000) || PY_VERSION_HEX >= 0x030E0400)

/* Flags in the two low bits of the links: finalized and collecting (_PyGC_PREV_MASK), old space (3.14, _PyGC_NEXT_MASK_OLD_SPACE_1). */
#define LINK_FLAGS ((uintptr_t)3)

/* ---- The two errors that memcheck must find. Volatile, so that no compiler can see through them. ---- */

static void *volatile last_block;
static volatile char last_byte;

__attribute__((noinline)) void cpython_memcheck_planted_leak(void)
{
    last_block = malloc(24);
    last_block = NULL;
}

__attribute__((noinline)) void cpython_memcheck_planted_read(void)
{
    last_block = malloc(16);
    last_byte = ((char *)last_block)[16];
    free(last_block);
    last_block = NULL;
}

/* Only a live check that hides the collector's list, in a process whose objects come from malloc, finds this one. */
__attribute__((noinline)) uintptr_t cpython_memcheck_planted_list(void)
{
    last_block = PyList_New(0);
    uintptr_t address = (uintptr_t)last_block;
    last_block = NULL;
    return ~address;
}

/* A word that is left of an earlier owner of the block may keep one list alive, but not so many. */
#define PLANTED_LISTS 16

/* memcheck tells an error once per four innermost frames, also across a fork: the children need a path of their own. */
__attribute__((noinline)) void cpython_memcheck_planted_in_child(uintptr_t disguised[PLANTED_LISTS])
{
    for (int i = 0; i < PLANTED_LISTS; i++) {
        disguised[i] = cpython_memcheck_planted_list();
    }
    if (RUNNING_ON_VALGRIND) {
        cpython_memcheck_planted_read();
    }
}

/* plant_errors(in_child): in a child returns ~address of each lost list; as they are, the numbers would be taken for pointers. */
static PyObject *
plant_errors(PyObject *Py_UNUSED(self), PyObject *in_child)
{
    if (in_child == Py_True) {
        uintptr_t disguised[PLANTED_LISTS];
        cpython_memcheck_planted_in_child(disguised);
        PyObject *all = PyList_New(PLANTED_LISTS);
        for (Py_ssize_t i = 0; all != NULL && i < PLANTED_LISTS; i++) {
            PyObject *one = PyLong_FromUnsignedLongLong((unsigned long long)disguised[i]);
            if (one == NULL) {
                Py_CLEAR(all);
                break;
            }
            PyList_SET_ITEM(all, i, one);
        }
        return all;
    }
    cpython_memcheck_planted_leak();
    if (RUNNING_ON_VALGRIND) {
        cpython_memcheck_planted_read();
    }
    Py_RETURN_NONE;
}

/* ---- Marks: lines of text in the report, in order with the errors. ---- */

/* Of the scan; empty under memcheck, whose report takes them. A test cannot close it, nor write into it by what it mocks in os. */
static char journal[PATH_MAX];
static pid_t journal_of;

/* Of preload.c, in the scan. */
__attribute__((weak)) extern pid_t cpython_memcheck_scanned;

/* start_journal(path): from now on marks of this process go there. A process that a test forks says nothing. */
static PyObject *
start_journal(PyObject *Py_UNUSED(self), PyObject *path)
{
    Py_ssize_t length;
    const char *utf8 = PyUnicode_AsUTF8AndSize(path, &length);
    if (utf8 == NULL) {
        return NULL;
    }
    if (length >= (Py_ssize_t)sizeof(journal)) {
        PyErr_SetString(PyExc_ValueError, "the journal's path is too long");
        return NULL;
    }
    memcpy(journal, utf8, (size_t)length + 1);
    journal_of = getpid();
    if (&cpython_memcheck_scanned != NULL) {
        cpython_memcheck_scanned = journal_of;
    }
    Py_RETURN_NONE;
}

/* What is not written is missed by whoever reads the journal: it has its beginning and its end. */
static void
write_journal(const char *text, size_t left)
{
    int file = open(journal, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    while (file >= 0 && left > 0) {
        ssize_t written = write(file, text, left);
        if (written <= 0) {
            break;
        }
        text += written;
        left -= (size_t)written;
    }
    if (file >= 0) {
        close(file);
    }
}

static PyObject *
mark(PyObject *Py_UNUSED(self), PyObject *text)
{
    Py_ssize_t length;
    const char *utf8 = PyUnicode_AsUTF8AndSize(text, &length);
    if (utf8 == NULL) {
        return NULL;
    }
    if (journal[0] == '\0') {
        VALGRIND_PRINTF("%s", utf8);
    }
    else if (journal_of == getpid()) {
        write_journal(utf8, (size_t)length);
    }
    Py_RETURN_NONE;
}

/* ---- Hiding what owns nothing. Until it is shown again nothing may allocate, free or run Python code. ---- */

static void
invert(void *word)
{
    *(uintptr_t *)word = ~*(uintptr_t *)word;
}

/* The first weak reference of an object is pointed at by the object itself. Static types keep that pointer elsewhere (3.12,
   managed_static_type_state): a weak reference to a class stays in sight. */
static PyObject **
weakref_list_of(PyObject *referent)
{
    Py_ssize_t offset = Py_TYPE(referent)->tp_weaklistoffset;
    return offset == 0 || PyType_Check(referent) ? NULL : (PyObject **)((char *)referent + offset);
}

static void
hide_weakref(PyWeakReference *ref)
{
    PyObject **list = ref->wr_prev == NULL && ref->wr_object != Py_None ? weakref_list_of(ref->wr_object) : NULL;
    if (list != NULL && *list == (PyObject *)ref) {
        invert(list);
    }
    invert(&ref->wr_object);
    invert(&ref->wr_prev);
    invert(&ref->wr_next);
}

static void
show_weakref(PyWeakReference *ref)
{
    invert(&ref->wr_object);
    invert(&ref->wr_prev);
    invert(&ref->wr_next);
    PyObject **list = ref->wr_prev == NULL && ref->wr_object != Py_None ? weakref_list_of(ref->wr_object) : NULL;
    if (list != NULL && ~(uintptr_t)*list == (uintptr_t)ref) {
        invert(list);
    }
}

/* list.pop() leaves the pointer behind, between the list's size and what it has allocated. While list.sort() runs, both are 0 and -1. */
static void
clear_unused_items(PyListObject *list)
{
    Py_ssize_t unused = list->allocated - Py_SIZE(list);
    if (list->ob_item != NULL && unused > 0) {
        memset(list->ob_item + Py_SIZE(list), 0, (size_t)unused * sizeof(PyObject *));
    }
}

/* The hash of an int is its value, and an int may be an address: type.__subclasses__ is a dict of id(class) (add_subclass in typeobject.c), the
   memo of a copy another. A dict's version counts all changes of dicts in steps of 256 (3.12) or 4096 (3.13), and soon is an address of
   valgrind's heap, which begins low: the larger a leaked block, the more of the versions lead into it. */
static void
invert_numbers(PyDictObject *dict)
{
#if PY_VERSION_HEX < 0x030E0000
    invert(&dict->ma_version_tag);
#endif
    PyDictKeysObject *keys = dict->ma_keys;
    if (DK_IS_UNICODE(keys)) {
        return;
    }
    PyDictKeyEntry *entries = DK_ENTRIES(keys);
    for (Py_ssize_t i = 0; i < keys->dk_nentries; i++) {
        if (entries[i].me_key != NULL && PyLong_CheckExact(entries[i].me_key)) {
            invert(&entries[i].me_hash);
        }
    }
}

static void
hide_object(PyObject *object)
{
    if (PyDict_Check(object)) {
        invert_numbers((PyDictObject *)object);
    }
    else if (PyList_CheckExact(object)) {
        clear_unused_items((PyListObject *)object);
    }
    else if (PyWeakref_Check(object)) {
        hide_weakref((PyWeakReference *)object);
    }
}

static void
show_object(PyObject *object)
{
    if (PyDict_Check(object)) {
        invert_numbers((PyDictObject *)object);
    }
    else if (PyWeakref_Check(object)) {
        show_weakref((PyWeakReference *)object);
    }
}

/* An object stands right behind its PyGC_Head. The head of the list itself has none. */
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

static void
invert_words(void *start, size_t size)
{
    uintptr_t *words = start;
    for (size_t i = 0; i < size / sizeof(*words); i++) {
        invert(&words[i]);
    }
}

/* Tables of borrowed references. */
static void
invert_tables(PyInterpreterState *interp)
{
    (void)interp;
#if PY_VERSION_HEX >= 0x030D0000
    invert_words(interp->func_state.func_version_cache, sizeof(interp->func_state.func_version_cache));
#endif
#if PY_VERSION_HEX >= 0x030E0000
    invert_words(interp->types.type_version_cache, sizeof(interp->types.type_version_cache));
#endif
}

/* tracemalloc (-X tracemalloc) knows every block by its address: with it nothing would ever be lost. 3.11 keeps its table out of our reach, in a
   static variable of _tracemalloc.c; runner.py refuses it there. */
static void
invert_traced_addresses(void)
{
#if PY_VERSION_HEX >= 0x030C0000
    _Py_hashtable_t *traces = _PyRuntime.tracemalloc.traces;
    for (size_t i = 0; traces != NULL && i < traces->nbuckets; i++) {
        for (_Py_slist_item_t *item = traces->buckets[i].head; item != NULL; item = item->next) {
            invert(&((_Py_hashtable_entry_t *)item)->key);
        }
    }
#endif
}

/* A popped frame leaves its locals on the thread's stack of frames (push_chunk and _PyThreadState_PopFrame in pystate.c). */
static void
clear_popped_frames(PyThreadState *thread)
{
    _PyStackChunk *chunk = thread->datastack_chunk;
    if (chunk != NULL) {
        memset(thread->datastack_top, 0, (size_t)((char *)thread->datastack_limit - (char *)thread->datastack_top));
        for (chunk = chunk->previous; chunk != NULL; chunk = chunk->previous) {
            char *unused = (char *)&chunk->data[chunk->top];
            memset(unused, 0, (size_t)((char *)chunk + chunk->size - unused));
        }
    }
#if HAS_CACHED_CHUNK
    chunk = thread->datastack_cached_chunk;
    if (chunk != NULL) {
        memset(chunk->data, 0, chunk->size - offsetof(_PyStackChunk, data));
    }
#endif
}

/* An interpreter with a GIL of its own (3.12) may run in another thread right now: its collector's lists stay as they are, which means
   that containers leaked there are not found. All others stand still, since we hold their GIL. */
static int
stands_still(PyInterpreterState *interp)
{
#if PY_VERSION_HEX >= 0x030C0000
    return interp == PyInterpreterState_Get() || !interp->ceval.own_gil;
#else
    (void)interp;
    return 1;
#endif
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
            for (size_t i = 0; i < Py_ARRAY_LENGTH(generations); i++) {
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
            for (PyThreadState *t = PyInterpreterState_ThreadHead(interp); t != NULL; t = PyThreadState_Next(t)) {
                clear_popped_frames(t);
            }
        }
    }
}

static void
hide_all(void)
{
    PyType_ClearCache();
    clear_all_popped_frames();
    invert_traced_addresses();
    for_each_interpreter(invert_tables, hide_list);
}

static void
show_all(void)
{
    for_each_interpreter(invert_tables, show_list);
    invert_traced_addresses();
}

/* With XML memcheck looks for leaks at exit whatever --leak-check says (mc_post_clo_init in mc_main.c): some tenths of a second for every
   process that a test forks, and everything written again. Before 3.18 an option could not be changed (its release notes). */
static PyObject *
no_leak_check_at_exit(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(ignored))
{
#ifdef VALGRIND_CLO_CHANGE
    VALGRIND_CLO_CHANGE("--leak-check=no");
#endif
    Py_RETURN_NONE;
}

/* ---- The leak check by memcheck. ---- */

/* Of one record, with what they own. */
#define MOST_BLOCKS "10000"

/* Beyond it blocks stay without a description, and immortal strings among them count. */
#define MOST_LOG_BYTES (16 * 1024 * 1024)

static off_t
size_of(int file)
{
    struct stat now;
    return fstat(file, &now) == 0 ? now.st_size : 0;
}

/* memcheck gives the addresses of leaked blocks only in answer to a monitor command (valgrind manual, 4.6), which names the loss record. The
   numbers stand in the XML that memcheck just wrote. No function here allocates: memcheck forgets the blocks when one is freed. */
static void
list_lost_blocks(int xml, off_t from, int log)
{
    /* valgrind 3.19 writes "definitely lost in loss record 175 of 7,003", 3.27 "definitely lost in new loss record …". */
    static const char lost[] = "definitely lost in ", number[] = "loss record ";
    off_t size = size_of(xml), most = size_of(log) + MOST_LOG_BYTES;
    if (size <= from) {
        return;
    }
    char *text = mmap(NULL, (size_t)size, PROT_READ, MAP_PRIVATE, xml, 0);
    if (text == MAP_FAILED) {
        return;
    }
    const char *end = text + size;
    const char *at = text + from;
    while (size_of(log) < most && (at = memmem(at, (size_t)(end - at), lost, sizeof(lost) - 1)) != NULL) {
        at = memmem(at, (size_t)(end - at), number, sizeof(number) - 1);
        if (at == NULL) {
            break;
        }
        at += sizeof(number) - 1;
        char command[64];
        long record = 0;
        for (const char *digit = at; digit < end && (*digit == ',' || (*digit >= '0' && *digit <= '9')); digit++) {
            record = *digit == ',' ? record : record * 10 + (*digit - '0');
        }
        snprintf(command, sizeof(command), "block_list %ld limited " MOST_BLOCKS, record);
        (void)VALGRIND_MONITOR_COMMAND(command);
    }
    munmap(text, (size_t)size);
}

/* added_leaks(xml, log): writes the leaks added since the last call into memcheck's report, and the addresses of their blocks into valgrind's
   log. Without the two nobody wants to know what is lost. */
static PyObject *
added_leaks(PyObject *Py_UNUSED(self), PyObject *args)
{
    const char *xml_path = NULL, *log_path = NULL;
    if (!PyArg_ParseTuple(args, "|ss", &xml_path, &log_path)) {
        return NULL;
    }
    int xml = xml_path == NULL ? -1 : open(xml_path, O_RDONLY | O_CLOEXEC);
    int log = log_path == NULL ? -1 : open(log_path, O_RDONLY | O_CLOEXEC);
    off_t from = xml < 0 ? 0 : size_of(xml);

    hide_all();
    VALGRIND_DO_ADDED_LEAK_CHECK;
    if (xml >= 0 && log >= 0) {
        list_lost_blocks(xml, from, log);
    }
    show_all();
    if (xml >= 0) {
        close(xml);
    }
    if (log >= 0) {
        close(log);
    }
    Py_RETURN_NONE;
}

/* ---- The leak check by the leak sanitizer. ---- */

/* Weak: they are there when the runtime is preloaded. */
__attribute__((weak)) int __lsan_do_recoverable_leak_check(void);
__attribute__((weak)) void __lsan_ignore_object(const void *block);
__attribute__((weak)) void __lsan_register_root_region(const void *begin, size_t size);
__attribute__((weak)) void __lsan_unregister_root_region(const void *begin, size_t size);
__attribute__((weak)) void __sanitizer_set_report_fd(void *descriptor);

static int
require_sanitizer(void)
{
    if (__lsan_do_recoverable_leak_check == NULL || __lsan_ignore_object == NULL || __lsan_register_root_region == NULL ||
        __lsan_unregister_root_region == NULL || __sanitizer_set_report_fd == NULL) {
        PyErr_SetString(PyExc_RuntimeError, "the leak sanitizer's runtime is not loaded");
        return -1;
    }
    return 0;
}

/* Its roots are globals, stacks and registers. The threads' stacks of frames are mapped (_PyObject_VirtualAlloc), and hold the locals of all
   functions that run. */
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

/* sanitizer_leaks(path): adds all that is lost by now and not ignored to that file, in the leak sanitizer's words. */
static PyObject *
sanitizer_leaks(PyObject *Py_UNUSED(self), PyObject *path)
{
    const char *name = PyUnicode_AsUTF8(path);
    if (name == NULL || require_sanitizer() != 0) {
        return NULL;
    }
    int file = open(name, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) {
        return PyErr_SetFromErrnoWithFilename(PyExc_OSError, name);
    }
    for_each_chunk(__lsan_register_root_region);
    __sanitizer_set_report_fd((void *)(intptr_t)file);
    hide_all();
    (void)__lsan_do_recoverable_leak_check();
    show_all();
    __sanitizer_set_report_fd((void *)(intptr_t)STDERR_FILENO);
    for_each_chunk(__lsan_unregister_root_region);
    close(file);
    Py_RETURN_NONE;
}

/* Blocks come from Python as pairs of words, address and size. */
struct block {
    uintptr_t address;
    uintptr_t size;
};

static int
get_blocks(PyObject *packed, const struct block **blocks, size_t *count)
{
    char *bytes;
    Py_ssize_t size;
    if (PyBytes_AsStringAndSize(packed, &bytes, &size) != 0) {
        return -1;
    }
    *blocks = (const struct block *)bytes;
    *count = (size_t)size / sizeof(struct block);
    return 0;
}

/* block_words(blocks): what stands in all whole words of these blocks, one after another, less what owns nothing. */
static PyObject *
block_words(PyObject *Py_UNUSED(self), PyObject *packed)
{
    const struct block *blocks;
    size_t count, size = 0;
    if (get_blocks(packed, &blocks, &count) != 0) {
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        size += blocks[i].size / sizeof(uintptr_t) * sizeof(uintptr_t);
    }
    PyObject *words = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)size);
    if (words == NULL) {
        return NULL;
    }
    char *to = PyBytes_AS_STRING(words);
    hide_all();
    for (size_t i = 0; i < count; i++) {
        size_t part = blocks[i].size / sizeof(uintptr_t) * sizeof(uintptr_t);
        memcpy(to, (const void *)blocks[i].address, part);
        to += part;
    }
    show_all();
    return words;
}

/* ignore_blocks(blocks): from now on they count as living, with all that they point to. */
static PyObject *
ignore_blocks(PyObject *Py_UNUSED(self), PyObject *packed)
{
    const struct block *blocks;
    size_t count;
    if (require_sanitizer() != 0 || get_blocks(packed, &blocks, &count) != 0) {
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        __lsan_ignore_object((const void *)blocks[i].address);
    }
    Py_RETURN_NONE;
}

/* ---- What is lost. ---- */

/* A leaked object may be half made. What we read of it to describe it is not the test's error. */
static PyObject *
report_errors(PyObject *Py_UNUSED(self), PyObject *on)
{
    if (on == Py_True) {
        VALGRIND_ENABLE_ERROR_REPORTING;
    }
    else {
        VALGRIND_DISABLE_ERROR_REPORTING;
    }
    Py_RETURN_NONE;
}

/* Whether the head of an object can be read and is initialised, without an error if not. Outside valgrind the answer is yes. */
static int
is_initialised(PyObject *object)
{
    unsigned char unknown[sizeof(PyObject)] = {0};
    unsigned answer = VALGRIND_GET_VBITS(object, unknown, sizeof(unknown));
    return answer <= 1 && memcmp(unknown, (unsigned char[sizeof(unknown)]){0}, sizeof(unknown)) == 0;
}

/* Nobody counts the references of an immortal object (3.12), such as the interned strings of an interpreter that has ended. */
static int
is_immortal(PyObject *object)
{
#if PY_VERSION_HEX >= 0x030C0000
    return _Py_IsImmortal(object);
#else
    (void)object;
    return 0;
#endif
}

/* immortal_strings(blocks): for each block one byte, 1 if it is a string that nobody will ever free. */
static PyObject *
immortal_strings(PyObject *Py_UNUSED(self), PyObject *packed)
{
    const struct block *blocks;
    size_t count;
    if (get_blocks(packed, &blocks, &count) != 0) {
        return NULL;
    }
    PyObject *answers = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)count);
    for (size_t i = 0; answers != NULL && i < count; i++) {
        PyObject *object = (PyObject *)blocks[i].address;
        PyBytes_AS_STRING(answers)[i] =
            (char)(blocks[i].size >= sizeof(PyASCIIObject) && is_initialised(object) && PyUnicode_CheckExact(object) && is_immortal(object));
    }
    return answers;
}

/* lost_object(address, size, types): (reference count, whether it is immortal, object) of the Python object in a leaked block, or None if there
   is none. `types` maps the address of each living type to the type: an object is only believed if its type is one of them, and if the type
   says that its objects begin where this one does. */
static PyObject *
lost_object(PyObject *Py_UNUSED(self), PyObject *args)
{
    unsigned long long address;
    Py_ssize_t size;
    PyObject *types;
    if (!PyArg_ParseTuple(args, "KnO!", &address, &size, &PyDict_Type, &types)) {
        return NULL;
    }
    for (Py_ssize_t header = 0; header + (Py_ssize_t)sizeof(PyObject) <= size && header <= 32; header += 16) {
        PyObject *object = (PyObject *)(uintptr_t)(address + (unsigned long long)header);
        if (!is_initialised(object)) {
            continue;
        }
        PyObject *key = PyLong_FromVoidPtr(Py_TYPE(object));
        PyObject *type = key == NULL ? NULL : PyDict_GetItemWithError(types, key);
        Py_XDECREF(key);
        if (type == NULL && PyErr_Occurred()) {
            return NULL;
        }
        /* A count of 0 is an object that was being freed: to return it would free it again. */
        if (type != NULL && (Py_ssize_t)_PyType_PreHeaderSize((PyTypeObject *)type) == header && Py_REFCNT(object) > 0) {
            return Py_BuildValue("nOO", Py_REFCNT(object), is_immortal(object) ? Py_True : Py_False, object);
        }
    }
    Py_RETURN_NONE;
}

/* The cache of the methods' names holds references to them (_PyType_Lookup in typeobject.c), of which each run of a test may leave more. */
static PyObject *
clear_method_cache(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(ignored))
{
    PyType_ClearCache();
    Py_RETURN_NONE;
}

/* ---- Free lists. An object from a free list carries the stack of whoever allocated the block first. ---- */

/* Up to 3.13 configure leaves them out (--without-freelists). From 3.14 they are always there; a negative size disables a list
   (_PyFreeList_Push in pycore_freelist.h), and a full collection empties it first. */
#if PY_VERSION_HEX >= 0x030E0000
#include <internal/pycore_freelist_state.h>
_Static_assert(sizeof(struct _Py_freelist) == 2 * sizeof(void *), "a free list is a pointer and a size");
_Static_assert((Py_ssize_t)-1 < 0 && sizeof(((struct _Py_freelist *)0)->size) == sizeof(Py_ssize_t), "the size can be negative");
_Static_assert(sizeof(struct _Py_freelists) % sizeof(struct _Py_freelist) == 0, "nothing but free lists stands in _Py_freelists");

static int
disable_free_lists(void)
{
    struct _Py_freelists *all = &PyInterpreterState_Get()->object_state.freelists;
    struct _Py_freelist *lists = (struct _Py_freelist *)all;
    int left = 0;
    PyGC_Collect();
    for (size_t i = 0; i < sizeof(*all) / sizeof(*lists); i++) {
        if (lists[i].freelist == NULL) {
            lists[i].size = -1;
        }
        left += lists[i].size >= 0;
    }
    return left == 0;
}
#elif defined(WITH_FREELISTS)
static int disable_free_lists(void) { return 0; }
#else
static int disable_free_lists(void) { return 1; }
#endif

static PyObject *
without_free_lists(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(ignored))
{
    return PyBool_FromLong(disable_free_lists());
}

/* ---- What the self-test leaks, by functions whose names must be on the stack where they allocate. ---- */

static PyObject *
leak(PyObject *Py_UNUSED(self), PyObject *object)
{
    Py_INCREF(object);
    Py_RETURN_NONE;
}

/* The three that are no objects: each returns its address, disguised, lest the number be taken for a pointer. */
__attribute__((noinline)) static PyObject *
leak_malloc(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(ignored))
{
    last_block = malloc(33);
    uintptr_t address = (uintptr_t)last_block;
    last_block = NULL;
    return PyLong_FromUnsignedLongLong(~(unsigned long long)address);
}

__attribute__((noinline)) static PyObject *
leak_pymem(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(ignored))
{
    last_block = PyMem_Malloc(34);
    uintptr_t address = (uintptr_t)last_block;
    last_block = NULL;
    return PyLong_FromUnsignedLongLong(~(unsigned long long)address);
}

/* A Py_buffer that is never released takes its exporter with it. */
__attribute__((noinline)) static PyObject *
leak_buffer(PyObject *Py_UNUSED(self), PyObject *exporter)
{
    Py_buffer *view = PyMem_Malloc(sizeof(*view));
    if (view == NULL || PyObject_GetBuffer(exporter, view, PyBUF_SIMPLE) != 0) {
        return NULL;
    }
    return PyLong_FromUnsignedLongLong(~(unsigned long long)(uintptr_t)view);
}

/* A child in a session of its own would outlive a worker that is killed. */
static PyObject *
die_with_parent(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(ignored))
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    Py_RETURN_NONE;
}

/* What a test leaves without a parent becomes this process's child, whatever session it is in, and so can be found (prctl(2)). */
static PyObject *
adopt_orphans(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(ignored))
{
    prctl(PR_SET_CHILD_SUBREAPER, 1L);
    Py_RETURN_NONE;
}

/*
 * gc.get_referrers() and gc.get_objects() leave out what is frozen, and a test that asks must see no difference. These stand in for the two until
 * one is called: then all is unfrozen and both are the module's own again. In C and without a tuple for the arguments, since
 * these would be seen: a call of a Python function shows the caller's locals to the collector (test_asyncio asserts that nothing refers to an
 * exception in one). With the signatures of those that they stand in for, which are in their docstrings (test_inspect asks for them).
 */
static PyObject *own_get_referrers, *own_get_objects;

static PyObject *
unfreeze_first(PyObject *gc, PyObject *function, PyObject *const *args, Py_ssize_t count, PyObject *names)
{
    if (PyObject_SetAttrString(gc, "get_referrers", own_get_referrers) < 0 || PyObject_SetAttrString(gc, "get_objects", own_get_objects) < 0) {
        return NULL;
    }
    PyObject *done = PyObject_CallMethod(gc, "unfreeze", NULL);
    if (done == NULL) {
        return NULL;
    }
    Py_DECREF(done);
    return PyObject_Vectorcall(function, args, (size_t)count, names);
}

static PyObject *
get_referrers(PyObject *gc, PyObject *const *args, Py_ssize_t count, PyObject *names)
{
    return unfreeze_first(gc, own_get_referrers, args, count, names);
}

static PyObject *
get_objects(PyObject *gc, PyObject *const *args, Py_ssize_t count, PyObject *names)
{
    return unfreeze_first(gc, own_get_objects, args, count, names);
}

static PyMethodDef stand_ins[] = {
    {"get_referrers", (PyCFunction)(void (*)(void))get_referrers, METH_FASTCALL | METH_KEYWORDS, NULL},
    {"get_objects", (PyCFunction)(void (*)(void))get_objects, METH_FASTCALL | METH_KEYWORDS, NULL},
};

static PyObject *
unfreeze_on_demand(PyObject *Py_UNUSED(self), PyObject *gc)
{
    PyObject **own[] = {&own_get_referrers, &own_get_objects};
    for (size_t i = 0; i < Py_ARRAY_LENGTH(stand_ins); i++) {
        *own[i] = PyObject_GetAttrString(gc, stand_ins[i].ml_name);
        if (*own[i] == NULL) {
            return NULL;
        }
        stand_ins[i].ml_doc = ((PyCFunctionObject *)*own[i])->m_ml->ml_doc;
        PyObject *stand_in = PyCFunction_NewEx(&stand_ins[i], gc, ((PyCFunctionObject *)*own[i])->m_module);
        if (stand_in == NULL || PyObject_SetAttrString(gc, stand_ins[i].ml_name, stand_in) < 0) {
            return NULL;
        }
        Py_DECREF(stand_in);
    }
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"plant_errors", plant_errors, METH_O,
     "Make one leak and one invalid read, which must both be in memcheck's report: proof that it looked."},
    {"mark", mark, METH_O, "Write text into memcheck's report, in order with the errors, or into the journal."},
    {"start_journal", start_journal, METH_O, "Have the marks of this process written to a file."},
    {"added_leaks", added_leaks, METH_VARARGS, "Write the leaks added since the last call into memcheck's report."},
    {"no_leak_check_at_exit", no_leak_check_at_exit, METH_NOARGS, "Leave out what memcheck does when a process ends."},
    {"sanitizer_leaks", sanitizer_leaks, METH_O, "Add what is lost by now to a file, in the leak sanitizer's words."},
    {"block_words", block_words, METH_O, "What stands in blocks of memory."},
    {"ignore_blocks", ignore_blocks, METH_O, "Let the leak sanitizer take these blocks for living."},
    {"immortal_strings", immortal_strings, METH_O, "Which leaked blocks are strings that nobody will ever free."},
    {"lost_object", lost_object, METH_VARARGS, "The Python object in a leaked block."},
    {"clear_method_cache", clear_method_cache, METH_NOARGS, "Give back the references to names that were looked up on types."},
    {"report_errors", report_errors, METH_O, "Switch memcheck's errors of this thread off and on."},
    {"without_free_lists", without_free_lists, METH_NOARGS, "Disable the free lists; False if this build has some that stay."},
    {"leak", leak, METH_O, "Take a reference that is never given back."},
    {"leak_malloc", leak_malloc, METH_NOARGS, "Leak a block of malloc; returns ~address."},
    {"leak_pymem", leak_pymem, METH_NOARGS, "Leak a block of PyMem_Malloc; returns ~address."},
    {"leak_buffer", leak_buffer, METH_O, "Leak a Py_buffer of this object; returns ~address."},
    {"unfreeze_on_demand", unfreeze_on_demand, METH_O, "Let the collector's questions unfreeze what is frozen, once they are asked."},
    {"adopt_orphans", adopt_orphans, METH_NOARGS, "Become the parent of descendants that lose theirs."},
    {"die_with_parent", die_with_parent, METH_NOARGS, "Be killed when the parent ends."},
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
    return PyModule_Create(&module);
}
