/* One question to the compiler, asked by layout.ts: do these headers have QUESTION? */
#include "cpython.h"

size_t answer = sizeof(QUESTION);
