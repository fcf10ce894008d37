/* ---- Whether memory can be read. ---- */

/* Defined if marker.c is preloaded. */
__attribute__((weak)) int cpython_memcheck_has_block(uintptr_t address);

/* Whether an object's head can be read and is initialized, without causing an error. Outside valgrind the answer is yes. */
static int
is_initialised(PyObject *object)
{
    unsigned char unknown[sizeof(PyObject)] = {0};
    unsigned answer = VALGRIND_GET_VBITS(object, unknown, sizeof(unknown));
    return answer <= 1 && memcmp(unknown, (unsigned char[sizeof(unknown)]){0}, sizeof(unknown)) == 0;
}

/* Whether the object is in a live block. Without valgrind and marker the answer is yes. */
static inline int
is_in_use(PyObject *object)
{
    return is_initialised(object) && (cpython_memcheck_has_block == NULL || cpython_memcheck_has_block((uintptr_t)object));
}
