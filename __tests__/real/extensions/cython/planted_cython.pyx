# cython: language_level=3
"""leak() loses an object and a block; keep() caches what it makes."""

from cpython.ref cimport Py_INCREF
from cpython.mem cimport PyMem_Malloc

cdef object cache = None


cdef class Owner:
    cdef void *block
    cdef list items

    def __cinit__(self):
        self.block = NULL
        self.items = []

    def lose_block(self):
        self.block = PyMem_Malloc(100)
        self.block = NULL

    def lose_object(self):
        item = {"number": len(self.items)}
        Py_INCREF(item)


def leak():
    owner = Owner()
    owner.lose_block()
    owner.lose_object()


def keep():
    global cache
    if cache is None:
        cache = [Owner(), {}]
    return [cache]
