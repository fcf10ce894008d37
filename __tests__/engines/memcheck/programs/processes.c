/* Two children: one ends by itself, one becomes another program, which memcheck does not follow. */
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include <valgrind/valgrind.h>

int main(void)
{
    malloc(10);
    if (fork() == 0) {
        VALGRIND_PRINTF("child\n");
        _exit(0);
    }
    wait(NULL);
    if (fork() == 0) {
        execl("/bin/true", "true", NULL);
        _exit(1);
    }
    wait(NULL);
    VALGRIND_PRINTF("parent\n");
    return 0;
}
