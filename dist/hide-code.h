/* ---- Hiding what bytecode remembers. ----

   An instruction that has found the same attribute on the same class several times keeps the attribute's address in the bytecode after it
   (inline caches, _PyLoadMethodCache in pycore_code.h), and owns nothing. A function that has been called like that would seem alive for as
   long as the code of its caller, and with it the class to which it belongs, if it uses super().

   Code is not in the collector's lists: the functions are, and constants of their code are the code of other functions. */

/* Where objects are. Only few instructions look like an address in there, and pages of a forked process are shared until they are written
   to. */
static uintptr_t lowest_object, highest_object;

/* Also of an address that is inverted. */
static int
may_be_address(uintptr_t word)
{
    return word % 8 == 0 ? word >= lowest_object && word <= highest_object
                         : ~word % 8 == 0 && ~word >= lowest_object && ~word <= highest_object;
}

static void
find_objects_of_list(PyGC_Head *list)
{
    for (PyGC_Head *head = (PyGC_Head *)(list->_gc_next & ~LINK_FLAGS); head != list; head = (PyGC_Head *)(head->_gc_next & ~LINK_FLAGS)) {
        uintptr_t object = (uintptr_t)head;
        lowest_object = object < lowest_object ? object : lowest_object;
        highest_object = object > highest_object ? object : highest_object;
    }
}

struct words {
    uintptr_t *start, *end;
};

/* Of the leak sanitizer and memcheck, which look at whole words only. */
static struct words
words_of_code(PyCodeObject *code)
{
    uintptr_t start = (uintptr_t)code->co_code_adaptive, end = start + (uintptr_t)Py_SIZE(code) * sizeof(_Py_CODEUNIT);
    return (struct words){(uintptr_t *)((start + 7) & ~(uintptr_t)7), (uintptr_t *)(end & ~(uintptr_t)7)};
}

static int
has_addresses(PyCodeObject *code)
{
    struct words words = words_of_code(code);
    for (const uintptr_t *word = words.start; word < words.end; word++) {
        if (may_be_address(*word)) {
            return 1;
        }
    }
    return 0;
}

static void
invert_addresses(PyCodeObject *code)
{
    struct words words = words_of_code(code);
    for (uintptr_t *word = words.start; word < words.end; word++) {
        if (may_be_address(*word)) {
            invert(word);
        }
    }
}

#define CODE_SLOTS ((size_t)1 << 18)

/* A hash table of code that has addresses, mapped during a check. Inverted, since memcheck would treat them as references; 0: none. */
static uintptr_t *codes;
static size_t code_count;

/* Several functions may have the same code. */
static void
add_code(PyCodeObject *code)
{
    size_t slot = ((uintptr_t)code >> 4) * 0x9E3779B97F4A7C15u >> 46;
    while (codes[slot] != 0 && codes[slot] != ~(uintptr_t)code) {
        slot = (slot + 1) % CODE_SLOTS;
    }
    if (codes[slot] == 0 && code_count < CODE_SLOTS / 4 * 3) {
        codes[slot] = ~(uintptr_t)code;
        code_count++;
    }
}

/* Of functions in functions. */
#define MAX_NESTED 20

static void
note_code(PyCodeObject *code, int depth)
{
    if (has_addresses(code)) {
        add_code(code);
    }
    for (Py_ssize_t i = 0; depth < MAX_NESTED && i < PyTuple_GET_SIZE(code->co_consts); i++) {
        PyObject *constant = PyTuple_GET_ITEM(code->co_consts, i);
        if (PyCode_Check(constant)) {
            note_code((PyCodeObject *)constant, depth + 1);
        }
    }
}

static void
note_code_of_list(PyGC_Head *list)
{
    for (PyGC_Head *head = (PyGC_Head *)(list->_gc_next & ~LINK_FLAGS); head != list; head = (PyGC_Head *)(head->_gc_next & ~LINK_FLAGS)) {
        PyFunctionObject *function = (PyFunctionObject *)(head + 1);
        if (PyFunction_Check(function) && function->func_code != NULL) {
            note_code((PyCodeObject *)function->func_code, 0);
        }
    }
}

static void
for_each_list(void (*act)(PyGC_Head *))
{
    for (PyInterpreterState *interp = PyInterpreterState_Head(); interp != NULL; interp = PyInterpreterState_Next(interp)) {
        PyGC_Head *generations[] = GENERATIONS(&interp->gc);
        for (size_t i = 0; i < Py_ARRAY_LENGTH(generations); i++) {
            act(generations[i]);
        }
    }
}

static void
invert_all_code(void)
{
    for (size_t slot = 0; code_count > 0 && slot < CODE_SLOTS; slot++) {
        if (codes[slot] != 0) {
            invert_addresses((PyCodeObject *)~codes[slot]);
        }
    }
}

static void
hide_code(void)
{
    void *mapped = mmap(NULL, CODE_SLOTS * sizeof(*codes), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    codes = mapped == MAP_FAILED ? NULL : mapped;
    code_count = 0;
    lowest_object = UINTPTR_MAX;
    highest_object = 0;
    /* Interpreters may share the code of built-in modules (3.12): none of them may be running. */
    if (codes != NULL && running_count == 0) {
        for_each_list(find_objects_of_list);
        /* Others may be somewhat beyond these. */
        lowest_object -= lowest_object >> 8;
        highest_object += highest_object >> 8;
        for_each_list(note_code_of_list);
        invert_all_code();
    }
}

static void
show_code(void)
{
    if (codes != NULL) {
        invert_all_code();
        munmap(codes, CODE_SLOTS * sizeof(*codes));
        codes = NULL;
    }
}
