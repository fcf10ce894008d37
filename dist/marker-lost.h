/* ---- The list of lost blocks. ---- */

/* is_owned: whether another lost block points to this one. */
struct lost {
    uint32_t stack;
    uint32_t is_owned;
    uintptr_t block;
    size_t size;
};

static struct lost *lost;
static size_t lost_count, lost_room;

/* The lost block around an address. The list must be sorted by address. */
static struct lost *
lost_around(uintptr_t address)
{
    size_t low = 0, high = lost_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (lost[middle].block <= address) {
            low = middle + 1;
        }
        else {
            high = middle;
        }
    }
    return low > 0 && address - lost[low - 1].block < lost[low - 1].size ? &lost[low - 1] : NULL;
}

static int
comes_before(const struct lost *one, const struct lost *other)
{
    if (one->stack != other->stack) {
        return one->stack < other->stack;
    }
    return one->is_owned != other->is_owned ? one->is_owned < other->is_owned : one->block < other->block;
}

static int
by_address(const struct lost *one, const struct lost *other)
{
    return one->block < other->block;
}

/* Shellsort, because qsort() may allocate. */
static void
sort_lost(int (*is_before)(const struct lost *, const struct lost *))
{
    size_t gap = 1;
    while (gap < lost_count / 3) {
        gap = gap * 3 + 1;
    }
    for (; gap > 0; gap /= 3) {
        for (size_t i = gap; i < lost_count; i++) {
            struct lost one = lost[i];
            size_t j = i;
            for (; j >= gap && is_before(&one, &lost[j - gap]); j -= gap) {
                lost[j] = lost[j - gap];
            }
            lost[j] = one;
        }
    }
}

/* As in the leak sanitizer, every block of a cycle is owned by another one. */
static void
find_owned(void)
{
    for (size_t i = 0; i < lost_count; i++) {
        for (uintptr_t at = lost[i].block; at + sizeof(uintptr_t) <= lost[i].block + lost[i].size; at += sizeof(uintptr_t)) {
            struct lost *target = lost_around(*(const volatile uintptr_t *)at);
            if (target != NULL && target != &lost[i]) {
                target->is_owned = 1;
            }
        }
    }
}
