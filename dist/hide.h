/* ---- Hiding pointers that own nothing. ----

   Both engines report a block as leaked if no pointer to it is left. CPython keeps pointers that own nothing, each of which would make a
   leaked object look alive. They are hidden during a check, by inverting their bits:

     pointers                                      declared in
     the collector's lists of all containers       PyGC_Head; struct _gc_runtime_state in pycore_gc.h (3.14: pycore_interp_structs.h)
     a weak reference's referent and neighbors     PyWeakReference in cpython/weakrefobject.h
     hashes, which may be addresses                PyDictKeyEntry in pycore_dict.h, setentry in cpython/setobject.h, PyWeakReference
     the versions of dicts, which look like them   PyDictObject in cpython/dictobject.h (up to 3.13)
     tracemalloc's addresses of blocks             _Py_hashtable_entry_t in pycore_hashtable.h (3.12)
     versions of functions and types               func_version_cache (3.13) and type_version_cache (3.14), same headers
     attributes that bytecode has found            co_code_adaptive in cpython/code.h: hide-code.h
     methods that bytecode calls                   struct _specialization_cache in cpython/object.h
     the method cache of an interpreter            struct type_cache in pycore_typeobject.h (3.14: pycore_interp_structs.h)
     the method cache of a type (3.16)             struct type_cache in pycore_typecache.h
     the lists of tasks (3.14)                     asyncio_tasks_head in pycore_interp_structs.h and, for each thread, in pycore_tstate.h
     unique ids of objects (free-threaded, 3.14)   _Py_unique_id_pool in pycore_uniqueid.h, for per-thread reference counts
     leftovers of popped frames and list items     PyThreadState.datastack_*, _PyStackChunk in cpython/pystate.h; PyListObject
     leftovers in the frames of generators         PyGenObject in cpython/genobject.h (3.14: pycore_interpframe_structs.h)

   A live object's owners still point to it, but into its middle, after its PyGC_Head: memcheck calls it "possibly lost", and only
   "definitely lost" counts. While pointers are hidden, nothing may allocate, free or run Python code. How all
   containers are found and how other threads are stopped depends on the build: hide-lists.h, hide-heaps.h. */

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
    invert(&ref->hash);
}

static void
show_weakref(PyWeakReference *ref)
{
    invert(&ref->wr_object);
    invert(&ref->wr_prev);
    invert(&ref->wr_next);
    invert(&ref->hash);
    PyObject **list = ref->wr_prev == NULL && ref->wr_object != Py_None ? weakref_list_of(ref->wr_object) : NULL;
    if (list != NULL && ~(uintptr_t)*list == (uintptr_t)ref) {
        invert(list);
    }
}

/* list.pop() leaves the pointer between the list's size and its allocated size. While list.sort() runs, these are 0 and -1. */
static void
clear_unused_items(PyListObject *list)
{
    Py_ssize_t unused = list->allocated - Py_SIZE(list);
    if (list->ob_item != NULL && unused > 0) {
        memset(list->ob_item + Py_SIZE(list), 0, (size_t)unused * sizeof(PyObject *));
    }
}

/* The hash of a number is its value, and a number may be an address: type.__subclasses__ is a dict of id(class) (add_subclass in
   typeobject.c), the memo of a copy another. A class may also say that the id of an instance is its hash, which then stands in each weak
   reference and in what has it for a key. A dict's version counts all changes of dicts in steps of 256 (3.12) or 4096 (3.13), and soon is
   an address of valgrind's heap, which begins low: the larger a leaked block, the more of the versions lead into it. */
static void
invert_numbers(PyDictObject *dict)
{
#if HAS_DICT_VERSION
    invert(&dict->ma_version_tag);
#endif
    PyDictKeysObject *keys = dict->ma_keys;
    if (DK_IS_UNICODE(keys)) {
        return;
    }
    PyDictKeyEntry *entries = DK_ENTRIES(keys);
    for (Py_ssize_t i = 0; i < keys->dk_nentries; i++) {
        invert(&entries[i].me_hash);
    }
}

/* A set of ids may say which objects have been seen. A set that has grown leaves the entries of its first table as they were. */
static void
invert_numbers_of_set(PySetObject *set)
{
    if (set->table != set->smalltable) {
        memset(set->smalltable, 0, sizeof(set->smalltable));
    }
    for (Py_ssize_t i = 0; i <= set->mask; i++) {
        invert(&set->table[i].hash);
    }
}

