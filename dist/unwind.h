/* ---- Stacks of an interpreter without frame pointers, unwound by exception tables, which takes much longer. ---- */

#define MAX_UNWOUND 16

static int has_no_frame_pointers;

struct unwinding {
    uintptr_t own_frame;
    uintptr_t *frames;
    uint32_t count;
};

/* Skips our own functions, which are called by the frame that the stack should start after. */
static _Unwind_Reason_Code
take_frame(struct _Unwind_Context *context, void *to)
{
    struct unwinding *unwinding = to;
    uintptr_t caller = (uintptr_t)_Unwind_GetIP(context);
    if (caller == 0 || unwinding->count == MAX_UNWOUND) {
        return _URC_END_OF_STACK;
    }
    if ((uintptr_t)_Unwind_GetCFA(context) >= unwinding->own_frame + 2 * sizeof(uintptr_t)) {
        unwinding->frames[unwinding->count++] = caller;
    }
    return _URC_NO_REASON;
}

static uint32_t
find_frames(const void *frame, uintptr_t *frames)
{
    /* The unwinder may allocate. Prevents recursion. */
    static __thread int is_unwinding __attribute__((tls_model("initial-exec")));
    if (!has_no_frame_pointers) {
        return walk_frames(frame, frames);
    }
    struct unwinding unwinding = {(uintptr_t)frame, frames, 0};
    if (!is_unwinding) {
        is_unwinding = 1;
        (void)_Unwind_Backtrace(take_frame, &unwinding);
        is_unwinding = 0;
    }
    return unwinding.count;
}
