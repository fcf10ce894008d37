/* ---- Whether memory can be read. ---- */

/* Of marker.c, where that is preloaded. */
__attribute__((weak)) int cpython_memcheck_has_block(uintptr_t address);

/* Whether the head of an object can be read and is initialised, without an error if not. Outside valgrind the answer is yes. */
static int
is_initialised(PyObject *object)
{
    unsigned char unknown[sizeof(PyObject)] = {0};
    unsigned answer = VALGRIND_GET_VBITS(object, unknown, sizeof(unknown));
    return answer <= 1 && memcmp(unknown, (unsigned char[sizeof(unknown)]){0}, sizeof(unknown)) == 0;
}

/* Whether this is in a block that is in use, as far as somebody knows it. */
static inline int
is_in_use(PyObject *object)
{
    return is_initialised(object) && (cpython_memcheck_has_block == NULL || cpython_memcheck_has_block((uintptr_t)object));
}
