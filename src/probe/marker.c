/* Preloaded into the checked interpreter: records every live block of malloc and of Python's allocators, and finds those that are no longer
   reachable. For free-threaded builds, whose objects always come from mimalloc: the leak sanitizer's runtime sees only malloc.

   Every word of memory that could be a pointer counts as one (conservative marking). During a check, the probe hides pointers that own
   nothing (hide.h). */
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
