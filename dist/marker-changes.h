/* ---- Changes of the table, and who waits for whom. ---- */

/* Threads that allocate or release, and the one for which all others wait; 0 for none. */
static atomic_int allocating;
static _Atomic pid_t frozen_by;

static pid_t
own_thread(void)
{
    return (pid_t)syscall(SYS_gettid);
}

static void
begin_change(void)
{
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
    atomic_fetch_sub(&allocating, 1);
}

#define PATIENCE 1000000

/* From now on every other thread waits when it wants to allocate or to release something. One that takes long is not waited for. */
static void
freeze_blocks(void)
{
    frozen_by = own_thread();
    for (int i = 0; i < PATIENCE && allocating > 0; i++) {
        sched_yield();
    }
}

static void
thaw_blocks(void)
{
    frozen_by = 0;
}

/* Only one thread lives on in a forked child. */
static void
start_child(void)
{
    allocating = 0;
    frozen_by = 0;
}

/* The frame of the outermost of our functions: what it calls allocates for its caller. */
static __thread const void *outer_frame __attribute__((tls_model("initial-exec")));

/* Whatever is called first. */
static int
has_table(void)
{
    static atomic_flag is_made = ATOMIC_FLAG_INIT;
    if (table == NULL && !atomic_flag_test_and_set(&is_made)) {
        table = map_zeros(sizeof(*table));
    }
    return table != NULL;
}
