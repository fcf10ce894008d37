/* Leaks from a function that is inlined, as is its caller: three frames with one address. */
#include <stdlib.h>
#include "inlined.h"

static void *volatile sink;

static inline __attribute__((always_inline)) void *middle(int size)
{
    return inner(size);
}

static __attribute__((noinline)) void leak(void)
{
    sink = middle(3);
    sink = NULL;
}

static __attribute__((noinline)) void recurse(int depth)
{
    if (depth > 0)
        recurse(depth - 1);
    else
        leak();
    sink = NULL;
}

int main(void)
{
    recurse(2);
    return 0;
}
