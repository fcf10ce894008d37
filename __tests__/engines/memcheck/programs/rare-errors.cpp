/* One error of each kind that few programs make, in this order. Valgrind 3.22 and newer know those from `align_oddly` on. */
#include <cstdlib>
#include <malloc.h>
#include <new>
#include <sys/msg.h>
#include <valgrind/memcheck.h>

static volatile size_t negative = static_cast<size_t>(-1);
static volatile size_t nothing = 0;
static volatile size_t odd = 3;
static void *volatile block;

/* Without mangled names: what a suppression makes of those is not the point here. */
extern "C" {

static void allocate_negative()
{
    block = malloc(negative);
}

static void check_garbage()
{
    block = malloc(1);
    (void)VALGRIND_CHECK_MEM_IS_DEFINED(block, 1);
    free(block);
}

static void use_unknown_pool()
{
    int pool;
    VALGRIND_MEMPOOL_FREE(&pool, &pool);
}

static void reallocate_to_nothing()
{
    block = realloc(malloc(1), nothing);
}

static void set_queue_from_nowhere()
{
    msgctl(0, IPC_SET, reinterpret_cast<struct msqid_ds *>(16));
}

static void align_oddly()
{
    block = memalign(odd, 8);
}

static void align_nothing()
{
    block = memalign(16, nothing);
}

static void delete_other_size()
{
    block = operator new(8);
    operator delete(block, sizeof(int));
}

static void delete_other_alignment()
{
    block = operator new(64, std::align_val_t(64));
    operator delete(block, std::align_val_t(32));
}
}

int main()
{
    allocate_negative();
    check_garbage();
    use_unknown_pool();
    reallocate_to_nothing();
    set_queue_from_nowhere();
    align_oddly();
    align_nothing();
    delete_other_size();
    delete_other_alignment();
    return 0;
}
