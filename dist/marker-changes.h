/* ---- Synchronization of changes to the table. ---- */

/* The number of threads that are allocating or freeing, and the thread that all others wait for; 0 if there is none. */
static atomic_int allocating;
static _Atomic pid_t frozen_by;

static pid_t
own_thread(void)
{
    return (pid_t)syscall(SYS_gettid);
}

/* Python's allocators may call malloc within a change: it belongs to the change, which others wait for. */
static __thread unsigned depth __attribute__((tls_model("initial-exec")));

static void
begin_change(void)
{
    if (depth++ > 0) {
        return;
    }
    for (;;) {
        atomic_fetch_add(&allocating, 1);
        if (frozen_by == 0 || frozen_by == own_thread()) {
            return;
        }
        atomic_fetch_sub(&allocating, 1);
        sched_yield();
    }
}

static void
end_change(void)
{
    if (--depth == 0) {
        atomic_fetch_sub(&allocating, 1);
    }
}

#define MAX_YIELDS 1000000

/* From now on every other thread waits before it allocates or frees. Gives up on a thread that does not finish its current call. */
static void
freeze_blocks(void)
{
    frozen_by = own_thread();
    for (int i = 0; i < MAX_YIELDS && allocating > 0; i++) {
        sched_yield();
    }
}

static void
thaw_blocks(void)
{
    frozen_by = 0;
}

/* A forked child has only one thread. */
static void
reset_in_child(void)
{
    allocating = 0;
    frozen_by = 0;
}

/* The frame of our outermost function: allocations that it makes belong to its caller. */
static __thread const void *outer_frame __attribute__((tls_model("initial-exec")));

/* Maps the table on the first call, from whichever function that is. */
static int
has_table(void)
{
    static atomic_flag is_made = ATOMIC_FLAG_INIT;
    if (table == NULL && !atomic_flag_test_and_set(&is_made)) {
        table = map_zeros(sizeof(*table));
    }
    return table != NULL;
}
