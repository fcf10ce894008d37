/* ---- Whether memory can be read. ---- */

/* Whether the head of an object can be read and is initialised, without an error if not. Outside valgrind the answer is yes. */
static int
is_initialised(PyObject *object)
{
    unsigned char unknown[sizeof(PyObject)] = {0};
    unsigned answer = VALGRIND_GET_VBITS(object, unknown, sizeof(unknown));
    return answer <= 1 && memcmp(unknown, (unsigned char[sizeof(unknown)]){0}, sizeof(unknown)) == 0;
}
