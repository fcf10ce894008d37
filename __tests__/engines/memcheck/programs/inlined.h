static inline __attribute__((always_inline)) void *inner(int size)
{
    return malloc(size);
}
