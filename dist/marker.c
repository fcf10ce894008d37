/* Preloaded into the checked interpreter: knows every living block, of malloc and of Python's own allocators, and finds those that nothing
   leads to any more. For free-threaded builds, whose only allocator is mimalloc: the leak sanitizer's runtime sees malloc alone.

   Every word of memory that could be a pointer counts as one (a conservative marker). What Python objects point to without owning it is
   hidden by the probe meanwhile (hide.h). */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <link.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>
#include <unwind.h>

#include "frames.h"
#include "unwind.h"
#include "marker-table.h"
#include "marker-changes.h"
#include "marker-libc.h"
#include "marker-python.h"
#include "marker-roots.h"
#include "marker-lost.h"
#include "marker-find.h"
#include "marker-report.h"
