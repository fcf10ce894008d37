/* ---- Blocks that each run of the same tests leaves behind. ----

   Uses CPython's allocators (PyMem_SetAllocator), so that each stack begins with frames that have frame pointers: the leak sanitizer's
   hooks are called from its runtime, which has none, and gcc 12's runtime calls no hook for realloc(). Direct allocations of other
   libraries are not seen. */

static PyMemAllocatorEx growth_under[3];

static const PyMemAllocatorDomain growth_domains[3] = {PYMEM_DOMAIN_RAW, PYMEM_DOMAIN_MEM, PYMEM_DOMAIN_OBJ};

static void *
growth_malloc(void *under, size_t size)
{
    PyMemAllocatorEx *allocator = under;
    void *block = allocator->malloc(allocator->ctx, size);
    record_block(block, size, __builtin_frame_address(0));
    return block;
}

static void *
growth_calloc(void *under, size_t count, size_t size)
{
    PyMemAllocatorEx *allocator = under;
    void *block = allocator->calloc(allocator->ctx, count, size);
    record_block(block, count * size, __builtin_frame_address(0));
    return block;
}

static void *
growth_realloc(void *under, void *old, size_t size)
{
    PyMemAllocatorEx *allocator = under;
    void *block = allocator->realloc(allocator->ctx, old, size);
    if (block != NULL) {
        forget_block(old);
        record_block(block, size, __builtin_frame_address(0));
    }
    return block;
}

static void
growth_free(void *under, void *block)
{
    PyMemAllocatorEx *allocator = under;
    forget_block(block);
    allocator->free(allocator->ctx, block);
}

/* watch_growth(): from now on blocks are recorded by round, and removed when they are freed. */
static PyObject *
watch_growth(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(ignored))
{
    if (map_survivors() != 0) {
        return PyErr_NoMemory();
    }
    for (size_t i = 0; i < Py_ARRAY_LENGTH(growth_domains); i++) {
        PyMem_GetAllocator(growth_domains[i], &growth_under[i]);
        PyMemAllocatorEx own = {&growth_under[i], growth_malloc, growth_calloc, growth_realloc, growth_free};
        PyMem_SetAllocator(growth_domains[i], &own);
    }
    Py_RETURN_NONE;
}

/* growth_round(number): from now on allocations belong to that round; with 0 to none. */
static PyObject *
growth_round(PyObject *Py_UNUSED(self), PyObject *number)
{
    unsigned long round = PyLong_AsUnsignedLong(number);
    if (PyErr_Occurred()) {
        return NULL;
    }
    survivor_round = (uint32_t)round;
    Py_RETURN_NONE;
}

/* survivors(): packed words, four for each living block that was allocated in a round: address, size, stack, round; None where the tables
   were full. */
static PyObject *
get_survivors(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(ignored))
{
    if (survivors == NULL || survivors_overflowed) {
        Py_RETURN_NONE;
    }
    uint32_t round = survivor_round;
    survivor_round = 0;
    PyObject *packed = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)(survivor_count * 4 * sizeof(uint64_t)));
    if (packed != NULL) {
        uint64_t *to = (uint64_t *)PyBytes_AS_STRING(packed);
        size_t left = survivor_count;
        for (uint32_t i = 0; i < SURVIVOR_SLOTS && left > 0; i++) {
            if (survivors[i].address != 0) {
                *to++ = survivors[i].address;
                *to++ = survivors[i].size;
                *to++ = survivors[i].stack;
                *to++ = survivors[i].round;
                left--;
            }
        }
    }
    survivor_round = round;
    return packed;
}

/* survivor_stack(number): pairs of an object file and an offset in it, in the leak sanitizer's format, innermost first. */
static PyObject *
get_survivor_stack(PyObject *Py_UNUSED(self), PyObject *number)
{
    unsigned long index = PyLong_AsUnsignedLong(number);
    if (PyErr_Occurred()) {
        return NULL;
    }
    char self[PATH_MAX] = "";
    ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);
    self[length < 0 ? 0 : length] = '\0';
    PyObject *frames = PyList_New(0);
    for (uint32_t i = 0; frames != NULL && index < SURVIVOR_STACKS && i < survivor_stacks[index].count; i++) {
        struct frame_place place = place_of_frame(survivor_stacks[index].frames[i], self);
        PyObject *pair = Py_BuildValue("(zn)", place.object, (Py_ssize_t)place.offset);
        if (pair == NULL || PyList_Append(frames, pair) != 0) {
            Py_CLEAR(frames);
        }
        Py_XDECREF(pair);
    }
    return frames;
}

/* string_keys(dict): the keys of a dict that has only strings, which the collector does not visit. Keys that instances share belong to
   their class. */
static PyObject *
get_string_keys(PyObject *Py_UNUSED(self), PyObject *dict)
{
    int is_own = PyDict_Check(dict) && ((PyDictObject *)dict)->ma_values == NULL && DK_IS_UNICODE(((PyDictObject *)dict)->ma_keys);
    return is_own ? PyDict_Keys(dict) : PyList_New(0);
}