/* Since 3.16 (gh-145685) each type has a method cache, which owns the names and borrows the values (Python/typecache.c). Types that have no
   cache yet share an empty one. */
static void
invert_type_cache(void *of_type)
{
#if HAS_TYPE_CACHES
    struct type_cache *cache = of_type;
    struct type_cache_entry *entries = cache == NULL ? NULL : cache->hashtable;
    for (size_t i = 0; entries != NULL && i <= cache->mask; i++) {
        if (entries[i].value != NULL) {
            invert(&entries[i].value);
        }
    }
#else
    (void)of_type;
#endif
}

/* Methods of a class that specialized bytecode calls. Some stay there when the class gets another one: its __getitem__ (3.11), and its
   __init__ (3.13). */
static void
invert_specialized(PyTypeObject *type)
{
    if (PyType_HasFeature(type, Py_TPFLAGS_HEAPTYPE)) {
        struct _specialization_cache *cache = &((PyHeapTypeObject *)type)->_spec_cache;
        invert(&cache->getitem);
#if HAS_INIT_CACHE
        invert(&cache->init);
#endif
    }
}

#if HAS_TYPE_CACHES
#  define TYPE_CACHE(type) ((PyTypeObject *)(type))->_tp_cache
#else
#  define TYPE_CACHE(type) NULL
#endif

static int
has_frame(PyObject *object)
{
    return PyGen_CheckExact(object) || PyCoro_CheckExact(object) || PyAsyncGen_CheckExact(object);
}

#if HAS_FRAME_CODE
#  define CODE_OF_FRAME(frame) ((frame)->f_code)
#else
#  define CODE_OF_FRAME(frame) _PyFrame_GetCode(frame)
#endif

/* A frame's values are its locals and its stack. What is popped from the stack stays there, and so do all values when the frame is done. */
static void
clear_popped_values(PyGenObject *generator)
{
    int is_cleared = generator->gi_frame_state == FRAME_CLEARED;
    /* A frame is marked as cleared before its values are released, and before it is set up: another thread may be about to do either. */
    if (generator->gi_frame_state == FRAME_EXECUTING || (is_cleared && has_others)) {
        return;
    }
    struct _PyInterpreterFrame *frame = (void *)&generator->gi_iframe;
    PyCodeObject *code = CODE_OF_FRAME(frame);
    uintptr_t *values = (uintptr_t *)frame->localsplus, *end = values + code->co_nlocalsplus + code->co_stacksize;
#if HAS_STACK_POINTER
    uintptr_t *top = (uintptr_t *)frame->stackpointer;
#else
    uintptr_t *top = values + frame->stacktop;
#endif
    if (is_cleared) {
        top = values;
    }
    if (top >= values && top < end) {
        memset(top, 0, (size_t)((char *)end - (char *)top));
    }
}

/* Since 3.15, a frozendict is laid out like a dict. */
#ifdef PyAnyDict_Check
#  define IS_DICT(object) PyAnyDict_Check(object)
#else
#  define IS_DICT(object) PyDict_Check(object)
#endif

static void
hide_object(PyObject *object)
{
    if (IS_DICT(object)) {
        invert_numbers((PyDictObject *)object);
    }
    else if (PyAnySet_Check(object)) {
        invert_numbers_of_set((PySetObject *)object);
    }
    else if (PyList_Check(object)) {
        clear_unused_items((PyListObject *)object);
    }
    else if (has_frame(object)) {
        clear_popped_values((PyGenObject *)object);
    }
    else if (PyType_Check(object)) {
        invert_type_cache(TYPE_CACHE(object));
        invert_specialized((PyTypeObject *)object);
    }
    else if (PyWeakref_Check(object)) {
        hide_weakref((PyWeakReference *)object);
    }
}

static void
show_object(PyObject *object)
{
    if (IS_DICT(object)) {
        invert_numbers((PyDictObject *)object);
    }
    else if (PyAnySet_Check(object)) {
        invert_numbers_of_set((PySetObject *)object);
    }
    else if (PyType_Check(object)) {
        invert_type_cache(TYPE_CACHE(object));
        invert_specialized((PyTypeObject *)object);
    }
    else if (PyWeakref_Check(object)) {
        show_weakref((PyWeakReference *)object);
    }
}

