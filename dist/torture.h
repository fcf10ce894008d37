/* ---- Failing allocations: Python functions for torture.c, which is preloaded. ---- */

#include "torture-calls.h"

/* torture_set(kind, ranges): `ranges` are pairs of words, start and end, sorted. */
static PyObject *
torture_set(PyObject *Py_UNUSED(self), PyObject *args)
{
    int kind;
    const char *ranges;
    Py_ssize_t size;
    if (!PyArg_ParseTuple(args, "iy#", &kind, &ranges, &size)) {
        return NULL;
    }
    if (cpython_memcheck_torture_set == NULL || kind < 0 || kind >= TORTURE_KINDS_OF_RANGES) {
        PyErr_SetString(PyExc_RuntimeError, "torture.c is not preloaded");
        return NULL;
    }
    const struct torture_range *first = (const struct torture_range *)ranges;
    errno = cpython_memcheck_torture_set((enum torture_ranges)kind, first, (size_t)size / sizeof(*first));
    if (errno != 0) {
        return PyErr_SetFromErrno(PyExc_OSError);
    }
    Py_RETURN_NONE;
}

/* torture_count(call): calls it and returns its result. torture_seen() then gives the sites at which it allocated. */
static PyObject *
torture_count(PyObject *Py_UNUSED(self), PyObject *call)
{
    cpython_memcheck_torture_count();
    PyObject *result = PyObject_CallNoArgs(call);
    cpython_memcheck_torture_stop();
    return result;
}

/* torture_turn(number): the injection of that number begins. */
static PyObject *
torture_turn(PyObject *Py_UNUSED(self), PyObject *number)
{
    unsigned long turn = PyLong_AsUnsignedLong(number);
    if (turn == (unsigned long)-1 && PyErr_Occurred()) {
        return NULL;
    }
    cpython_memcheck_torture_turn((uint32_t)turn);
    Py_RETURN_NONE;
}

/* torture_fail(call, site, from then on): calls it and returns its result, while allocations fail. */
static PyObject *
torture_fail(PyObject *Py_UNUSED(self), PyObject *args)
{
    PyObject *call;
    unsigned site;
    int from_then_on;
    if (!PyArg_ParseTuple(args, "OIp", &call, &site, &from_then_on)) {
        return NULL;
    }
    cpython_memcheck_torture_fail(site, from_then_on ? TORTURE_FROM_THEN_ON : TORTURE_ONCE);
    PyObject *result = PyObject_CallNoArgs(call);
    cpython_memcheck_torture_stop();
    return result;
}

/* torture_seen(): the numbers of sites, as 32-bit words. */
static PyObject *
torture_seen(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(ignored))
{
    const uint32_t *sites;
    size_t count = cpython_memcheck_torture_seen(&sites);
    return PyBytes_FromStringAndSize((const char *)sites, (Py_ssize_t)(count * sizeof(*sites)));
}

static PyObject *
pack_frames(const uintptr_t *frames, size_t count)
{
    return PyBytes_FromStringAndSize((const char *)frames, (Py_ssize_t)(count * sizeof(*frames)));
}

static PyObject *
torture_site(PyObject *Py_UNUSED(self), PyObject *number)
{
    unsigned long site = PyLong_AsUnsignedLong(number);
    if (site == (unsigned long)-1 && PyErr_Occurred()) {
        return NULL;
    }
    const uintptr_t *frames = cpython_memcheck_torture_site((uint32_t)site);
    if (frames == NULL) {
        PyErr_SetString(PyExc_IndexError, "no such site");
        return NULL;
    }
    size_t count = 0;
    while (count < TORTURE_SITE_FRAMES && frames[count] != 0) {
        count++;
    }
    return pack_frames(frames, count);
}

/* torture_begin(): from now on allocations of this process are tagged, and its crash is recorded. */
static PyObject *
torture_begin(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(ignored))
{
    cpython_memcheck_torture_tag();
    cpython_memcheck_torture_watch_crashes();
    Py_RETURN_NONE;
}

#define STALE_STACK (256 * 1024)

/* Stale pointers of returned calls would remain on the stack, where the leak sanitizer would find them. */
__attribute__((noinline)) static void
clear_stale_stack(void)
{
    volatile char below[STALE_STACK];
    for (size_t i = 0; i < sizeof(below); i++) {
        below[i] = 0;
    }
}

static PyObject *
torture_clear_stack(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(ignored))
{
    clear_stale_stack();
    Py_RETURN_NONE;
}

/* torture_tags(addresses): for each block, as a word, the injection in which it was allocated; 0 for none. */
static PyObject *
torture_tags(PyObject *Py_UNUSED(self), PyObject *packed)
{
    char *bytes;
    Py_ssize_t size;
    if (PyBytes_AsStringAndSize(packed, &bytes, &size) != 0) {
        return NULL;
    }
    Py_ssize_t count = size / (Py_ssize_t)sizeof(uintptr_t);
    PyObject *tags = PyBytes_FromStringAndSize(NULL, count * (Py_ssize_t)sizeof(uint32_t));
    for (Py_ssize_t i = 0; tags != NULL && i < count; i++) {
        ((uint32_t *)PyBytes_AS_STRING(tags))[i] = cpython_memcheck_torture_tag_of(((const uintptr_t *)bytes)[i]);
    }
    return tags;
}

/* torture_progress(): (number of the injection, allocations that failed in it, signal, stack of the first, stack of the crash), also of a
   child. */
static PyObject *
torture_progress(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(ignored))
{
    const struct torture_progress *now = cpython_memcheck_torture_progress();
    return Py_BuildValue(
        "IIINN", now->number, now->failures, now->signal, pack_frames(now->failed, now->failed_frames),
        pack_frames(now->crash, now->crash_frames)
    );
}