#if HAS_FUNCTION_VERSION_CACHE || HAS_TYPE_VERSION_CACHE || HAS_UNIQUE_IDS
static void
invert_words(void *start, size_t size)
{
    uintptr_t *words = start;
    for (size_t i = 0; i < size / sizeof(*words); i++) {
        invert(&words[i]);
    }
}
#endif

#if HAS_TASK_LISTS
/* The links are in the tasks that are not done, and own none. In one that is hidden, the highest bit is set. A thread that starts meanwhile
   brings an empty list. */
static void
invert_links(struct llist_node *head)
{
    struct llist_node *node = head;
    if (head->next == head) {
        return;
    }
    do {
        struct llist_node *next = node->next;
        invert(&node->next);
        invert(&node->prev);
        node = (intptr_t)next < 0 ? (struct llist_node *)~(uintptr_t)next : next;
    } while (node != head);
}
#endif

#if HAS_METHOD_CACHE
#  define METHOD_CACHE(interp) (interp)->types.type_cache.hashtable
#elif HAS_FIRST_METHOD_CACHE
#  define METHOD_CACHE(interp) (interp)->type_cache.hashtable
#endif

/* Tables and lists of borrowed references. */
static void
invert_tables(PyInterpreterState *interp)
{
    (void)interp;
#if HAS_FUNCTION_VERSION_CACHE
    invert_words(interp->func_state.func_version_cache, sizeof(interp->func_state.func_version_cache));
#endif
#if HAS_TYPE_VERSION_CACHE
    invert_words(interp->types.type_version_cache, sizeof(interp->types.type_version_cache));
#endif
#ifdef METHOD_CACHE
    /* PyType_ClearCache() would empty that of our own interpreter only. */
    for (size_t i = 0; i < Py_ARRAY_LENGTH(METHOD_CACHE(interp)); i++) {
        invert(&METHOD_CACHE(interp)[i].value);
    }
#endif
#if HAS_UNIQUE_IDS
    struct _Py_unique_id_pool *ids = &interp->unique_ids;
    invert_words(ids->table, (size_t)ids->size * sizeof(*ids->table));
#endif
#if HAS_TASK_LISTS
    invert_links(&interp->asyncio_tasks_head);
    for (PyThreadState *t = interp->threads.head; t != NULL; t = t->next) {
        invert_links(&((_PyThreadStateImpl *)t)->asyncio_tasks_head);
    }
#endif
#if HAS_TYPE_CACHES
    /* The collector does not track static types: their caches belong to the interpreter. */
    for (size_t i = 0; i < interp->types.builtins.num_initialized; i++) {
        invert_type_cache(interp->types.builtins.initialized[i]._tp_cache);
    }
    for (size_t i = 0; i < Py_ARRAY_LENGTH(interp->types.for_extensions.initialized); i++) {
        invert_type_cache(interp->types.for_extensions.initialized[i]._tp_cache);
    }
#endif
}

#if HAS_TRACE_TABLE
static void
invert_traces(_Py_hashtable_t *traces)
{
    for (size_t i = 0; traces != NULL && i < traces->nbuckets; i++) {
        for (_Py_slist_item_t *item = traces->buckets[i].head; item != NULL; item = item->next) {
            invert(&((_Py_hashtable_entry_t *)item)->key);
        }
    }
}
#endif

/* tracemalloc (-X tracemalloc) stores the address of every block, so nothing would ever be lost. 3.11 keeps its table in a static variable
   of _tracemalloc.c, out of our reach: `python-stacks` is refused there. */
static void
invert_traced_addresses(void)
{
#if HAS_TRACE_TABLE
    /* Libraries that trace their own blocks, such as NumPy, have a domain, and each domain a table. */
    _Py_hashtable_t *domains = _PyRuntime.tracemalloc.domains;
    invert_traces(_PyRuntime.tracemalloc.traces);
    for (size_t i = 0; domains != NULL && i < domains->nbuckets; i++) {
        for (_Py_slist_item_t *item = domains->buckets[i].head; item != NULL; item = item->next) {
            invert_traces(((_Py_hashtable_entry_t *)item)->value);
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

static void
clear_popped_frames_of(PyInterpreterState *interp)
{
    /* PyThreadState_Next() would wait for a lock that may be held while the world is stopped. */
    for (PyThreadState *t = interp->threads.head; t != NULL; t = t->next) {
        clear_popped_frames(t);
    }
}
